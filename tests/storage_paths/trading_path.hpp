#pragma once

#include <cstdint>
#include <string>

namespace vt {

/// Trades a seeded market on paper, keeping every step of it, until so many are kept. Prints each that is.
void run_trading(const std::string& database, std::uint64_t steps);

/// What was kept is what the same trading left behind `kept` steps, or one more; and trading goes on from it: within
/// 5 s of market each position is the venue's and under its stop, within 20 s the account is reconciled to the last
/// unit.
void check_trading(const std::string& database, std::uint64_t kept);

}  // namespace vt
