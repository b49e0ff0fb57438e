#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "desk/saved_trading.hpp"
#include "engine/paper_trading.hpp"
#include "market/instrument_directory.hpp"
#include "records/trades.hpp"

#include <string>

namespace vt::runtime {

/// What a step of trading leaves to be kept: one transaction.
///   in: market: whose trades they are ("live", "demo")
[[nodiscard]] records::TradingBatch trading_rows(const engine::TradingStep& step,
                                                 const market::InstrumentDirectory& instruments,
                                                 const std::string& market);

/// What this start of the program goes on from; it is counted. Only the live market goes on: any other begins anew,
/// and what was open there is closed as abandoned.
///   errors: as records::begin_trading
[[nodiscard]] Result<desk::SavedTrading> trading_left(records::Database& database, const std::string& market,
                                                      Timestamp now);

}  // namespace vt::runtime
