#include "records/trades.hpp"

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/document_text.hpp"
#include "app/record_places.hpp"
#include "base/json_writer.hpp"

#include <simdjson.h>

#include <cstdio>
#include <string>

namespace vt::app {
namespace {

using simdjson::dom::element;

void print_trade(element trade) {
    std::printf("%6s  %-16s %-14s %-5s %-12s %12s %12s %12s  %-12s %10s %7s\n", number_of(trade["number"], 0).c_str(),
                minute_of(trade["decided_at"]).c_str(), text_of(trade["symbol"]).c_str(),
                text_of(trade["direction"]).c_str(), text_of(trade["strategy"]).c_str(),
                price_of(trade["entered_quantity"]).c_str(), price_of(trade["reference_price"]).c_str(),
                price_of(trade["stop_price"]).c_str(), text_of(trade["end"], text_of(trade["state"]).c_str()).c_str(),
                signed_of(trade["net"], 2).c_str(), signed_of(trade["r_multiple"], 2).c_str());
}

void print_order(element order) {
    std::printf("        %-10s %-10s %-5s %-12s %12s of %-12s %12s %12s  %s\n", text_of(order["order"]).c_str(),
                text_of(order["purpose"]).c_str(), text_of(order["side"]).c_str(), text_of(order["kind"]).c_str(),
                price_of(order["filled_quantity"]).c_str(), price_of(order["quantity"]).c_str(),
                price_of(order["price"]).c_str(), price_of(order["trigger_price"]).c_str(),
                text_of(order["state"]).c_str());
}

Result<void> print_page(records::Database& database, const records::TradePage& page, bool with_orders) {
    simdjson::dom::parser parser;
    if (!page.trades.empty())
        std::printf("%6s  %-16s %-14s %-5s %-12s %12s %12s %12s  %-12s %10s %7s\n", "number", "decided (UTC)",
                    "symbol", "", "strategy", "entered", "at (mid)", "stop", "state, end", "net", "R");
    for (const records::TradeRow& trade : page.trades) {
        print_trade(parser.parse(trade.body));
        if (!with_orders) continue;
        VT_TRY(const auto orders, records::orders_of_trade(database, trade.market, trade.number));
        for (const records::OrderRow& order : orders) print_order(parser.parse(order.body));
    }
    if (page.trades.empty())
        std::printf(
            "None yet: a signal has to be raised while the program trades (`virtuoso run --trade paper`); `virtuoso "
            "signals` shows what was.\n");
    if (!page.cursor.empty()) std::printf("\nThere are more: --cursor %s\n", page.cursor.c_str());
    return {};
}

Result<void> print_json(records::Database& database, const records::TradePage& page, bool with_orders) {
    JsonWriter out;
    out.begin_object().key("trades").begin_array();
    for (const records::TradeRow& trade : page.trades) {
        out.begin_object().key("trade").raw(trade.body);
        if (with_orders) {
            VT_TRY(const auto orders, records::orders_of_trade(database, trade.market, trade.number));
            out.key("orders").begin_array();
            for (const records::OrderRow& order : orders) out.raw(order.body);
            out.end_array();
        }
        out.end_object();
    }
    out.end_array()
        .field("cursor", page.cursor.empty() ? std::nullopt : std::optional<std::string_view>(page.cursor))
        .end_object();
    std::printf("%s\n", std::string(out.text()).c_str());
    return {};
}

}  // namespace

Exit trades(const TradesOptions& options) {
    auto repository = open_records_to_read(options.config);
    if (!repository) return report(repository.error());
    records::Database& database = repository->database();
    const auto page = records::trades_of(
        database,
        {.market = options.market, .state = options.state, .limit = options.limit, .cursor = options.cursor});
    if (!page) return report(page.error());
    try {
        const auto printed = options.as_json ? print_json(database, *page, options.with_orders)
                                             : print_page(database, *page, options.with_orders);
        return printed ? Exit::ok : report(printed.error());
    } catch (const simdjson::simdjson_error& error) {
        return report(unknown_form(error));
    }
}

}  // namespace vt::app
