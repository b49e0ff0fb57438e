#include "records/trades.hpp"

#include "base/whole_number.hpp"

#include <limits>
#include <utility>

namespace vt::records {
namespace {

constexpr std::string_view kTradeNames = "market, number, at_ms, instrument, signal, state, body, follow";
constexpr std::string_view kOrderNames = "market, id, trade, at_ms, instrument, state, body, follow";
constexpr std::string_view kBootName = "boot";

std::string trading_text(const Row& row, std::size_t i) { return optional_of<std::string>(row[i]).value_or(""); }
std::int64_t trading_number(const Row& row, std::size_t i) { return optional_of<std::int64_t>(row[i]).value_or(0); }
std::string trading_bytes(const Row& row, std::size_t i) { return optional_of<Blob>(row[i]).value_or(Blob{}).bytes; }

TradeRow trade_of(const Row& row) {
    return {.market = trading_text(row, 0),
            .number = static_cast<std::uint64_t>(trading_number(row, 1)),
            .at = from_ms(trading_number(row, 2)),
            .instrument = trading_text(row, 3),
            .signal = trading_text(row, 4),
            .state = trading_text(row, 5),
            .body = trading_text(row, 6),
            .follow = trading_bytes(row, 7)};
}

OrderRow order_of(const Row& row) {
    return {.market = trading_text(row, 0),
            .order = trading_text(row, 1),
            .trade = static_cast<std::uint64_t>(trading_number(row, 2)),
            .at = from_ms(trading_number(row, 3)),
            .instrument = trading_text(row, 4),
            .state = trading_text(row, 5),
            .body = trading_text(row, 6),
            .follow = trading_bytes(row, 7)};
}

Result<void> replace(Database& database, const TradeRow& trade) {
    const Value values[] = {trade.market,    static_cast<std::int64_t>(trade.number),
                            to_ms(trade.at), trade.instrument,
                            trade.signal,    trade.state,
                            trade.body,      Blob{trade.follow}};
    VT_TRY([[maybe_unused]] const Answer stored,
           database.ask("INSERT INTO trades (" + std::string(kTradeNames) +
                            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (market, number) DO UPDATE SET"
                            " at_ms = excluded.at_ms, instrument = excluded.instrument, signal = excluded.signal,"
                            " state = excluded.state, body = excluded.body, follow = excluded.follow",
                        values));
    return {};
}

Result<void> replace(Database& database, const OrderRow& order) {
    const Value values[] = {order.market,    order.order,       static_cast<std::int64_t>(order.trade),
                            to_ms(order.at), order.instrument,  order.state,
                            order.body,      Blob{order.follow}};
    VT_TRY([[maybe_unused]] const Answer stored,
           database.ask("INSERT INTO orders (" + std::string(kOrderNames) +
                            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (market, id) DO UPDATE SET"
                            " trade = excluded.trade, at_ms = excluded.at_ms, instrument = excluded.instrument,"
                            " state = excluded.state, body = excluded.body, follow = excluded.follow",
                        values));
    return {};
}

Result<void> replace(Database& database, const StateRow& state) {
    const Value values[] = {state.market, state.name, to_ms(state.at), Blob{state.content}};
    VT_TRY([[maybe_unused]] const Answer stored,
           database.ask("INSERT INTO trading_states (market, name, at_ms, content) VALUES ($1, $2, $3, $4)"
                        " ON CONFLICT (market, name) DO UPDATE SET at_ms = excluded.at_ms,"
                        " content = excluded.content",
                        values));
    return {};
}

template <class Rows>
Result<void> replace_all(Database& database, const Rows& rows) {
    for (const auto& row : rows)
        if (Result<void> done = replace(database, row); !done) return done;
    return {};
}

}  // namespace

Result<void> store_trading(Database& database, const TradingBatch& batch) {
    if (batch.is_empty()) return {};
    VT_TRY(Transaction transaction, Transaction::begin(database, Access::write));
    if (Result<void> done = replace_all(database, batch.trades); !done) return done;
    if (Result<void> done = replace_all(database, batch.orders); !done) return done;
    if (Result<void> done = replace_all(database, batch.states); !done) return done;
    return transaction.commit();
}

Result<TradingBatch> open_trading(Database& database, const std::string& market) {
    VT_TRY(const Transaction transaction, Transaction::begin(database, Access::read));
    const Value values[] = {market};
    VT_TRY(const Answer trades, database.ask("SELECT " + std::string(kTradeNames) +
                                                 " FROM trades WHERE market = $1 AND length(follow) > 0"
                                                 " ORDER BY number",
                                             values));
    TradingBatch batch;
    for (const Row& row : trades.rows) {
        batch.trades.push_back(trade_of(row));
        VT_TRY(auto orders, orders_of_trade(database, market, batch.trades.back().number));
        for (OrderRow& order : orders) batch.orders.push_back(std::move(order));
    }
    return batch;
}

Result<std::optional<std::string>> trading_state(Database& database, const std::string& market,
                                                 std::string_view name) {
    const Value values[] = {market, std::string(name)};
    VT_TRY(const Answer found,
           database.ask("SELECT content FROM trading_states WHERE market = $1 AND name = $2", values));
    if (found.rows.empty()) return std::nullopt;
    return trading_bytes(found.rows[0], 0);
}

Result<TradePage> trades_of(Database& database, const TradeQuery& query) {
    if (query.limit == 0 || query.limit > kTradePageMax)
        return fail(Errc::out_of_range, "limit is from 1 to " + std::to_string(kTradePageMax));
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    if (!query.cursor.empty()) {
        const auto number = whole_number<std::int64_t>(query.cursor);
        if (!number) return fail(Errc::malformed, "the cursor is not one that a page gave");
        before = *number;
    }
    std::vector<Value> values{query.market, before};
    std::string where = " WHERE market = $1 AND number < $2";
    const auto narrow = [&](std::string_view column, const std::string& wanted) {
        if (wanted.empty()) return;
        values.emplace_back(wanted);
        where += " AND " + std::string(column) + " = $" + std::to_string(values.size());
    };
    narrow("instrument", query.instrument);
    narrow("state", query.state);
    values.emplace_back(static_cast<std::int64_t>(query.limit + 1));
    VT_TRY(const Answer answer, database.ask("SELECT " + std::string(kTradeNames) + " FROM trades" + where +
                                                 " ORDER BY number DESC LIMIT $" + std::to_string(values.size()),
                                             values));
    TradePage page;
    for (const Row& row : answer.rows) {
        if (page.trades.size() == query.limit) {
            page.cursor = std::to_string(page.trades.back().number);
            break;
        }
        page.trades.push_back(trade_of(row));
    }
    return page;
}

Result<std::optional<TradeRow>> trade_numbered(Database& database, const std::string& market, std::uint64_t number) {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (number > kMost) return std::optional<TradeRow>();
    const Value values[] = {market, static_cast<std::int64_t>(number)};
    VT_TRY(const Answer found,
           database.ask("SELECT " + std::string(kTradeNames) + " FROM trades WHERE market = $1 AND number = $2",
                        values));
    return found.rows.empty() ? std::nullopt : std::optional(trade_of(found.rows[0]));
}

Result<std::vector<OrderRow>> orders_of_trade(Database& database, const std::string& market, std::uint64_t trade) {
    const Value values[] = {market, static_cast<std::int64_t>(trade)};
    VT_TRY(const Answer found, database.ask("SELECT " + std::string(kOrderNames) +
                                                " FROM orders WHERE market = $1 AND trade = $2 ORDER BY id",
                                            values));
    std::vector<OrderRow> orders;
    for (const Row& row : found.rows) orders.push_back(order_of(row));
    return orders;
}

Result<TradingStart> begin_trading(Database& database, const std::string& market, Timestamp now) {
    VT_TRY(Transaction transaction, Transaction::begin(database, Access::exclusive));
    VT_TRY(const auto last, trading_state(database, market, kBootName));
    const auto number = whole_number<std::uint32_t>(last.value_or("0"));
    if (!number || *number == std::numeric_limits<std::uint32_t>::max())
        return fail(Errc::corrupt, database.title() +
                                       ": the count of the program's starts is damaged: restore a copy "
                                       "(`virtuoso storage restore`); orders must never reuse an id");
    const StateRow next{market, std::string(kBootName), now, std::to_string(*number + 1)};
    if (Result<void> stored = replace(database, next); !stored)
        return tl::unexpected<Error>(std::move(stored.error()));
    const Value values[] = {market};
    VT_TRY(const Answer newest, database.ask("SELECT max(number) FROM trades WHERE market = $1", values));
    if (Result<void> done = transaction.commit(); !done) return tl::unexpected<Error>(std::move(done.error()));
    return TradingStart{*number + 1, static_cast<std::uint64_t>(trading_number(newest.rows.at(0), 0))};
}

}  // namespace vt::records
