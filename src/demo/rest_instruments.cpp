// What Bybit lists: contracts and spot pairs.

#include "demo/rest_request.hpp"

#include <algorithm>
#include <vector>

namespace vt::demo::rest {
namespace {

void append_contract(std::string& out, const SymbolView& view, Nanos shift) {
    const market::Instrument& one = view.instrument;
    const Timestamp launched = view.tape.earliest() + shift;
    const auto digits = std::max<int>(0, one.tick_size.scale);
    out.push_back('{');
    append_field(out, "symbol", one.symbol, true);
    append_field(out, "contractType",
                 one.category == market::Category::inverse ? "InversePerpetual" : "LinearPerpetual");
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

void append_pair(std::string& out, const SymbolView& view) {
    const market::Instrument& one = view.instrument;
    const std::string lot = steps_text(1, one.lot_size);
    out.push_back('{');
    append_field(out, "symbol", one.symbol, true);
    append_field(out, "baseCoin", one.base);
    append_field(out, "quoteCoin", one.quote);
    out.append(R"(,"innovation":"0","symbolType":"","status":"Trading","marginTrading":"utaOnly","stTag":"0")");
    out.append(",\"lotSizeFilter\":{");
    append_field(out, "basePrecision", lot, true);
    append_field(out, "quotePrecision", "0.0000001");
    append_field(out, "minOrderQty", lot);
    append_field(out, "maxOrderQty", steps_text(10'000'000, one.lot_size));
    append_field(out, "minOrderAmt", "5");
    append_field(out, "maxOrderAmt", "8000000");
    append_field(out, "maxLimitOrderQty", steps_text(10'000'000, one.lot_size));
    append_field(out, "maxMarketOrderQty", steps_text(2'000'000, one.lot_size));
    append_field(out, "postOnlyMaxLimitOrderSize", steps_text(10'000'000, one.lot_size));
    out.append("},\"priceFilter\":{");
    append_field(out, "tickSize", steps_text(1, one.tick_size), true);
    out.append(R"(},"riskParameters":{"priceLimitRatioX":"0.01","priceLimitRatioY":"0.02"}})");
}

/// Tiers that meet without a jump. In the contract's currency of account.
struct DemoTier {
    std::string_view worth_max, maintenance, initial, leverage_max, deduction;
};
constexpr DemoTier kTiers[] = {{"200000", "0.01", "0.02", "50.00", ""},
                               {"500000", "0.02", "0.04", "25.00", "2000"},
                               {"2000000", "0.05", "0.1", "10.00", "17000"}};

}  // namespace

Answer<std::string> margin_tiers(const Request& request) {
    const auto index = contract_of(request);
    if (!index) return tl::unexpected(index.error());
    const std::string& symbol = request.stream.symbol(*index).instrument.symbol;
    std::string out = "{";
    append_field(out, "category", request.text("category"), true);
    out.append(",\"list\":[");
    int id = 0;
    for (const DemoTier& tier : kTiers) {
        out.append(id == 0 ? "{\"id\":" : ",{\"id\":").append(std::to_string(id + 1));
        append_field(out, "symbol", symbol);
        append_field(out, "riskLimitValue", tier.worth_max);
        append_field(out, "maintenanceMargin", tier.maintenance);
        append_field(out, "initialMargin", tier.initial);
        out.append(",\"isLowestRisk\":").append(id == 0 ? "1" : "0");
        append_field(out, "maxLeverage", tier.leverage_max);
        append_field(out, "mmDeduction", tier.deduction);
        out.push_back('}');
        ++id;
    }
    out.append("],\"nextPageCursor\":\"\"}");
    return out;
}

Answer<std::string> instruments(const Request& request) {
    const auto segment = segment_of(request);
    if (!segment) return tl::unexpected(segment.error());
    const auto limit = limit_of(request, 500, 1000);
    if (!limit) return tl::unexpected(limit.error());
    // Sorted by symbol, as the venue does; the cursor names the last one given.
    std::vector<std::size_t> found;
    const std::string wanted = request.text("symbol");
    const std::string base = request.text("baseCoin");
    const std::string status = request.text("status");
    const auto [first, last] = *segment ? request.stream.indices(**segment) : Stream::Indices{};
    for (std::size_t i = first; i < last; ++i) {
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
        const std::string_view after = std::string_view(cursor).substr(5);
        while (begin < found.size() && request.stream.symbol(found[begin]).instrument.symbol <= after) ++begin;
    }
    const std::size_t end = std::min(found.size(), begin + *limit);
    std::string out = "{";
    append_field(out, "category", request.text("category"), true);
    out.append(",\"list\":[");
    for (std::size_t i = begin; i < end; ++i) {
        if (i > begin) out.push_back(',');
        const SymbolView view = request.stream.symbol(found[i]);
        if (view.instrument.category == market::Category::spot) {
            append_pair(out, view);
        } else {
            append_contract(out, view, request.stream.shift());
        }
    }
    out.append("]");
    const bool has_more = end < found.size();
    const std::string next = has_more ? "last%3D" + request.stream.symbol(found[end - 1]).instrument.symbol : "";
    append_field(out, "nextPageCursor", next);
    out.push_back('}');
    return out;
}

}  // namespace vt::demo::rest
