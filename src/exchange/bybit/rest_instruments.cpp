// The catalogue: what Bybit lists, with which steps, limits and terms.

#include "exchange/bybit/rest_parts.hpp"

#include <initializer_list>

namespace vt::exchange::bybit {
namespace {

Fault copy_text(ondemand::value value, std::string& into) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    into = text.substr(0, 64);
    return {};
}

/// A limit: "" and "0" say that there is none, and a number beyond 18 digits limits nothing.
Fault limit_of(ondemand::value value, std::optional<Decimal>& out) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    out.reset();
    if (text.empty()) return {};
    const auto decimal = parse_decimal(text);
    if (!decimal)
        return decimal.error().code == Errc::out_of_range ? Fault{} : Fault{"has a limit that is no number"};
    if (decimal->mantissa < 0) return {"has a negative limit"};
    if (decimal->mantissa > 0) out = *decimal;
    return {};
}

struct NamedLimit {
    std::string_view name;
    std::optional<Decimal>& into;
};

Fault limits_in(ondemand::value filter, std::initializer_list<NamedLimit> wanted) {
    ondemand::object object;
    if (const Fault fault = json::object_of(filter, object)) return fault;
    return json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
        for (const NamedLimit& limit : wanted) {
            if (limit.name == key) return limit_of(value, limit.into);
        }
        return json::pass_over(value);
    });
}

/// A time in milliseconds; "0" and "" say that there is none.
Fault optional_instant_of(ondemand::value value, std::optional<Timestamp>& out) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    if (text.empty() || text == "0") return {};
    std::optional<double> ms;
    if (const Fault fault = json::real_in(text, ms)) return fault;
    constexpr double kLast = 9.0e12;
    if (*ms < 0 || *ms > kLast) return {"has a time out of range"};
    out = from_ms(static_cast<std::int64_t>(*ms));
    return {};
}

market::TradingStatus status_of(std::string_view text) {
    using enum market::TradingStatus;
    if (text == "Trading") return trading;
    if (text == "PreLaunch") return pre_launch;
    if (text == "Delivering" || text == "Settling") return delivering;
    return text == "Closed" ? closed : halted;
}

/// One row under reading.
struct Row {
    market::Instrument instrument;
    std::optional<Decimal> tick_size;
    std::optional<Decimal> lot_size;
    std::uint64_t funding_minutes = 0;
    bool has_known_type = false;

    Fault read(std::string_view key, ondemand::value value);
    Fault read_lot_filter(ondemand::value value);
};

Fault Row::read_lot_filter(ondemand::value value) {
    market::OrderLimits& limits = instrument.limits;
    if (instrument.category == market::Category::spot) {
        return limits_in(value, {{"basePrecision", lot_size},
                                 {"minOrderQty", limits.quantity_min},
                                 {"maxLimitOrderQty", limits.quantity_max},
                                 {"maxOrderQty", limits.quantity_max},
                                 {"maxMarketOrderQty", limits.market_quantity_max},
                                 {"minOrderAmt", limits.notional_min}});
    }
    return limits_in(value, {{"qtyStep", lot_size},
                             {"minOrderQty", limits.quantity_min},
                             {"maxOrderQty", limits.quantity_max},
                             {"maxMktOrderQty", limits.market_quantity_max},
                             {"minNotionalValue", limits.notional_min}});
}

Fault Row::read(std::string_view key, ondemand::value value) {
    market::OrderLimits& limits = instrument.limits;
    std::string text;
    if (key == "symbol") return copy_text(value, instrument.symbol);
    if (key == "baseCoin") return copy_text(value, instrument.base);
    if (key == "quoteCoin") return copy_text(value, instrument.quote);
    if (key == "settleCoin") return copy_text(value, instrument.settle);
    if (key == "fundingInterval") return json::count_of(value, funding_minutes);
    if (key == "launchTime") return optional_instant_of(value, instrument.launched_at);
    if (key == "deliveryTime") return optional_instant_of(value, instrument.delivers_at);
    if (key == "lotSizeFilter") return read_lot_filter(value);
    if (key == "leverageFilter") return limits_in(value, {{"maxLeverage", limits.leverage_max}});
    if (key == "priceFilter") {
        return limits_in(value,
                         {{"tickSize", tick_size}, {"minPrice", limits.price_min}, {"maxPrice", limits.price_max}});
    }
    if (key != "status" && key != "contractType") return json::pass_over(value);
    if (const Fault wrong = copy_text(value, text)) return wrong;
    if (key == "status") {
        instrument.status = status_of(text);
        return {};
    }
    instrument.is_dated = text == "LinearFutures" || text == "InverseFutures";
    has_known_type = instrument.is_dated || text == "LinearPerpetual" || text == "InversePerpetual";
    return {};
}

