#include "demo/wire.hpp"

#include "base/assert.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace vt::demo {
namespace {

constexpr std::array<std::int64_t, 19> kPowers = [] {
    std::array<std::int64_t, 19> powers{};
    powers[0] = 1;
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

template <class Number>
void append_integer(std::string& out, Number value) {
    std::array<char, 24> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    out.append(buffer.data(), end);
}

/// mantissa x 10^-digits.
void append_scaled(std::string& out, std::int64_t mantissa, int digits) {
    if (mantissa < 0) {
        out.push_back('-');
        mantissa = -mantissa;
    }
    const std::int64_t power = kPowers[static_cast<std::size_t>(digits)];
    append_integer(out, mantissa / power);
    if (digits == 0) return;
    out.push_back('.');
    std::int64_t rest = mantissa % power;
    for (int digit = digits - 1; digit >= 0; --digit) {
        const std::int64_t place = kPowers[static_cast<std::size_t>(digit)];
        out.push_back(static_cast<char>('0' + rest / place));
        rest %= place;
    }
}

void append_ms(std::string& out, std::string_view key, std::int64_t ms) {
    out.append(key);
    append_integer(out, ms);
}

}  // namespace

void append_steps(std::string& out, std::int64_t count, Decimal step) {
    append_scaled(out, count * step.mantissa, step.scale);
}

void append_fixed(std::string& out, double value, int digits) {
    VT_ASSERT(digits >= 0 && digits <= 9);
    const double scaled = value * static_cast<double>(kPowers[static_cast<std::size_t>(digits)]);
    if (!(std::abs(scaled) < 9e18)) {  // beyond what an integer holds: whole units are exact enough
        append_integer(out, static_cast<std::int64_t>(std::abs(value) < 9e18 ? value : 0.0));
        return;
    }
    append_scaled(out, std::llround(scaled), digits);
}

void append_number(std::string& out, std::int64_t value) { append_integer(out, value); }
void append_number(std::string& out, std::uint64_t value) { append_integer(out, value); }

void append_levels(std::string& out, std::span<const market::Level> levels, Steps steps) {
    out.push_back('[');
    bool is_first = true;
    for (const market::Level& level : levels) {
        out.append(is_first ? "[\"" : ",[\"");
        is_first = false;
        append_steps(out, level.price.value(), steps.tick);
        out.append("\",\"");
        if (level.quantity.value() == 0) {
            out.push_back('0');
        } else {
            append_steps(out, level.quantity.value(), steps.lot);
        }
        out.append("\"]");
    }
    out.push_back(']');
}

void append_book(std::string& out, const BookFrame& frame, Steps steps) {
    out.append("{\"topic\":\"orderbook.");
    append_integer(out, frame.depth);
    out.append(".").append(frame.symbol);
    const std::string_view type = frame.is_snapshot ? "snapshot" : "delta";
    // Level 1 puts ts before type, the others after it: readers must not depend on an order.
    if (frame.depth == 1) {
        append_ms(out, "\",\"ts\":", frame.at_ms);
        out.append(",\"type\":\"").append(type).append("\",\"data\":{\"s\":\"");
    } else {
        out.append("\",\"type\":\"").append(type);
        append_ms(out, "\",\"ts\":", frame.at_ms);
        out.append(",\"data\":{\"s\":\"");
    }
    out.append(frame.symbol).append("\",\"b\":");
    append_levels(out, frame.bids, steps);
    out.append(",\"a\":");
    append_levels(out, frame.asks, steps);
    out.append(",\"u\":");
    append_integer(out, frame.update_id);
    out.append(",\"seq\":");
    append_integer(out, frame.sequence);
    append_ms(out, "},\"cts\":", frame.at_ms);
    out.push_back('}');
}

void append_trade_id(std::string& out, market::TradeId id) {
    if (id.high == 0) return append_integer(out, id.low);  // spot trades are numbered
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) out.push_back('-');
        const std::uint64_t word = nibble < 16 ? id.high : id.low;
        out.push_back(kDigits[(word >> (60U - 4U * static_cast<unsigned>(nibble % 16))) & 15U]);
    }
}

