#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/database.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::records {

// What is kept of trading: the newest form of each trade and order, and named states (the account of the paper
// venue, what the risk limits have counted). Unlike scores and the ledger these rows change: the trade that is open
// and the one that ended are the same row.

/// A trade as it stood last.
struct TradeRow {
    std::string market;        ///< "live", "demo"
    std::uint64_t number = 0;  ///< counts the market's trades
    Timestamp at;              ///< of the change; whole milliseconds
    std::string instrument;    ///< path id
    std::string signal;        ///< id; empty: asked for by a person
    std::string state;         ///< "open", "closed"
    std::string body;          ///< the trade as JSON (docs/formats/trades.md)
    std::string follow;        ///< what a later run goes on from; empty: it has ended
    bool operator==(const TradeRow&) const = default;
};

/// An order as it stood last.
struct OrderRow {
    std::string market;
    std::string order;  ///< the id that the venue knows it by
    std::uint64_t trade = 0;
    Timestamp at;
    std::string instrument;
    std::string state;
    std::string body;    ///< as JSON
    std::string follow;  ///< what a later run goes on from
    bool operator==(const OrderRow&) const = default;
};

/// Something that is kept whole under a name: a later one replaces it.
struct StateRow {
    std::string market;
    std::string name;
    Timestamp at;
    std::string content;
    bool operator==(const StateRow&) const = default;
};

/// What belongs together: all of it is stored or nothing.
struct TradingBatch {
    std::vector<TradeRow> trades;
    std::vector<OrderRow> orders;
    std::vector<StateRow> states;
    [[nodiscard]] bool is_empty() const { return trades.empty() && orders.empty() && states.empty(); }
};

/// Stores a batch in a transaction of its own; what has the same key is replaced.
///   errors: as Database
[[nodiscard]] Result<void> store_trading(Database& database, const TradingBatch& batch);

/// What a later run goes on from: the trades that have not ended, and every order of those.
[[nodiscard]] Result<TradingBatch> open_trading(Database& database, const std::string& market);
/// out: absent where none was kept under the name
[[nodiscard]] Result<std::optional<std::string>> trading_state(Database& database, const std::string& market,
                                                               std::string_view name);

struct TradeQuery {
    std::string market;
    std::string instrument;  ///< empty: all
    std::string state;       ///< likewise
    std::size_t limit = 100;
    std::string cursor;  ///< of the page before; empty: the first page
};
struct TradePage {
    std::vector<TradeRow> trades;  ///< the newest first
    std::string cursor;            ///< of the next page; empty: this was the last
};
inline constexpr std::size_t kTradePageMax = 1000;
/// errors: malformed (a cursor that no page gave), out_of_range (limit), as Database
[[nodiscard]] Result<TradePage> trades_of(Database& database, const TradeQuery& query);
/// out: absent where none of that number is kept
[[nodiscard]] Result<std::optional<TradeRow>> trade_numbered(Database& database, const std::string& market,
                                                             std::uint64_t number);
/// Every order of one trade, by id.
[[nodiscard]] Result<std::vector<OrderRow>> orders_of_trade(Database& database, const std::string& market,
                                                            std::uint64_t trade);

/// What earlier runs used up of the numbers that trades and orders carry.
struct TradingStart {
    std::uint32_t boot = 1;        ///< of this start, never used before
    std::uint64_t last_trade = 0;  ///< the highest number of a trade; 0: there is none
};
/// Counts a start of the program with this market.
///   errors: corrupt (the count is damaged), as Database
[[nodiscard]] Result<TradingStart> begin_trading(Database& database, const std::string& market, Timestamp now);

}  // namespace vt::records
