// The catalogue: exchangeInfo of both markets.

#include "exchange/binance/rest_parts.hpp"

namespace vt::exchange::binance {

using json::Fault;
namespace ondemand = json::ondemand;

namespace {

using market::TradingStatus;

/// An unknown status is not traded.
TradingStatus status_of(std::string_view text) {
    if (text == "TRADING") return TradingStatus::trading;
    if (text == "PENDING_TRADING" || text == "PRE_TRADING" || text == "AUCTION_MATCH")
        return TradingStatus::pre_launch;
    if (text == "SETTLING" || text == "PRE_SETTLE" || text == "DELIVERING" || text == "PRE_DELIVERING")
        return TradingStatus::delivering;
    if (text == "CLOSE" || text == "DELIVERED" || text == "END_OF_DAY") return TradingStatus::closed;
    return TradingStatus::halted;
}

/// The filters as far as they are known: all their members are read, whatever filter they belong to.
struct Filter {
    std::string_view type;
    std::string_view tick_size, price_min, price_max;
    std::string_view step_size, quantity_min, quantity_max;
    std::string_view notional, notional_min;
    std::string_view ratio_up, ratio_down;
};

Fault read_filter(ondemand::value value, Filter& filter) {
    ondemand::object object;
    if (const Fault fault = json::object_of(value, object)) return fault;
    return json::each_member(object, [&](std::string_view key, ondemand::value content) -> Fault {
        const std::pair<std::string_view, std::string_view*> known[] = {
            {"filterType", &filter.type},         {"tickSize", &filter.tick_size},
            {"minPrice", &filter.price_min},      {"maxPrice", &filter.price_max},
            {"stepSize", &filter.step_size},      {"minQty", &filter.quantity_min},
            {"maxQty", &filter.quantity_max},     {"notional", &filter.notional},
            {"multiplierUp", &filter.ratio_up},   {"multiplierDown", &filter.ratio_down},
            {"minNotional", &filter.notional_min}};
        for (const auto& [name, target] : known) {
            if (name == key) return scalar_text(content, *target);
        }
        return json::pass_over(content);
    });
}

/// Positive, or absent: venues write 0 for "not limited".
std::optional<Decimal> positive(std::string_view text) {
    const auto decimal = parse_decimal(text);
    if (!decimal || decimal->mantissa <= 0) return std::nullopt;
    return *decimal;
}

void apply(const Filter& filter, market::Instrument& instrument) {
    market::OrderLimits& limits = instrument.limits;
    if (filter.type == "PRICE_FILTER") {
        if (const auto tick = positive(filter.tick_size)) instrument.tick_size = *tick;
        limits.price_min = positive(filter.price_min);
        limits.price_max = positive(filter.price_max);
    } else if (filter.type == "LOT_SIZE") {
        if (const auto lot = positive(filter.step_size)) instrument.lot_size = *lot;
        limits.quantity_min = positive(filter.quantity_min);
        limits.quantity_max = positive(filter.quantity_max);
    } else if (filter.type == "MARKET_LOT_SIZE") {
        limits.market_lot_size = positive(filter.step_size);
        limits.market_quantity_max = positive(filter.quantity_max);
    } else if (filter.type == "MIN_NOTIONAL" || filter.type == "NOTIONAL") {
        limits.notional_min = positive(filter.notional.empty() ? filter.notional_min : filter.notional);
    } else if (filter.type == "PERCENT_PRICE") {
        limits.price_ratio_min = positive(filter.ratio_down);
        limits.price_ratio_max = positive(filter.ratio_up);
    }
}

/// One symbol, with what decides whether it is listed.
struct Row {
    market::Instrument instrument;
    std::string contract_type;
    std::uint64_t base_precision = 0;
    Timestamp delivery;
};

Fault read_row_member(std::string_view key, ondemand::value value, Row& row) {
    market::Instrument& instrument = row.instrument;
    if (key == "filters") {
        return json::each_element(value, [&](ondemand::value element) -> Fault {
            Filter filter;
            const Fault fault = read_filter(element, filter);
            if (!fault) apply(filter, instrument);
            return fault;
        });
    }
    if (key == "baseAssetPrecision") return json::count_of(value, row.base_precision);
    const bool is_time = key == "onboardDate" || key == "deliveryDate";
    std::string* const target = key == "symbol"         ? &instrument.symbol
                                : key == "baseAsset"    ? &instrument.base
                                : key == "quoteAsset"   ? &instrument.quote
                                : key == "marginAsset"  ? &instrument.settle
                                : key == "contractType" ? &row.contract_type
                                                        : nullptr;
    if (!is_time && target == nullptr && key != "status") return json::pass_over(value);
    std::string_view text;
    if (const Fault fault = scalar_text(value, text)) return fault;
    if (target != nullptr) {
        *target = text.substr(0, 64);
    } else if (key == "status") {
        instrument.status = status_of(text);
    } else if (text != "0" && key == "onboardDate") {
        return optional_instant(text, instrument.launched_at);
    } else if (text != "0") {
        return required_instant(text, row.delivery);
    }
    return {};
}

/// False: a kind of contract that is not understood, or without steps, so that nothing of it could be decoded. One
/// odd row must not hide the others.
bool complete(Row& row, market::Category category) {
    constexpr Timestamp kNever = from_ms(4'000'000'000'000);  // perpetuals are said to be delivered in 2100
    market::Instrument& instrument = row.instrument;
    instrument.venue = market::Venue::binance;
    instrument.category = category;
    if (instrument.tick_size.mantissa <= 0 || instrument.lot_size.mantissa <= 0) return false;
    if (category == market::Category::spot) {
        if (row.base_precision > 12) return false;
        instrument.limits.quantity_step = instrument.lot_size;
        instrument.lot_size = {1, static_cast<std::int8_t>(row.base_precision)};
        instrument.settle.clear();
        return true;
    }
    const bool is_perpetual = row.contract_type == "PERPETUAL" || row.contract_type == "TRADIFI_PERPETUAL";
    instrument.is_dated = row.contract_type.find("QUARTER") != std::string::npos ||
                          row.contract_type.find("MONTH") != std::string::npos;
    if (row.delivery != Timestamp{} && row.delivery < kNever) instrument.delivers_at = row.delivery;
    return is_perpetual || instrument.is_dated;
}

/// {"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":2400}
Fault read_rate_limit(ondemand::value value, Catalogue& catalogue) {
    ondemand::object object;
    if (const Fault fault = json::object_of(value, object)) return fault;
    std::string_view type;
    std::string_view interval;
    std::uint64_t number = 0;
    std::uint64_t limit = 0;
    const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value content) -> Fault {
        if (key == "rateLimitType") return json::text_of(content, type);
        if (key == "interval") return json::text_of(content, interval);
        if (key == "intervalNum") return json::count_of(content, number);
        return key == "limit" ? json::count_of(content, limit) : json::pass_over(content);
    });
    if (!fault && type == "REQUEST_WEIGHT" && interval == "MINUTE" && number == 1 && limit <= 1'000'000)
        catalogue.weight_per_minute = static_cast<std::uint32_t>(limit);
    return fault;
}

}  // namespace

