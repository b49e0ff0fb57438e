#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "desk/saved_trading.hpp"
#include "engine/paper_trading.hpp"
#include "market/instrument_directory.hpp"
#include "records/trades.hpp"

#include <string>
#include <string_view>

namespace vt::runtime {

/// What a step of trading leaves to be kept: one transaction.
///   in: market: whose trades they are ("live", "demo")
[[nodiscard]] records::TradingBatch trading_rows(const engine::TradingStep& step,
                                                 const market::InstrumentDirectory& instruments,
                                                 const std::string& market);

/// What this start of the program goes on from; it is counted. Only the live market goes on: any other begins anew,
/// and what was open there is closed as abandoned; a halt holds there, too.
///   errors: as records::begin_trading
[[nodiscard]] Result<desk::SavedTrading> trading_left(records::Database& database, const std::string& market,
                                                      Timestamp now);

/// What the limits of an earlier account leave to a new one: a halt holds until somebody releases it, but for one
/// that the old account's drawdown asked for; losses begin anew.
///   in: risk::PreTrade::encode, which may be damaged: halted then. out: likewise; empty: nothing
[[nodiscard]] std::string limits_for_new_account(std::string_view limits, Timestamp now);

/// Begins the paper account of the live market anew, as if nothing had been traded: what was open is closed as
/// abandoned. The journal stays, and so does a halt. errors: as records::Database
[[nodiscard]] Result<void> reset_paper_account(records::Database& database, Timestamp now);

}  // namespace vt::runtime
