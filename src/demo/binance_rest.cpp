#include "demo/binance_rest.hpp"

#include "demo/wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace vt::demo::binance {

std::string refusal_body(int code, std::string_view message) {
    std::string body = "{\"code\":";
    append_number(body, std::int64_t{code});
    body.append(",\"msg\":\"");
    for (const char c : message.substr(0, 200)) {  // it may repeat what the client sent
        const auto byte = static_cast<unsigned char>(c);
        body.push_back(byte < 0x20 || byte > 0x7e || c == '"' || c == '\\' ? '?' : c);
    }
    body.append("\"}");
    return body;
}

tl::unexpected<Refusal> refuse(int code, std::string message) {
    return tl::unexpected<Refusal>(Refusal{.code = code, .message = std::move(message)});
}

std::string Request::text(std::string_view name) const {
    return net::query_value(asked.query, name).value_or(std::string());
}

Answer<std::optional<std::int64_t>> Request::number(std::string_view name) const {
    const std::string value = text(name);
    if (value.empty()) return std::optional<std::int64_t>();
    std::int64_t parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (error != std::errc{} || end != value.data() + value.size()) {
        return refuse(-1102, std::string("Mandatory parameter '")
                                 .append(name)
                                 .append("' was not sent, was empty/null, or malformed."));
    }
    return std::optional<std::int64_t>(parsed);
}

Answer<std::size_t> Request::limit(std::int64_t usual, std::int64_t largest) const {
    const auto asked_for = number("limit");
    if (!asked_for) return tl::unexpected(asked_for.error());
    if (*asked_for && **asked_for < 1) return refuse(-1130, "Data sent for parameter 'limit' is not valid.");
    return static_cast<std::size_t>(std::min(asked_for->value_or(usual), largest));
}

