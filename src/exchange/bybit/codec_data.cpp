#include "exchange/bybit/codec_parts.hpp"
#include "exchange/candle_check.hpp"

#include <algorithm>
#include <charconv>

namespace vt::exchange::bybit {

using json::Fault;
namespace ondemand = json::ondemand;

namespace {

/// Counts members that must be there, each once.
class Members {
public:
    Fault take(unsigned member) {
        if ((seen_ & member) != 0) return {"repeats a member"};
        seen_ |= member;
        return {};
    }
    [[nodiscard]] bool has(unsigned members) const { return (seen_ & members) == members; }

private:
    unsigned seen_ = 0;
};

Fault same_symbol(ondemand::value value, std::string_view symbol) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    return text == symbol ? Fault{} : Fault{"speaks of another symbol than its topic"};
}

Fault side_of(ondemand::value value, market::Side& side) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    if (text != "Buy" && text != "Sell") return {"has a side that is neither Buy nor Sell"};
    side = text == "Buy" ? market::Side::buy : market::Side::sell;
    return {};
}

Fault positive_steps(ondemand::value value, Decimal step, std::int64_t& out) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    if (const Fault fault = json::steps_of(text, step, out)) return fault;
    return out > 0 ? Fault{} : Fault{"has a price or size that is not positive"};
}

Fault positive_real(ondemand::value value, double& out) {
    if (const Fault fault = json::required_real_of(value, out)) return fault;
    return out > 0 ? Fault{} : Fault{"has a price or size that is not positive"};
}

}  // namespace

Fault read_levels(ondemand::value list, const market::Instrument& instrument, std::vector<market::Level>& levels) {
    return json::each_element(list, [&](ondemand::value entry) -> Fault {
        std::int64_t numbers[2] = {0, 0};
        std::size_t count = 0;
        const Fault fault = json::each_element(entry, [&](ondemand::value number) -> Fault {
            std::string_view text;
            if (count == 2) return {"has a level of more than price and size"};
            if (const Fault wrong = json::text_of(number, text)) return wrong;
            const Decimal step = count == 0 ? instrument.tick_size : instrument.lot_size;
            return json::steps_of(text, step, numbers[count++]);
        });
        if (fault) return fault;
        if (count != 2) return {"has a level without price or size"};
        if (numbers[0] <= 0 || numbers[1] < 0) return {"has a negative size or a price that is not positive"};
        levels.push_back({Ticks{numbers[0]}, Lots{numbers[1]}});
        return {};
    });
}

// https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook, read 2026-07-24
// {"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","31.5"],
//  ["30240.00","0"]],"a":[["30248.70","0"],["30249.30","0.89"]],"u":177400507,"seq":66544703},"cts":1687940967464}
Fault read_book(ondemand::value data, std::string_view symbol, std::string_view depth, DataTarget& target,
                Frame& frame) {
    enum : unsigned { s = 1, b = 2, a = 4, u = 8, seq = 16 };
    const char* end = depth.data() + depth.size();
    const auto [at, error] = std::from_chars(depth.data(), end, frame.depth);
    if (depth.empty() || error != std::errc{} || at != end || frame.depth > 1000) return {"names an unknown depth"};
    ondemand::object object;
    if (const Fault fault = json::object_of(data, object)) return fault;
    Members members;
    std::vector<market::Level>& levels = target.levels();
    const std::size_t first = levels.size();
    bool are_asks_first = false;
    const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
        const unsigned member = key == "s"     ? s
                                : key == "b"   ? b
                                : key == "a"   ? a
                                : key == "u"   ? u
                                : key == "seq" ? seq
                                               : 0U;
        if (member == 0) return json::pass_over(value);
        if (const Fault repeated = members.take(member)) return repeated;
        if (member == s) return same_symbol(value, symbol);
        if (member == u) return json::count_of(value, frame.update_id);
        if (member == seq) return json::count_of(value, frame.cross_sequence);
        if (const Fault wrong = read_levels(value, target.instrument(), levels)) return wrong;
        are_asks_first = member == b && members.has(a);
        (member == b ? frame.bid_count : frame.ask_count) =
            levels.size() - first - (member == b ? frame.ask_count : frame.bid_count);
        return {};
    });
    if (fault) return fault;
    if (!members.has(b | a | u)) return {"lacks b, a or u"};
    if (are_asks_first) {  // the caller is promised the bids first
        const auto begin = levels.begin() + static_cast<std::ptrdiff_t>(first);
        std::rotate(begin, begin + static_cast<std::ptrdiff_t>(frame.ask_count), levels.end());
    }
    return {};
}

