#include "demo/rest.hpp"

#include "demo/rest_request.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace vt::demo {
namespace {

using rest::Answer;
using rest::append_field;
using rest::limit_of;
using rest::range_of;
using rest::refuse;
using rest::Request;
using rest::segment_of;
using rest::steps_of;
using rest::steps_text;
using rest::symbol_of;

Answer<std::string> server_time(const Request& request) {
    std::string out = "{";
    append_field(out, "timeSecond", std::to_string(to_ms(request.now) / 1000), true);
    append_field(out, "timeNano", std::to_string(to_ns(request.now)));
    out.push_back('}');
    return out;
}

Answer<std::string> system_status(const Request& request) {
    std::string out = "{\"list\":[";
    if (request.state.is_in_maintenance) {
        out.push_back('{');
        append_field(out, "id", "demo", true);
        append_field(out, "title", "Scripted maintenance");
        append_field(out, "state", "ongoing");
        append_field(out, "begin", std::to_string(to_ms(request.now)));
        append_field(out, "end", "0");
        append_field(out, "href", "");
        out.append(R"(,"serviceTypes":[1,2,3,4,5],"product":[1,2],"uidSuffix":[],"maintainType":"2","env":"1"})");
    }
    out.append("]}");
    return out;
}

Answer<std::string> key_information(const Request& request) {
    static const Accounts nobody({});
    const Accounts& accounts = request.state.accounts != nullptr ? *request.state.accounts : nobody;
    const Proof proof = prove_bybit(accounts, request.asked, request.now);
    if (proof.key == nullptr) return tl::unexpected(rest::Refusal{.code = proof.code, .message = proof.message});
    return bybit_key_information(*proof.key, request.now);
}

void append_ticker(std::string& out, const SymbolView& view, const TickerFields& fields) {
    const Steps steps = steps_of(view);
    if (view.instrument.category != market::Category::spot) {
        append_ticker_members(out, fields, nullptr, steps);
        append_field(out, "deliveryTime", "0");
        append_field(out, "fundingCap", "0.005");
        return;
    }
    append_spot_ticker_members(out, fields, steps);
    append_field(out, "bid1Price", steps_text(fields.bid, steps.tick));
    append_field(out, "bid1Size", steps_text(fields.bid_lots, steps.lot));
    append_field(out, "ask1Price", steps_text(fields.ask, steps.tick));
    append_field(out, "ask1Size", steps_text(fields.ask_lots, steps.lot));
}

Answer<std::string> tickers(const Request& request) {
    const auto segment = segment_of(request);
    if (!segment) return tl::unexpected(segment.error());
    std::string out = "{";
    append_field(out, "category", request.text("category"), true);
    out.append(",\"list\":[");
    const std::string wanted = request.text("symbol");
    const auto [begin, end] = *segment ? request.stream.indices(**segment) : Stream::Indices{};
    bool is_first = true;
    for (std::size_t i = begin; i < end; ++i) {
        const SymbolView view = request.stream.symbol(i);
        if (!view.is_listed || (!wanted.empty() && view.instrument.symbol != wanted)) continue;
        out.append(is_first ? "{" : ",{");
        is_first = false;
        append_field(out, "symbol", view.instrument.symbol, true);
        out.push_back(',');
        append_ticker(out, view, request.stream.ticker(i));
        out.push_back('}');
    }
    if (is_first && !wanted.empty()) return refuse("params error: symbol invalid " + wanted);
    out.append("]}");
    return out;
}

Answer<std::string> klines(const Request& request) {
    const auto index = symbol_of(request);
    if (!index) return tl::unexpected(index.error());
    const auto interval = candle_interval(request.text("interval"));
    if (!interval) return refuse("Invalid period!");
    const auto limit = limit_of(request, 200, 1000);
    if (!limit) return tl::unexpected(limit.error());
    auto range = range_of(request, "start", "end");
    if (!range) return tl::unexpected(range.error());
    if (!request.text("start").empty() && request.text("end").empty()) {  // a page forward from the start
        range->to = std::min(range->to, range->from + static_cast<std::int64_t>(*limit) * *interval - Nanos{1});
    }
    const SymbolView view = request.stream.symbol(*index);
    const Steps steps = steps_of(view);
    const Nanos shift = request.stream.shift();
    const auto candles =
        view.tape.candles(*interval, range->from - shift, range->to - shift + Nanos{1}, *limit, shift);
    std::string out = "{";
    append_field(out, "symbol", view.instrument.symbol, true);
    append_field(out, "category", request.text("category"));
    out.append(",\"list\":[");
    for (auto candle = candles.rbegin(); candle != candles.rend(); ++candle) {  // newest first
        out.append(candle == candles.rbegin() ? "[\"" : ",[\"");
        append_number(out, to_ms(candle->open_time + shift));
        for (const double price : {candle->open, candle->high, candle->low, candle->close}) {
            out.append("\",\"");
            append_steps(out, std::llround(price / steps.tick.to_double()), steps.tick);
        }
        out.append("\",\"");
        append_volumes(out, *candle, "\",\"", steps);
        out.append("\"]");
    }
    out.append("]}");
    return out;
}

Answer<std::string> order_book(const Request& request) {
    const auto index = symbol_of(request);
    if (!index) return tl::unexpected(index.error());
    const auto limit = limit_of(request, 25, 1000);
    if (!limit) return tl::unexpected(limit.error());
    const SymbolView view = request.stream.symbol(*index);
    // What a watched topic has published last, so that it can be compared with the stream; else the book as it is.
    sim::DepthWindow fresh(static_cast<std::uint32_t>(*limit));
    std::span<const market::Level> bids, asks;
    std::uint64_t update = view.sequence;
    std::uint64_t sequence = view.sequence;
    Timestamp at = request.stream.now();
    bool is_published = false;
    for (const std::uint32_t depth : {1U, 50U, 200U, 1000U}) {
        if (depth < *limit || is_published) continue;
        const auto published = request.stream.published_book(*index, depth);
        if (!published) continue;
        bids = published->window.bids();
        asks = published->window.asks();
        update = published->update_id;
        sequence = published->sequence;
        at = published->at;
        is_published = true;
    }
    if (!is_published) {
        fresh.refresh(view.book);
        bids = fresh.bids();
        asks = fresh.asks();
    }
    std::string out = "{";
    append_field(out, "s", view.instrument.symbol, true);
    out.append(",\"b\":");
    append_levels(out, bids.first(std::min(bids.size(), *limit)), steps_of(view));
    out.append(",\"a\":");
    append_levels(out, asks.first(std::min(asks.size(), *limit)), steps_of(view));
    for (const auto& [key, value] :
         {std::pair<std::string_view, std::uint64_t>{",\"u\":", update}, {",\"seq\":", sequence}}) {
        out.append(key);
        append_number(out, value);
    }
    for (const std::string_view key : {",\"ts\":", ",\"cts\":"}) {
        out.append(key);
        append_number(out, to_ms(at));
    }
    out.push_back('}');
    return out;
}

Answer<std::string> recent_trades(const Request& request) {
    const auto index = symbol_of(request);
    if (!index) return tl::unexpected(index.error());
    const SymbolView view = request.stream.symbol(*index);
    const bool is_spot = view.instrument.category == market::Category::spot;
    const auto limit = limit_of(request, is_spot ? 60 : 500, is_spot ? 60 : 1000);
    if (!limit) return tl::unexpected(limit.error());
    std::string out = "{";
    append_field(out, "category", request.text("category"), true);
    out.append(",\"list\":[");
    const std::size_t count = std::min(*limit, view.recent_trades.size());
    for (std::size_t i = 0; i < count; ++i) {  // newest first
        const WireTrade& one = view.recent_trades[view.recent_trades.size() - 1 - i];
        out.append(i == 0 ? "{\"execId\":\"" : ",{\"execId\":\"");
        append_trade_id(out, one.trade.id);
        out.append("\"");
        append_field(out, "symbol", view.instrument.symbol);
        append_field(out, "price", steps_text(one.trade.price.value(), view.instrument.tick_size));
        append_field(out, "size", steps_text(one.trade.quantity.value(), view.instrument.lot_size));
        append_field(out, "side", one.trade.aggressor == market::Side::buy ? "Buy" : "Sell");
        append_field(out, "time", std::to_string(one.at_ms));
        out.append(R"(,"isBlockTrade":false,"isRPITrade":false)");
        append_field(out, "seq", std::to_string(one.sequence));
        out.push_back('}');
    }
    out.append("]}");
    return out;
}

std::string envelope(int code, std::string_view message, std::string_view result, Timestamp now) {
    std::string body = "{\"retCode\":";
    append_number(body, std::int64_t{code});
    append_field(body, "retMsg", message);
    body.append(",\"result\":").append(result).append(",\"retExtInfo\":{},\"time\":");
    append_number(body, to_ms(now));
    body.push_back('}');
    return body;
}

/// Client text inside a message: only what cannot break JSON or a log.
std::string harmless(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 160)) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(byte < 0x20 || byte > 0x7e || c == '"' || c == '\\' ? '?' : c);
    }
    return out;
}

}  // namespace