Answer<std::size_t> Request::symbol() const {
    const std::string name = text("symbol");
    if (name.empty()) {
        return refuse(-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
    }
    const auto index = market.find(name);
    if (!index) return refuse(-1121, "Invalid symbol.");
    return *index;
}

namespace {

Answer<std::string> ping(const Request&) { return std::string("{}"); }

Answer<std::string> server_time(const Request& request) {
    std::string out = "{";
    append_count(out, "serverTime", to_ms(request.now));
    out.push_back('}');
    return out;
}

Answer<std::string> system_status(const Request& request) {
    return std::string(request.state.is_in_maintenance ? R"({"status":1,"msg":"system_maintenance"})"
                                                       : R"({"status":0,"msg":"normal"})");
}

/// COIN-margined contracts are left out: there are none.
Answer<std::string> no_coin_contracts(const Request& request) {
    std::string out = R"({"timezone":"UTC","rateLimits":[],"exchangeFilters":[],"symbols":[])";
    append_count(out, "serverTime", to_ms(request.now));
    out.push_back('}');
    return out;
}

Answer<const DemoKey*> key_of(const Request& request) {
    const Proof proof = prove_binance(*request.state.accounts, request.asked, request.now);
    if (proof.key != nullptr) return proof.key;
    return tl::unexpected(Refusal{.code = proof.code, .message = proof.message, .status = proof.status});
}

Answer<std::string> key_information(const Request& request) {
    const auto key = key_of(request);
    if (!key) return tl::unexpected(key.error());
    return binance_key_information(**key, request.now);
}

Answer<std::string> account(const Request& request) {
    const auto key = key_of(request);
    if (!key) return tl::unexpected(key.error());
    return binance_account(**key, request.now);
}

Answer<std::string> depth(const Request& request) {
    const auto index = request.symbol();
    if (!index) return tl::unexpected(index.error());
    const bool is_spot = request.market.is_spot();
    const auto limit = request.limit(is_spot ? 100 : 500, is_spot ? 5000 : 1'000'000);
    if (!limit) return tl::unexpected(limit.error());
    constexpr std::array<std::size_t, 7> kFuturesLimits{5, 10, 20, 50, 100, 500, 1000};
    if (!is_spot && std::find(kFuturesLimits.begin(), kFuturesLimits.end(), *limit) == kFuturesLimits.end()) {
        return refuse(-4021, std::to_string(*limit) + " is not valid depth limit");
    }
    const SymbolView view = request.market.stream().symbol(*index);
    sim::DepthWindow window(static_cast<std::uint32_t>(*limit));
    window.refresh(view.book);
    std::string out = "{";
    append_count(out, "lastUpdateId", BinanceMarket::update_id(view));
    if (!is_spot) {
        append_count(out, "E", to_ms(request.now));
        append_count(out, "T", to_ms(request.market.stream().now()));
    }
    out.append(",\"bids\":");
    append_levels(out, window.bids(), figures_of(view));
    out.append(",\"asks\":");
    append_levels(out, window.asks(), figures_of(view));
    out.push_back('}');
    return out;
}

Answer<std::string> recent_trades(const Request& request) {
    const auto index = request.symbol();
    if (!index) return tl::unexpected(index.error());
    const auto limit = request.limit(500, 1000);
    if (!limit) return tl::unexpected(limit.error());
    const SymbolView view = request.market.stream().symbol(*index);
    const Figures figures = figures_of(view);
    std::string out = "[";
    const std::size_t count = std::min(*limit, view.recent_trades.size());
    for (std::size_t i = view.recent_trades.size() - count; i < view.recent_trades.size(); ++i) {
        const WireTrade& one = view.recent_trades[i];
        if (out.size() > 1) out.push_back(',');
        out.push_back('{');
        append_count(out, "id", one.trade.id.low);
        append_price(out, "price", one.trade.price.value(), figures);
        append_quantity(out, "qty", one.trade.quantity.value(), figures);
        out.append(",\"quoteQty\":\"");
        figures.append_quote(out,
                             view.instrument.price(one.trade.price) * view.instrument.quantity(one.trade.quantity));
        out.append("\"");
        append_count(out, "time", one.at_ms);
        out.append(one.trade.aggressor == market::Side::sell ? ",\"isBuyerMaker\":true" : ",\"isBuyerMaker\":false");
        out.append(figures.is_spot ? ",\"isBestMatch\":true}" : "}");
    }
    out.push_back(']');
    return out;
}

Answer<std::string> aggregate_trades(const Request& request) {
    const auto index = request.symbol();
    if (!index) return tl::unexpected(index.error());
    const auto limit = request.limit(500, 1000);
    if (!limit) return tl::unexpected(limit.error());
    const auto from_id = request.number("fromId");
    const auto start = request.number("startTime");
    const auto end = request.number("endTime");
    for (const auto* one : {&from_id, &start, &end}) {
        if (!*one) return tl::unexpected(one->error());
    }
    if (*from_id && (*start || *end)) {
        return refuse(-1128, "Combination of optional parameters invalid.");
    }
    const SymbolView view = request.market.stream().symbol(*index);
    const Figures figures = figures_of(view);
    const auto& all = request.market.aggregates(*index);
    // From an id or a time on: a page forward. Else the newest ones.
    std::vector<const Aggregate*> page;
    const bool is_forward = from_id->has_value() || start->has_value();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Aggregate& one = all[i];
        if (*from_id && one.id < static_cast<std::uint64_t>(std::max<std::int64_t>(0, **from_id))) continue;
        if ((*start && one.at_ms < **start) || (*end && one.at_ms > **end)) continue;
        if (is_forward && page.size() == *limit) break;
        page.push_back(&one);
    }
    if (page.size() > *limit) page.erase(page.begin(), page.end() - static_cast<std::ptrdiff_t>(*limit));
    std::string out = "[";
    for (const Aggregate* one : page) {
        if (out.size() > 1) out.push_back(',');
        out.push_back('{');
        append_count(out, "a", one->id);
        append_price(out, "p", one->ticks, figures);
        append_quantity(out, "q", one->lots, figures);
        append_count(out, "f", one->first);
        append_count(out, "l", one->last);
        append_count(out, "T", one->at_ms);
        out.append(one->aggressor == market::Side::sell ? ",\"m\":true" : ",\"m\":false");
        out.append(figures.is_spot ? ",\"M\":true}" : "}");
    }
    out.push_back(']');
    return out;
}

void append_kline(std::string& out, const market::Candle& candle, const CandleFlow& flow, const SymbolView& view) {
    const Figures figures = figures_of(view);
    out.append(out.size() > 1 ? ",[" : "[");
    append_number(out, to_ms(candle.open_time));
    for (const double price : {candle.open, candle.high, candle.low, candle.close}) {
        out.append(",\"");
        figures.append_price_of(out, price);
        out.push_back('"');
    }
    out.append(",\"");
    figures.append_base(out, candle.volume_base);
    out.append("\",");
    append_number(out, to_ms(candle.open_time + candle.interval) - 1);
    out.append(",\"");
    figures.append_quote(out, candle.turnover_quote);
    out.append("\",");
    append_number(out, flow.count);
    out.append(",\"");
    figures.append_base(out, flow.bought_base);
    out.append("\",\"");
    figures.append_quote(out, flow.bought_quote);
    out.append("\",\"0\"]");
}

Answer<std::string> klines(const Request& request) {
    const auto index = request.symbol();
    if (!index) return tl::unexpected(index.error());
    const std::string name = request.text("interval");
    if (name.empty()) {
        return refuse(-1102, "Mandatory parameter 'interval' was not sent, was empty/null, or malformed.");
    }
    const auto interval = binance_interval(name);
    if (!interval) return refuse(-1120, "Invalid interval.");
    const bool is_spot = request.market.is_spot();
    const auto limit = request.limit(500, is_spot ? 1000 : 1500);
    if (!limit) return tl::unexpected(limit.error());
    const auto start = request.number("startTime");
    const auto end = request.number("endTime");
    if (!start) return tl::unexpected(start.error());
    if (!end) return tl::unexpected(end.error());
    if (*start && *end && **start > **end) return refuse(-1128, "Combination of optional parameters invalid.");
    Timestamp to = std::min(*end ? instant_of(**end) : request.now, request.now) + Nanos{1};
    Timestamp from = *start ? instant_of(**start) : Timestamp{};
    if (*start) {  // a page forward from the start; the venue has nothing older than its first candle
        const SymbolView view = request.market.stream().symbol(*index);
        from = std::max(from, view.tape.earliest() + request.market.stream().shift());
        to = std::min(to, from + static_cast<std::int64_t>(*limit) * *interval);
    }
    std::string out = "[";
    if (from < to) {
        for (const market::Candle& candle : request.market.candles(*index, *interval, from, to, *limit)) {
            append_kline(out, candle, request.market.flow(*index, candle), request.market.stream().symbol(*index));
        }
    }
    out.push_back(']');
    return out;
}

Cost one(const Request&) { return {}; }
Cost two(const Request&) { return {.weight = 2}; }
Cost four(const Request&) { return {.weight = 4}; }
Cost five(const Request&) { return {.weight = 5}; }
Cost twenty(const Request&) { return {.weight = 20}; }
Cost twenty_five(const Request&) { return {.weight = 25}; }
Cost of_data(const Request&) { return {.budget = Budget::data, .weight = 1}; }
Cost of_funding(const Request&) { return {.budget = Budget::funding, .weight = 1}; }

std::int64_t asked_limit(const Request& request, std::int64_t usual) {
    const auto limit = request.number("limit");
    return limit ? limit->value_or(usual) : usual;
}
Cost futures_depth(const Request& request) {
    const std::int64_t limit = asked_limit(request, 500);
    return {.weight = limit <= 50 ? 2U : limit <= 100 ? 5U : limit <= 500 ? 10U : 20U};
}
Cost spot_depth(const Request& request) {
    const std::int64_t limit = asked_limit(request, 100);
    return {.weight = limit <= 100 ? 5U : limit <= 500 ? 25U : limit <= 1000 ? 50U : 250U};
}
Cost futures_klines(const Request& request) {
    const std::int64_t limit = asked_limit(request, 500);
    return {.weight = limit < 100 ? 1U : limit < 500 ? 2U : limit <= 1000 ? 5U : 10U};
}
Cost futures_day(const Request& request) { return {.weight = request.has_symbol() ? 1U : 40U}; }
Cost spot_day(const Request& request) {
    if (request.has_symbol()) return {.weight = 2};
    const std::string some = request.text("symbols");
    const auto count = some.empty() ? 1000 : std::count(some.begin(), some.end(), ',') + 1;
    return {.weight = count <= 20 ? 2U : count <= 100 ? 40U : 80U};
}
Cost futures_price(const Request& request) { return {.weight = request.has_symbol() ? 1U : 2U}; }
Cost futures_quote(const Request& request) { return {.weight = request.has_symbol() ? 2U : 5U}; }
Cost spot_price(const Request& request) { return {.weight = request.has_symbol() ? 2U : 4U}; }
Cost premium(const Request& request) { return {.weight = request.has_symbol() ? 1U : 10U}; }

constexpr std::array kEndpoints{Endpoint{"/fapi/v1/ping", ping, one},
                                Endpoint{"/fapi/v1/time", server_time, one},
                                Endpoint{"/fapi/v1/exchangeInfo", futures_exchange_info, one},
                                Endpoint{"/fapi/v1/depth", depth, futures_depth},
                                Endpoint{"/fapi/v1/trades", recent_trades, five},
                                Endpoint{"/fapi/v1/aggTrades", aggregate_trades, twenty},
                                Endpoint{"/fapi/v1/klines", klines, futures_klines},
                                Endpoint{"/fapi/v1/ticker/24hr", day_tickers, futures_day},
                                Endpoint{"/fapi/v1/ticker/price", prices, futures_price},
                                Endpoint{"/fapi/v2/ticker/price", prices, futures_price},
                                Endpoint{"/fapi/v1/ticker/bookTicker", best_quotes, futures_quote},
                                Endpoint{"/fapi/v1/premiumIndex", premium_index, premium},
                                Endpoint{"/fapi/v1/fundingRate", funding_rates, of_funding},
                                Endpoint{"/fapi/v1/fundingInfo", funding_info, of_funding},
                                Endpoint{"/fapi/v1/openInterest", open_interest, one},
                                Endpoint{"/futures/data/openInterestHist", open_interest_history, of_data},
                                Endpoint{"/futures/data/globalLongShortAccountRatio", long_short_ratio, of_data},
                                Endpoint{"/futures/data/topLongShortAccountRatio", long_short_ratio, of_data},
                                Endpoint{"/futures/data/topLongShortPositionRatio", long_short_ratio, of_data},
                                Endpoint{"/futures/data/takerlongshortRatio", taker_ratio, of_data},
                                Endpoint{"/dapi/v1/exchangeInfo", no_coin_contracts, one},
                                Endpoint{"/api/v3/ping", ping, one},
                                Endpoint{"/api/v3/time", server_time, one},
                                Endpoint{"/api/v3/exchangeInfo", spot_exchange_info, twenty},
                                Endpoint{"/api/v3/depth", depth, spot_depth},
                                Endpoint{"/api/v3/trades", recent_trades, twenty_five},
                                Endpoint{"/api/v3/aggTrades", aggregate_trades, four},
                                Endpoint{"/api/v3/klines", klines, two},
                                Endpoint{"/api/v3/uiKlines", klines, two},
                                Endpoint{"/api/v3/avgPrice", average_price, two},
                                Endpoint{"/api/v3/ticker/24hr", day_tickers, spot_day},
                                Endpoint{"/api/v3/ticker/price", prices, spot_price},
                                Endpoint{"/api/v3/ticker/bookTicker", best_quotes, spot_price},
                                Endpoint{"/sapi/v1/system/status", system_status, one},
                                Endpoint{"/sapi/v1/account/apiRestrictions", key_information, one},
                                Endpoint{"/fapi/v2/account", account, five},
                                Endpoint{"/fapi/v3/account", account, five}};

}  // namespace

const Endpoint* find_endpoint(std::string_view path) {
    const auto* found =
        std::find_if(kEndpoints.begin(), kEndpoints.end(), [&](const Endpoint& e) { return e.path == path; });
    return found == kEndpoints.end() ? nullptr : found;
}

bool is_spot_path(std::string_view path) { return path.starts_with("/api/") || path.starts_with("/sapi/"); }

}  // namespace vt::demo::binance
