// exchangeInfo of Binance's markets.

#include "demo/binance_rest.hpp"

#include <algorithm>
#include <cmath>

namespace vt::demo::binance {
namespace {

std::string quantity(const Figures& figures, std::int64_t lots) {
    std::string text;
    figures.append_quantity(text, lots);
    return text;
}
std::string price(const Figures& figures, std::int64_t ticks) {
    std::string text;
    figures.append_price(text, ticks);
    return text;
}

/// `{"filterType":"LOT_SIZE","minQty":...}`; stepSize 0 says that only LOT_SIZE counts.
void append_lot_filter(std::string& out, std::string_view name, const Figures& figures, std::int64_t most,
                       std::string_view least, std::string_view step) {
    out.append(",{");
    append_text(out, "filterType", name);
    append_text(out, "minQty", least);
    append_text(out, "maxQty", quantity(figures, most));
    append_text(out, "stepSize", step);
    out.push_back('}');
}

void append_price_filter(std::string& out, const Figures& figures) {
    out.append(",\"filters\":[{");
    append_text(out, "filterType", "PRICE_FILTER");
    append_text(out, "minPrice", price(figures, 1));
    append_text(out, "maxPrice", price(figures, 9'999'999));
    append_text(out, "tickSize", price(figures, 1));
    out.push_back('}');
}

// pricePrecision is one more than the tick has digits: it is no step, and a client that takes it for one is wrong.
void append_contract(std::string& out, const SymbolView& view, Timestamp onboard) {
    const market::Instrument& one = view.instrument;
    const Figures figures = figures_of(view);
    out.push_back('{');
    append_text(out, "symbol", one.symbol);
    append_text(out, "pair", one.symbol);
    append_text(out, "contractType", "PERPETUAL");
    append_count(out, "deliveryDate", std::int64_t{4'133'404'800'000});
    append_count(out, "onboardDate", to_ms(onboard));
    append_text(out, "status", view.is_listed ? "TRADING" : "SETTLING");
    append_text(out, "maintMarginPercent", "2.5000");
    append_text(out, "requiredMarginPercent", "5.0000");
    append_text(out, "baseAsset", one.base);
    append_text(out, "quoteAsset", one.quote);
    append_text(out, "marginAsset", one.settle);
    append_count(out, "pricePrecision", std::int64_t{std::max<int>(0, one.tick_size.scale) + 1});
    append_count(out, "quantityPrecision", std::int64_t{std::max<int>(0, one.lot_size.scale)});
    out.append(R"(,"baseAssetPrecision":8,"quotePrecision":8,"underlyingType":"COIN","underlyingSubType":[])");
    out.append(R"(,"triggerProtect":"0.0500","liquidationFee":"0.012500","marketTakeBound":"0.05")");
    out.append(R"(,"maxMoveOrderLimit":10000)");
    append_price_filter(out, figures);
    const std::string lot = quantity(figures, 1);
    append_lot_filter(out, "LOT_SIZE", figures, 1'000'000, lot, lot);
    append_lot_filter(out, "MARKET_LOT_SIZE", figures, 120'000, lot, lot);
    out.append(R"(,{"filterType":"MAX_NUM_ORDERS","limit":200},{"filterType":"MAX_NUM_ALGO_ORDERS","limit":10})");
    out.append(R"(,{"filterType":"MIN_NOTIONAL","notional":"5"})");
    out.append(R"(,{"filterType":"PERCENT_PRICE","multiplierUp":"1.0500","multiplierDown":"0.9500")");
    out.append(R"(,"multiplierDecimal":"4"},{"filterType":"POSITION_RISK_CONTROL","positionControlSide":"NONE"}])");
    out.append(R"(,"orderTypes":["LIMIT","MARKET","STOP","STOP_MARKET","TAKE_PROFIT","TAKE_PROFIT_MARKET")");
    out.append(
        R"(,"TRAILING_STOP_MARKET"],"timeInForce":["GTC","IOC","FOK","GTX","GTD"],"permissionSets":["GRID"]})");
}

void append_pair(std::string& out, const SymbolView& view) {
    const market::Instrument& one = view.instrument;
    const Figures figures = figures_of(view);
    out.push_back('{');
    append_text(out, "symbol", one.symbol);
    append_text(out, "status", view.is_listed ? "TRADING" : "BREAK");
    append_text(out, "baseAsset", one.base);
    append_count(out, "baseAssetPrecision", std::int64_t{8});
    append_text(out, "quoteAsset", one.quote);
    out.append(R"(,"quotePrecision":8,"quoteAssetPrecision":8,"baseCommissionPrecision":8)");
    out.append(R"(,"quoteCommissionPrecision":8,"orderTypes":["LIMIT","LIMIT_MAKER","MARKET","STOP_LOSS")");
    out.append(R"(,"STOP_LOSS_LIMIT","TAKE_PROFIT","TAKE_PROFIT_LIMIT"],"icebergAllowed":true,"ocoAllowed":true)");
    out.append(R"(,"otoAllowed":true,"quoteOrderQtyMarketAllowed":true,"allowTrailingStop":true)");
    out.append(R"(,"cancelReplaceAllowed":true,"amendAllowed":true,"isSpotTradingAllowed":true)");
    out.append(R"(,"isMarginTradingAllowed":false)");
    append_price_filter(out, figures);
    const std::string lot = quantity(figures, 1);
    append_lot_filter(out, "LOT_SIZE", figures, 900'000'000, lot, lot);
    out.append(R"(,{"filterType":"ICEBERG_PARTS","limit":100})");
    append_lot_filter(out, "MARKET_LOT_SIZE", figures, 16'064'030, "0.00000000", "0.00000000");
    out.append(R"(,{"filterType":"TRAILING_DELTA","minTrailingAboveDelta":10,"maxTrailingAboveDelta":2000)");
    out.append(R"(,"minTrailingBelowDelta":10,"maxTrailingBelowDelta":2000})");
    out.append(R"(,{"filterType":"PERCENT_PRICE_BY_SIDE","bidMultiplierUp":"2","bidMultiplierDown":"0.5")");
    out.append(R"(,"askMultiplierUp":"2","askMultiplierDown":"0.5","avgPriceMins":5})");
    out.append(R"(,{"filterType":"NOTIONAL","minNotional":"5.00000000","applyMinToMarket":true)");
    out.append(R"(,"maxNotional":"9000000.00000000","applyMaxToMarket":false,"avgPriceMins":5})");
    out.append(R"(,{"filterType":"MAX_NUM_ORDERS","maxNumOrders":200})");
    out.append(R"(,{"filterType":"MAX_NUM_ALGO_ORDERS","maxNumAlgoOrders":5}])");
    out.append(R"(,"permissions":[],"permissionSets":[["SPOT"]],"defaultSelfTradePreventionMode":"EXPIRE_MAKER")");
    out.append(R"(,"allowedSelfTradePreventionModes":["EXPIRE_TAKER","EXPIRE_MAKER","EXPIRE_BOTH"]})");
}

}  // namespace

// What is delisted stays in the list, with its status, as on the venue.
Answer<std::string> futures_exchange_info(const Request& request) {
    std::string out = R"({"timezone":"UTC","futuresType":"U_MARGINED")";
    append_count(out, "serverTime", to_ms(request.now));
    out.append(R"(,"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":)");
    append_number(out, std::uint64_t{request.state.weight_limit});
    out.append(R"(},{"rateLimitType":"ORDERS","interval":"MINUTE","intervalNum":1,"limit":1200})");
    out.append(
        R"(,{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":300}],"exchangeFilters":[])");
    out.append(R"(,"assets":[{"asset":"USDT","marginAvailable":true,"autoAssetExchange":"-10000"}],"symbols":[)");
    Stream& stream = request.market.stream();
    const auto [begin, end] = stream.indices(request.market.segment());
    for (std::size_t i = begin; i < end; ++i) {
        if (i > begin) out.push_back(',');
        const SymbolView view = stream.symbol(i);
        append_contract(out, view, view.tape.earliest() + stream.shift());
    }
    out.append("]}");
    return out;
}

Answer<std::string> spot_exchange_info(const Request& request) {
    Named which;
    if (request.has_symbol() || !request.text("symbols").empty()) {
        const auto some = named(request);
        if (!some) return tl::unexpected(some.error());
        which = *some;
    } else {
        const auto [begin, end] = request.market.stream().indices(request.market.segment());
        for (std::size_t i = begin; i < end; ++i) which.indices.push_back(i);
    }
    std::string out = R"({"timezone":"UTC")";
    append_count(out, "serverTime", to_ms(request.now));
    out.append(R"(,"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":)");
    append_number(out, std::uint64_t{request.state.weight_limit});
    out.append(R"(},{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100})");
    out.append(R"(,{"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":200000})");
    out.append(R"(,{"rateLimitType":"RAW_REQUESTS","interval":"MINUTE","intervalNum":5,"limit":300000}])");
    out.append(R"(,"exchangeFilters":[],"symbols":[)");
    for (const std::size_t index : which.indices) {
        if (out.back() != '[') out.push_back(',');
        append_pair(out, request.market.stream().symbol(index));
    }
    out.append("]}");
    return out;
}

}  // namespace vt::demo::binance