std::string rest_error(int ret_code, std::string_view message, Timestamp now) {
    return envelope(ret_code, harmless(message), "{}", now);
}

RestAnswer answer_rest(Stream& stream, const FrontRequest& asked, Timestamp now, const VenueState& state) {
    using Function = Answer<std::string> (*)(const Request&);
    constexpr std::array<std::pair<std::string_view, Function>, 12> kRoutes{
        {{"/v5/market/time", server_time},
         {"/v5/system/status", system_status},
         {"/v5/user/query-api", key_information},
         {"/v5/market/instruments-info", rest::instruments},
         {"/v5/market/risk-limit", rest::margin_tiers},
         {"/v5/market/tickers", tickers},
         {"/v5/market/kline", klines},
         {"/v5/market/orderbook", order_book},
         {"/v5/market/recent-trade", recent_trades},
         {"/v5/market/open-interest", rest::open_interest},
         {"/v5/market/account-ratio", rest::account_ratio},
         {"/v5/market/funding/history", rest::funding_history}}};
    for (const auto& [route, function] : kRoutes) {
        if (route != asked.path) continue;
        const auto result = function(Request{.stream = stream, .asked = asked, .now = now, .state = state});
        if (!result) return {.body = rest_error(result.error().code, result.error().message, now)};
        return {.body = envelope(0, "OK", *result, now)};
    }
    return plain_answer(404, "404 page not found");
}

}  // namespace vt::demo
