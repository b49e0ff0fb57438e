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
using rest::require_linear;
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

void append_instrument(std::string& out, const SymbolView& view, Nanos shift) {
    const market::Instrument& one = view.instrument;
    const Timestamp launched = view.tape.earliest() + shift;
    const auto digits = std::max<int>(0, one.tick_size.scale);
    out.push_back('{');
    append_field(out, "symbol", one.symbol, true);
    append_field(out, "contractType", "LinearPerpetual");
    append_field(out, "status", "Trading");
    append_field(out, "baseCoin", one.base);
    append_field(out, "quoteCoin", one.quote);
    append_field(out, "settleCoin", one.settle);
    append_field(out, "launchTime", std::to_string(to_ms(launched)));
    append_field(out, "deliveryTime", "0");
    append_field(out, "deliveryFeeRate", "");
    append_field(out, "priceScale", std::to_string(digits));
    out.append(R"(,"leverageFilter":{"minLeverage":"1","maxLeverage":"50.00","leverageStep":"0.01"})");
    const std::string tick = steps_text(1, one.tick_size);
    out.append(",\"priceFilter\":{");
    append_field(out, "minPrice", tick, true);
    append_field(out, "maxPrice", steps_text(9'999'999, one.tick_size));
    append_field(out, "tickSize", tick);
    const std::string lot = steps_text(1, one.lot_size);
    out.append("},\"lotSizeFilter\":{");
    append_field(out, "maxOrderQty", steps_text(1'000'000, one.lot_size), true);
    append_field(out, "minOrderQty", lot);
    append_field(out, "qtyStep", lot);
    append_field(out, "postOnlyMaxOrderQty", steps_text(1'000'000, one.lot_size));
    append_field(out, "maxMktOrderQty", steps_text(200'000, one.lot_size));
    append_field(out, "minNotionalValue", "5");
    out.append(R"(},"unifiedMarginTrade":true,"fundingInterval":)");
    append_number(out, std::int64_t{*one.funding_interval / std::chrono::minutes{1}});
    out.append(
        R"(,"copyTrading":"none","upperFundingRate":"0.005","lowerFundingRate":"-0.005","isPreListing":false,)");
    out.append(R"("preListingInfo":null,"displayName":"","symbolType":""})");
}

Answer<std::string> instruments(const Request& request) {
    if (auto ok = require_linear(request); !ok) return tl::unexpected(ok.error());
    const auto limit = limit_of(request, 500, 1000);
    if (!limit) return tl::unexpected(limit.error());
    // Sorted by symbol, as the venue does; the cursor names the last one given.
    std::vector<std::size_t> found;
    const std::string wanted = request.text("symbol");
    const std::string base = request.text("baseCoin");
    const std::string status = request.text("status");
    for (std::size_t i = 0; i < request.stream.size(); ++i) {
        const SymbolView view = request.stream.symbol(i);
        if (!view.is_listed || (!wanted.empty() && view.instrument.symbol != wanted)) continue;
        if (!base.empty() && view.instrument.base != base) continue;
        if (!status.empty() && status != "Trading") continue;
        found.push_back(i);
    }
    if (!wanted.empty() && found.empty()) return refuse("params error: symbol invalid " + wanted);
    std::sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) {
        return request.stream.symbol(a).instrument.symbol < request.stream.symbol(b).instrument.symbol;
    });
    std::size_t begin = 0;
    const std::string cursor = request.text("cursor");
    if (!cursor.empty()) {
        if (!cursor.starts_with("last=")) return refuse("params error: cursor invalid");
        const std::string_view last = std::string_view(cursor).substr(5);
        while (begin < found.size() && request.stream.symbol(found[begin]).instrument.symbol <= last) ++begin;
    }
    const std::size_t end = std::min(found.size(), begin + *limit);
    std::string out = "{\"category\":\"linear\",\"list\":[";
    for (std::size_t i = begin; i < end; ++i) {
        if (i > begin) out.push_back(',');
        append_instrument(out, request.stream.symbol(found[i]), request.stream.shift());
    }
    out.append("]");
    const bool has_more = end < found.size();
    const std::string next = has_more ? "last%3D" + request.stream.symbol(found[end - 1]).instrument.symbol : "";
    append_field(out, "nextPageCursor", next);
    out.push_back('}');
    return out;
}

