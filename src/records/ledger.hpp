#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/database.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::records {

/// What became known of a signal, as it is offered to the ledger.
struct LedgerEntry {
    std::string market;  ///< "live", "demo", "replay", "live-reconstructed"
    std::string signal;  ///< its id
    std::string entry;   ///< "raised", "target:1", "horizon:15m": a signal has one of each
    Timestamp at;        ///< when it happened; whole milliseconds
    std::string run;
    std::string instrument;  ///< path id
    std::string direction, strategy, state;
    double score = 0;
    std::string body;    ///< the whole signal as JSON (docs/formats/signals.md)
    std::string follow;  ///< what a later run goes on from; empty: nothing more will come of it
    bool operator==(const LedgerEntry&) const = default;
};

/// The ledger in which signals of a market stand that were reconstructed from its candles: a chain of its own, never
/// counted as the market's.
[[nodiscard]] std::string reconstructed_ledger(std::string_view market);
[[nodiscard]] bool is_reconstructed_ledger(std::string_view market);

/// An entry in its place. `hash` is SHA-256 over the hash before it and everything in it.
struct StoredEntry {
    std::uint64_t number = 0;  ///< in its market, counted from 1 without a gap
    LedgerEntry entry;
    std::string hash;
};

/// Adds entries behind the last of their market, those that are there already left out. Inside a transaction of the
/// caller.
///   out:    how many were added
///   errors: unavailable (another program wrote at the same time: try again), as Database
[[nodiscard]] Result<std::uint64_t> append_to_ledger(Database& database, std::span<const LedgerEntry> entries);

struct SignalQuery {
    std::string market;
    std::string instrument;  ///< empty: all
    std::string state;       ///< empty: all but placebos, which are no signals
    std::string direction;   ///< likewise
    std::string strategy;    ///< likewise
    std::size_t limit = 100;
    std::string cursor;  ///< of the page before; empty: the first page
};
struct SignalPage {
    std::vector<StoredEntry> signals;  ///< the last entry of each, the one that changed last first
    std::string cursor;                ///< of the next page; empty: this was the last
};
inline constexpr std::size_t kSignalPageMax = 1000;
/// errors: malformed (a cursor that no page gave), out_of_range (limit), as Database
[[nodiscard]] Result<SignalPage> signals_of(Database& database, const SignalQuery& query);

/// Every entry of one signal, oldest first.
[[nodiscard]] Result<std::vector<StoredEntry>> entries_of(Database& database, const std::string& market,
                                                          const std::string& signal);
/// The last entries of all signals that are still followed.
[[nodiscard]] Result<std::vector<LedgerEntry>> followed_in(Database& database, const std::string& market);

/// Which run raised a signal, whatever became of it later.
struct Raising {
    std::string signal, run, strategy;
};
/// Of all signals of a market, in the order in which they were raised. What is counted by it outlives every restart,
/// as the ledger does.
[[nodiscard]] Result<std::vector<Raising>> raisings(Database& database, const std::string& market);

/// The first `limit` entries, by market and number: what a store that is emptied into another takes next.
[[nodiscard]] Result<std::vector<LedgerEntry>> oldest_entries(Database& database, std::size_t limit);
[[nodiscard]] Result<void> remove_entries(Database& database, std::span<const LedgerEntry> entries);

struct LedgerCheck {
    std::uint64_t entries = 0;
    std::string last_hash;                   ///< of the last entry; empty: there is none
    std::optional<std::uint64_t> broken_at;  ///< number of the first entry that is not what its hash says, or missing
};
/// Reads all of a market's entries and makes their hashes anew.
[[nodiscard]] Result<LedgerCheck> check_ledger(Database& database, const std::string& market);
/// The markets that have entries.
[[nodiscard]] Result<std::vector<std::string>> ledger_markets(Database& database);

}  // namespace vt::records