// https://bybit-exchange.github.io/docs/v5/websocket/public/trade, read 2026-07-24
// {"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":[{"T":1672304486865,"s":"BTCUSDT",
//  "S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false}]}
Fault read_trades(ondemand::value data, std::string_view symbol, DataTarget& target, Frame& frame) {
    enum : unsigned {
        has_time = 1,
        has_symbol = 2,
        has_side = 4,
        has_size = 8,
        has_price = 16,
        has_id = 32,
        has_block = 64
    };
    return json::each_element(data, [&](ondemand::value element) -> Fault {
        ondemand::object print;
        if (const Fault fault = json::object_of(element, print)) return fault;
        Members members;
        market::Trade trade;
        Timestamp matched_at;
        std::int64_t price = 0;
        std::int64_t quantity = 0;
        const Fault fault = json::each_member(print, [&](std::string_view key, ondemand::value value) -> Fault {
            const unsigned member = key == "T"    ? has_time
                                    : key == "s"  ? has_symbol
                                    : key == "S"  ? has_side
                                    : key == "v"  ? has_size
                                    : key == "p"  ? has_price
                                    : key == "i"  ? has_id
                                    : key == "BT" ? has_block
                                                  : 0U;
            if (member == 0) return json::pass_over(value);
            if (const Fault repeated = members.take(member)) return repeated;
            switch (member) {
                case has_time: return json::instant_of(value, matched_at);
                case has_symbol: return same_symbol(value, symbol);
                case has_side: return side_of(value, trade.aggressor);
                case has_size: return positive_steps(value, target.instrument().lot_size, quantity);
                case has_price: return positive_steps(value, target.instrument().tick_size, price);
                case has_block: return json::flag_of(value, trade.is_block);
                default: break;
            }
            std::string_view text;
            if (const Fault wrong = json::text_of(value, text)) return wrong;
            const auto id = trade_id_of(text);
            if (!id) return {"has a trade id that is neither a UUID nor a number"};
            trade.id = *id;
            return {};
        });
        if (fault) return fault;
        if (!members.has(has_time | has_side | has_size | has_price | has_id))
            return {"has a trade without T, S, v, p or i"};
        trade.price = Ticks{price};
        trade.quantity = Lots{quantity};
        frame.exchange_time = std::max(frame.exchange_time, matched_at);
        target.add(matched_at, trade);
        return {};
    });
}

// https://bybit-exchange.github.io/docs/v5/websocket/public/ticker, read 2026-07-24; linear: a snapshot, then deltas
// in which an absent member is unchanged
// {"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","price24hPcnt":"0.017103",
//  "lastPrice":"17216.00","openInterest":"68744.761","bid1Price":"17215.50","bid1Size":"84.489"},"cs":24987956059,
//  "ts":1673272861686}
Fault read_ticker(ondemand::value data, std::string_view symbol, DataTarget& target, Frame& frame) {
    ondemand::object object;
    if (const Fault fault = json::object_of(data, object)) return fault;
    market::Ticker ticker;
    OpenInterestReading interest;
    const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "symbol") return same_symbol(value, symbol);
        return read_ticker_member(key, value, ticker, interest, frame.moves_book);
    });
    if (fault) return fault;
    settle_units(ticker, interest, target.instrument().category);
    target.add({}, ticker);
    return {};
}

Fault read_ticker_member(std::string_view key, ondemand::value value, market::Ticker& ticker,
                         OpenInterestReading& interest, bool& moves_book) {
    const auto moving = [&](std::optional<double>& into) {
        moves_book = true;
        return json::real_of(value, into);
    };
    std::optional<double> unused;
    if (key == "lastPrice") return moving(ticker.last_price);
    if (key == "bid1Price" || key == "bid1Size" || key == "ask1Price" || key == "ask1Size") return moving(unused);
    if (key == "markPrice") return json::real_of(value, ticker.mark_price);
    if (key == "indexPrice") return json::real_of(value, ticker.index_price);
    if (key == "highPrice24h") return json::real_of(value, ticker.high_24h);
    if (key == "lowPrice24h") return json::real_of(value, ticker.low_24h);
    if (key == "prevPrice24h") return json::real_of(value, ticker.previous_price_24h);
    if (key == "price24hPcnt") return json::real_of(value, ticker.change_24h);
    if (key == "volume24h") return json::real_of(value, ticker.volume_24h_base);
    if (key == "turnover24h") return json::real_of(value, ticker.turnover_24h_quote);
    if (key == "fundingRate") return json::real_of(value, ticker.funding_rate);
    if (key == "openInterest") return json::real_of(value, interest.both_sides);
    if (key == "singleOpenInterest") return json::real_of(value, interest.one_side);
    if (key == "nextFundingTime" || key == "fundingIntervalHour") {
        std::string_view text;
        if (const Fault fault = json::text_of(value, text)) return fault;
        std::optional<double> number;
        if (const Fault fault = json::real_in(text, number)) return fault;
        constexpr double kLastMs = 9.0e12;
        if (!number || *number <= 0) return {};  // dated futures: "" or "0"
        if (*number > kLastMs) return {"has a time out of range"};
        const auto whole = static_cast<std::int64_t>(*number);
        if (key == "nextFundingTime")
            ticker.next_funding_at = from_ms(whole);
        else if (whole <= 24 * 30)
            ticker.funding_interval = std::chrono::hours{whole};
        else
            return {"has a funding interval out of range"};
        return {};
    }
    return json::pass_over(value);
}