void append_trades(std::string& out, std::string_view symbol, std::span<const WireTrade> trades, std::int64_t at_ms,
                   Steps steps) {
    out.append("{\"topic\":\"publicTrade.").append(symbol);
    append_ms(out, "\",\"type\":\"snapshot\",\"ts\":", at_ms);
    out.append(",\"data\":[");
    bool is_first = true;
    for (const WireTrade& one : trades) {
        append_ms(out, is_first ? "{\"T\":" : ",{\"T\":", one.at_ms);
        is_first = false;
        out.append(",\"s\":\"").append(symbol);
        out.append(one.trade.aggressor == market::Side::buy ? "\",\"S\":\"Buy\",\"v\":\""
                                                            : "\",\"S\":\"Sell\",\"v\":\"");
        append_steps(out, one.trade.quantity.value(), steps.lot);
        out.append("\",\"p\":\"");
        append_steps(out, one.trade.price.value(), steps.tick);
        if (steps.category != market::Category::spot) out.append("\",\"L\":\"").append(one.direction);
        out.append("\",\"i\":\"");
        append_trade_id(out, one.trade.id);
        out.append("\",\"BT\":false,\"RPI\":false,\"seq\":");
        append_integer(out, one.sequence);
        out.push_back('}');
    }
    out.append("]}");
}

void append_liquidations(std::string& out, std::string_view symbol, std::span<const WireLiquidation> liquidations,
                         std::int64_t at_ms, Steps steps) {
    out.append("{\"topic\":\"allLiquidation.").append(symbol);
    append_ms(out, "\",\"type\":\"snapshot\",\"ts\":", at_ms);
    out.append(",\"data\":[");
    bool is_first = true;
    for (const WireLiquidation& one : liquidations) {
        append_ms(out, is_first ? "{\"T\":" : ",{\"T\":", one.at_ms);
        is_first = false;
        const bool is_long = one.liquidation.side == market::LiquidatedSide::long_position;
        out.append(",\"s\":\"").append(symbol);
        out.append(is_long ? "\",\"S\":\"Buy\",\"v\":\""
                           : "\",\"S\":\"Sell\",\"v\":\"");  // Buy: a long was liquidated
        const bool is_inverse = steps.category == market::Category::inverse;
        const double quantity = one.liquidation.quantity * (is_inverse ? one.liquidation.price : 1);
        append_steps(out, std::llround(quantity / steps.lot.to_double()), steps.lot);
        out.append("\",\"p\":\"");
        append_steps(out, std::llround(one.liquidation.price / steps.tick.to_double()), steps.tick);
        out.append("\"}");
    }
    out.append("]}");
}

void append_volumes(std::string& out, const market::Candle& candle, std::string_view between, Steps steps) {
    const bool is_inverse = steps.category == market::Category::inverse;
    const double volume = is_inverse ? candle.turnover_quote : candle.volume_base;
    append_steps(out, std::llround(volume / steps.lot.to_double()), steps.lot);
    out.append(between);
    append_fixed(out, is_inverse ? candle.volume_base : candle.turnover_quote, is_inverse ? 8 : 4);
}

void append_candle(std::string& out, std::string_view symbol, std::string_view name, const market::Candle& candle,
                   std::int64_t at_ms, Steps steps) {
    const auto price = [&](std::string_view key, double value) {
        out.append(key);
        append_steps(out, std::llround(value / steps.tick.to_double()), steps.tick);
    };
    out.append("{\"topic\":\"kline.").append(name).append(".").append(symbol).append("\",\"data\":[{");
    append_ms(out, "\"start\":", to_ms(candle.open_time));
    append_ms(out, ",\"end\":", to_ms(candle.open_time + candle.interval) - 1);
    out.append(",\"interval\":\"").append(name);
    price("\",\"open\":\"", candle.open);
    price("\",\"close\":\"", candle.close);
    price("\",\"high\":\"", candle.high);
    price("\",\"low\":\"", candle.low);
    out.append("\",\"volume\":\"");
    append_volumes(out, candle, "\",\"turnover\":\"", steps);
    out.append(candle.is_closed ? "\",\"confirm\":true" : "\",\"confirm\":false");
    append_ms(out, ",\"timestamp\":", at_ms);
    append_ms(out, "}],\"ts\":", at_ms);
    out.append(",\"type\":\"snapshot\"}");
}