Answer<std::string> tickers(const Request& request) {
    if (auto ok = require_linear(request); !ok) return tl::unexpected(ok.error());
    std::string out = "{\"category\":\"linear\",\"list\":[";
    const std::string wanted = request.text("symbol");
    bool is_first = true;
    for (std::size_t i = 0; i < request.stream.size(); ++i) {
        const SymbolView view = request.stream.symbol(i);
        if (!view.is_listed || (!wanted.empty() && view.instrument.symbol != wanted)) continue;
        out.append(is_first ? "{" : ",{");
        is_first = false;
        append_field(out, "symbol", view.instrument.symbol, true);
        out.push_back(',');
        append_ticker_members(out, request.stream.ticker(i), nullptr, steps_of(view));
        append_field(out, "deliveryTime", "0");
        append_field(out, "fundingCap", "0.005");
        out.push_back('}');
    }
    if (is_first) return refuse("params error: symbol invalid " + wanted);
    out.append("]}");
    return out;
}

Answer<std::string> klines(const Request& request) {
    if (auto ok = require_linear(request); !ok) return tl::unexpected(ok.error());
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
    out.append(",\"category\":\"linear\",\"list\":[");
    for (auto candle = candles.rbegin(); candle != candles.rend(); ++candle) {  // newest first
        out.append(candle == candles.rbegin() ? "[\"" : ",[\"");
        append_number(out, to_ms(candle->open_time + shift));
        for (const double price : {candle->open, candle->high, candle->low, candle->close}) {
            out.append("\",\"");
            append_steps(out, std::llround(price / steps.tick.to_double()), steps.tick);
        }
        out.append("\",\"");
        append_steps(out, std::llround(candle->volume_base / steps.lot.to_double()), steps.lot);
        out.append("\",\"");
        append_fixed(out, candle->turnover_quote, 4);
        out.append("\"]");
    }
    out.append("]}");
    return out;
}

Answer<std::string> order_book(const Request& request) {
    if (auto ok = require_linear(request); !ok) return tl::unexpected(ok.error());
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
    if (auto ok = require_linear(request); !ok) return tl::unexpected(ok.error());
    const auto index = symbol_of(request);
    if (!index) return tl::unexpected(index.error());
    const auto limit = limit_of(request, 500, 1000);
    if (!limit) return tl::unexpected(limit.error());
    const SymbolView view = request.stream.symbol(*index);
    std::string out = "{\"category\":\"linear\",\"list\":[";
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

RestAnswer answer_rest(Stream& stream, std::string_view path, std::string_view query, Timestamp now) {
    using Function = Answer<std::string> (*)(const Request&);
    constexpr std::array<std::pair<std::string_view, Function>, 9> kRoutes{
        {{"/v5/market/time", server_time},
         {"/v5/market/instruments-info", instruments},
         {"/v5/market/tickers", tickers},
         {"/v5/market/kline", klines},
         {"/v5/market/orderbook", order_book},
         {"/v5/market/recent-trade", recent_trades},
         {"/v5/market/open-interest", rest::open_interest},
         {"/v5/market/account-ratio", rest::account_ratio},
         {"/v5/market/funding/history", rest::funding_history}}};
    for (const auto& [route, function] : kRoutes) {
        if (route != path) continue;
        const auto result = function(Request{.stream = stream, .query = query, .now = now});
        if (!result) return {.body = rest_error(result.error().code, result.error().message, now)};
        return {.body = envelope(0, "OK", *result, now)};
    }
    return {.status = 404, .content_type = "text/plain", .body = "404 page not found\n"};
}

}  // namespace vt::demo