Result<Catalogue> RestCodec::exchange_info(std::string_view body, market::Category category) {
    Catalogue catalogue;
    bool has_symbols = false;
    const Fault fault = impl_->walk_object(body, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "rateLimits") {
            return json::each_element(value,
                                      [&](ondemand::value limit) { return read_rate_limit(limit, catalogue); });
        }
        if (key != "symbols") return json::pass_over(value);
        has_symbols = true;
        return json::each_element(value, [&](ondemand::value element) -> Fault {
            Row row;
            row.instrument.status = TradingStatus::halted;
            row.instrument.tick_size = row.instrument.lot_size = {0, 0};
            ondemand::object object;
            if (const Fault wrong = json::object_of(element, object)) return wrong;
            const Fault wrong = json::each_member(object, [&](std::string_view name, ondemand::value content) {
                return read_row_member(name, content, row);
            });
            if (wrong) return wrong;
            if (row.instrument.symbol.empty()) return {"has an instrument without symbol"};
            if (complete(row, category)) catalogue.instruments.push_back(std::move(row.instrument));
            return {};
        });
    });
    if (fault) return refused_body("exchangeInfo", fault);
    if (!has_symbols) return refused_body("exchangeInfo", {"lacks its symbols"});
    return catalogue;
}

}  // namespace vt::exchange::binance
