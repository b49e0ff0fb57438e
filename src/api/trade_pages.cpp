#include "api/trade_pages.hpp"

#include <algorithm>
#include <array>

namespace vt::api {
namespace {

constexpr std::size_t kUsualTrades = 100;
constexpr std::array<std::string_view, 3> kTradeStates{"open", "closed", "abandoned"};

/// The members of a row, inside an object that is open. `state` is the row's: what was left open by a run of the demo
/// market is abandoned, whatever was last known of it.
void write_row(JsonWriter& out, const records::TradeRow& row) {
    out.field("state", row.state).field("changed_at", to_ms(row.at)).key("trade").raw(row.body);
}

}  // namespace

std::vector<QueryParameter> trade_parameters() {
    return {{"symbol", R"({"type":"string"})", "of this symbol only, in any of its forms"},
            {"state", R"({"type":"string","enum":["open","closed","abandoned"]})",
             "in this state only; abandoned: left open by an earlier run of the demo market, which begins anew"},
            count_parameter("limit", kUsualTrades, records::kTradePageMax, "how many at most"),
            {"cursor", R"({"type":"string"})", "of the page before; the other parameters stay the same"}};
}

Result<records::TradeQuery> trade_query_of(const Call& call, std::string_view market) {
    records::TradeQuery query{.market = std::string(market), .state = call.query("state").value_or("")};
    if (!query.state.empty() && std::ranges::find(kTradeStates, query.state) == kTradeStates.end())
        return fail(Errc::out_of_range, "state must be open, closed or abandoned");
    const auto limit = call.count("limit", kUsualTrades, records::kTradePageMax);
    if (!limit)
        return fail(Errc::out_of_range,
                    "limit must be a whole number from 1 to " + std::to_string(records::kTradePageMax));
    query.limit = *limit;
    query.cursor = call.query("cursor").value_or("");
    return query;
}

void write_trade_page(JsonWriter& out, std::string_view market, const records::TradePage& page) {
    out.begin_object().field("market", market).key("trades").begin_array();
    for (const records::TradeRow& row : page.trades) {
        out.begin_object();
        write_row(out, row);
        out.end_object();
    }
    out.end_array();
    out.field("cursor", page.cursor.empty() ? std::nullopt : std::optional(page.cursor)).end_object();
}

void write_kept_trade(JsonWriter& out, const KeptTrade& kept) {
    out.begin_object();
    write_row(out, kept.trade);
    out.key("orders").begin_array();
    for (const records::OrderRow& order : kept.orders) out.raw(order.body);
    out.end_array().end_object();
}

}  // namespace vt::api