Fault read_tier(std::string_view key, ondemand::value value, std::string_view asked, market::MarginTier& tier) {
    std::optional<Decimal> number;
    if (key == "symbol") return expect_text(value, asked, "speaks of another symbol than asked");
    if (key != "riskLimitValue" && key != "maintenanceMargin" && key != "maxLeverage" && key != "mmDeduction")
        return json::pass_over(value);
    if (const Fault fault = limit_of(value, number)) return fault;
    const Decimal read = number.value_or(Decimal{});
    if (key == "riskLimitValue") tier.worth_max = read;
    if (key == "maintenanceMargin") tier.maintenance_rate = read;
    if (key == "maxLeverage") tier.leverage_max = read;
    if (key == "mmDeduction") tier.maintenance_deduction = read;
    return {};
}

/// The margin that is set aside first is more than what has to be kept: else the rates are no fractions.
Fault check_tier(const market::MarginTier& tier) {
    const double leverage = tier.leverage_max.to_double();
    const double rate = tier.maintenance_rate.to_double();
    if (tier.worth_max.mantissa == 0 || rate <= 0 || leverage < 1)
        return {"has a tier without worth, rate or leverage"};
    return rate < 1 / leverage ? Fault{} : Fault{"has a maintenance margin that its leverage does not leave"};
}

}  // namespace

// https://bybit-exchange.github.io/docs/v5/market/risk-limit, read 2026-07-24
// {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"id":1,"symbol":"BTCUSDT","riskLimitValue":
//  "2000000","maintenanceMargin":"0.005","initialMargin":"0.01","isLowestRisk":1,"maxLeverage":"100.00",
//  "mmDeduction":""}]},"retExtInfo":{},"time":1672054488010}
Result<std::vector<market::MarginTier>> RestCodec::margin_tiers(std::string_view body, std::string_view symbol) {
    std::vector<market::MarginTier> tiers;
    Envelope envelope;
    const auto read_row = [&](ondemand::object object) -> Fault {
        market::MarginTier tier;
        const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            return read_tier(key, value, symbol, tier);
        });
        if (fault) return fault;
        if (const Fault wrong = check_tier(tier)) return wrong;
        tiers.push_back(tier);
        return {};
    };
    Fault fault = impl_->walk_rows(body, envelope, read_row, echo_check(symbol, market::Category::linear));
    const auto worth_of = [](const market::MarginTier& tier) { return tier.worth_max.to_double(); };
    std::ranges::sort(tiers, {}, worth_of);
    const bool is_doubled = std::ranges::adjacent_find(tiers, {}, worth_of) != tiers.end();
    if (!fault && is_doubled) fault = {"has two tiers up to the same worth"};
    if (!fault && tiers.empty()) fault = {"has no tier"};
    if (fault) return refused("risk-limit", fault);
    return tiers;
}

// https://bybit-exchange.github.io/docs/v5/market/instrument, read 2026-07-24
// {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"symbol":"BTCUSDT",
//  "contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","settleCoin":"USDT",
//  "launchTime":"1585526400000","deliveryTime":"0","leverageFilter":{"maxLeverage":"100.00"},
//  "priceFilter":{"minPrice":"0.10","maxPrice":"1999999.80","tickSize":"0.10"},"lotSizeFilter":{"maxOrderQty":
//  "1190.000","minOrderQty":"0.001","qtyStep":"0.001","maxMktOrderQty":"500.000","minNotionalValue":"5"},
//  "fundingInterval":480}],"nextPageCursor":""},"time":1672712495660}
Result<InstrumentsPage> RestCodec::instruments(std::string_view body, market::Category category) {
    InstrumentsPage page;
    Envelope envelope;
    const auto read_row = [&](ondemand::object object) -> Fault {
        Row row;
        row.instrument.category = category;
        row.instrument.status = market::TradingStatus::halted;
        row.has_known_type = category == market::Category::spot;
        const Fault fault = json::each_member(
            object, [&](std::string_view key, ondemand::value value) -> Fault { return row.read(key, value); });
        if (fault) return fault;
        if (row.instrument.symbol.empty()) return {"has an instrument without symbol"};
        // An odd row must not hide the other six hundred: without steps nothing of it could be decoded, so it is left
        // out.
        if (!row.has_known_type || !row.tick_size || !row.lot_size) return {};
        row.instrument.tick_size = *row.tick_size;
        row.instrument.lot_size = *row.lot_size;
        if (category == market::Category::spot) row.instrument.settle.clear();
        if (row.funding_minutes > 0 && row.funding_minutes <= 60 * 24 * 30 && !row.instrument.is_dated) {
            row.instrument.funding_interval = std::chrono::minutes{static_cast<std::int64_t>(row.funding_minutes)};
        }
        page.instruments.push_back(std::move(row.instrument));
        return {};
    };
    const Fault fault =
        impl_->walk_rows(body, envelope, read_row, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "category") return expect_text(value, name(category), "speaks of another category than asked");
            if (key != "nextPageCursor") return json::pass_over(value);
            std::string_view text;
            bool is_null = false;
            if (value.is_null().get(is_null)) return {"has a malformed cursor"};
            if (is_null) return {};
            if (const Fault wrong = json::text_of(value, text)) return wrong;
            page.next_cursor = text.substr(0, 512);
            return {};
        });
    if (fault) return refused("instruments-info", fault);
    return page;
}

}  // namespace vt::exchange::bybit