// https://bybit-exchange.github.io/docs/v5/websocket/public/all-liquidation, read 2026-07-24. S "Buy": a long was
// liquidated; p is the bankruptcy price
// {"topic":"allLiquidation.ETHUSDT","type":"snapshot","ts":1739502303204,"data":[{"T":1739502302929,"s":"ETHUSDT",
//  "S":"Sell","v":"20000","p":"0.04499"}]}
Fault read_liquidations(ondemand::value data, std::string_view symbol, DataTarget& target, Frame& frame) {
    enum : unsigned { has_time = 1, has_symbol = 2, has_side = 4, has_size = 8, has_price = 16 };
    return json::each_element(data, [&](ondemand::value element) -> Fault {
        ondemand::object entry;
        if (const Fault fault = json::object_of(element, entry)) return fault;
        Members members;
        market::Liquidation liquidation;
        Timestamp matched_at;
        market::Side side = market::Side::buy;
        const Fault fault = json::each_member(entry, [&](std::string_view key, ondemand::value value) -> Fault {
            const unsigned member = key == "T"   ? has_time
                                    : key == "s" ? has_symbol
                                    : key == "S" ? has_side
                                    : key == "v" ? has_size
                                    : key == "p" ? has_price
                                                 : 0U;
            if (member == 0) return json::pass_over(value);
            if (const Fault repeated = members.take(member)) return repeated;
            switch (member) {
                case has_time: return json::instant_of(value, matched_at);
                case has_symbol: return same_symbol(value, symbol);
                case has_side: return side_of(value, side);
                case has_size: return positive_real(value, liquidation.quantity);
                default: return positive_real(value, liquidation.price);
            }
        });
        if (fault) return fault;
        if (!members.has(has_time | has_side | has_size | has_price))
            return {"has a liquidation without T, S, v or p"};
        liquidation.quantity = target.instrument().base_quantity(liquidation.quantity, liquidation.price);
        liquidation.side = side == market::Side::buy ? market::LiquidatedSide::long_position
                                                     : market::LiquidatedSide::short_position;
        frame.exchange_time = std::max(frame.exchange_time, matched_at);
        target.add(matched_at, liquidation);
        return {};
    });
}

// https://bybit-exchange.github.io/docs/v5/websocket/public/kline, read 2026-07-24
// {"topic":"kline.5.BTCUSDT","data":[{"start":1672324800000,"end":1672325099999,"interval":"5","open":"16650",
//  "close":"16677","high":"16680","low":"16608","volume":"2.5","turnover":"41666.4","confirm":false,
//  "timestamp":1672324988882}],"ts":1672324988882,"type":"snapshot"}
Fault read_candles(ondemand::value data, std::string_view interval, DataTarget& target) {
    enum : unsigned { start = 1, open = 2, high = 4, low = 8, close = 16, volume = 32, turnover = 64, confirm = 128 };
    const auto length = interval_of(interval);
    if (!length) return {"names an unknown interval"};
    return json::each_element(data, [&](ondemand::value element) -> Fault {
        ondemand::object entry;
        if (const Fault fault = json::object_of(element, entry)) return fault;
        Members members;
        market::Candle candle;
        candle.interval = *length;
        const auto read = [&](unsigned member, double& into, ondemand::value value) {
            const Fault repeated = members.take(member);
            return repeated ? repeated : json::required_real_of(value, into);
        };
        const Fault fault = json::each_member(entry, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "open") return read(open, candle.open, value);
            if (key == "high") return read(high, candle.high, value);
            if (key == "low") return read(low, candle.low, value);
            if (key == "close") return read(close, candle.close, value);
            if (key == "volume") return read(volume, candle.volume_base, value);
            if (key == "turnover") return read(turnover, candle.turnover_quote, value);
            if (key == "start") {
                const Fault repeated = members.take(start);
                return repeated ? repeated : json::instant_of(value, candle.open_time);
            }
            if (key == "confirm") {
                const Fault repeated = members.take(confirm);
                return repeated ? repeated : json::flag_of(value, candle.is_closed);
            }
            return json::pass_over(value);
        });
        if (fault) return fault;
        if (!members.has(start | open | high | low | close | volume | turnover | confirm))
            return {"has a candle with a member missing"};
        if (const Fault wrong = check_candle(candle)) return wrong;
        settle_units(candle, target.instrument().category);
        target.add({}, candle);
        return {};
    });
}

Fault check_candle(const market::Candle& candle) { return {candle_defect(candle)}; }

}  // namespace vt::exchange::bybit