void append_ticker_members(std::string& out, const TickerFields& now, const TickerFields* before, Steps steps) {
    bool is_first = true;
    const auto open = [&](std::string_view key) {
        out.append(is_first ? "\"" : ",\"").append(key).append("\":\"");
        is_first = false;
    };
    const auto price = [&](std::string_view key, std::int64_t TickerFields::* field) {
        if (before != nullptr && before->*field == now.*field) return;
        open(key);
        append_steps(out, now.*field, steps.tick);
        out.push_back('"');
    };
    const auto lots = [&](std::string_view key, std::int64_t TickerFields::* field, std::int64_t times) {
        if (before != nullptr && before->*field == now.*field) return;
        open(key);
        append_steps(out, now.*field * times, steps.lot);
        out.push_back('"');
    };
    const auto scaled = [&](std::string_view key, std::int64_t TickerFields::* field, int digits) {
        if (before != nullptr && before->*field == now.*field) return;
        open(key);
        append_scaled(out, now.*field, digits);
        out.push_back('"');
    };
    if (before == nullptr || before->last != now.last) {
        open("tickDirection");
        out.append(now.is_up ? "PlusTick\"" : "MinusTick\"");
    }
    scaled("price24hPcnt", &TickerFields::change_ppm, 6);
    price("lastPrice", &TickerFields::last);
    price("prevPrice24h", &TickerFields::open_24h);
    price("highPrice24h", &TickerFields::high_24h);
    price("lowPrice24h", &TickerFields::low_24h);
    price("prevPrice1h", &TickerFields::open_1h);
    price("markPrice", &TickerFields::mark);
    price("indexPrice", &TickerFields::index);
    lots("openInterest", &TickerFields::interest_lots, 2);  // both sides
    if (before == nullptr || before->interest_lots != now.interest_lots || before->mark != now.mark) {
        const double mark = static_cast<double>(now.mark) * steps.tick.to_double();
        const double value = static_cast<double>(2 * now.interest_lots) * steps.lot.to_double() *
                             (steps.category == market::Category::inverse ? 1 / mark : mark);
        open("openInterestValue");
        append_fixed(out, value, 2);
        out.push_back('"');
    }
    lots("singleOpenInterest", &TickerFields::interest_lots, 1);
    if (before == nullptr || before->turnover != now.turnover) {
        open("turnover24h");
        append_fixed(out, now.turnover, 4);
        out.push_back('"');
    }
    if (before == nullptr || before->volume_lots != now.volume_lots) {
        open("volume24h");
        append_steps(out, std::llround(now.volume_lots), steps.lot);
        out.push_back('"');
    }
    scaled("nextFundingTime", &TickerFields::next_funding_ms, 0);
    scaled("fundingRate", &TickerFields::funding_e8, 8);
    price("bid1Price", &TickerFields::bid);
    lots("bid1Size", &TickerFields::bid_lots, 1);
    price("ask1Price", &TickerFields::ask);
    lots("ask1Size", &TickerFields::ask_lots, 1);
    scaled("fundingIntervalHour", &TickerFields::funding_hours, 0);
    if (before == nullptr) {
        for (const std::string_view key : {"preOpenPrice", "preQty", "curPreListingPhase"}) {
            open(key);
            out.push_back('"');
        }
    }
}

void append_spot_ticker_members(std::string& out, const TickerFields& fields, Steps steps) {
    const auto price = [&](std::string_view key, std::int64_t ticks) {
        out.append(key);
        append_steps(out, ticks, steps.tick);
    };
    price("\"lastPrice\":\"", fields.last);
    price("\",\"highPrice24h\":\"", fields.high_24h);
    price("\",\"lowPrice24h\":\"", fields.low_24h);
    price("\",\"prevPrice24h\":\"", fields.open_24h);
    out.append("\",\"volume24h\":\"");
    append_steps(out, std::llround(fields.volume_lots), steps.lot);
    out.append("\",\"turnover24h\":\"");
    append_fixed(out, fields.turnover, 4);
    out.append("\",\"price24hPcnt\":\"");
    append_scaled(out, fields.change_ppm, 6);
    price("\",\"usdIndexPrice\":\"", fields.index);
    out.push_back('"');
}

}  // namespace vt::demo
