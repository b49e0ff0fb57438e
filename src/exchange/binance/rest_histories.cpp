// Histories and samples: REST rows that become market events, oldest first.

#include "exchange/binance/rest_parts.hpp"
#include "exchange/candle_check.hpp"

#include <array>
#include <cmath>

namespace vt::exchange::binance {

using json::Fault;
namespace ondemand = json::ondemand;

namespace {

/// Takes back what a refused body appended.
class EventMark {
public:
    explicit EventMark(Output& out) : out_(out), size_(out.events.size()) {}
    [[nodiscard]] std::size_t count() const { return out_.events.size() - size_; }
    /// Oldest first as documented; histories have no two rows of one time, trades may.
    [[nodiscard]] bool ascends(bool may_repeat) const {
        for (std::size_t i = size_ + 1; i < out_.events.size(); ++i) {
            const Timestamp before = out_.events[i - 1].exchange_time;
            const Timestamp at = out_.events[i].exchange_time;
            if (may_repeat ? at < before : at <= before) return false;
        }
        return true;
    }
    /// The end of each history: all or nothing.
    Result<std::size_t> finish(std::string_view source, Fault fault, bool may_repeat = false) const {
        if (!fault && !ascends(may_repeat)) fault = {"is not ordered oldest first"};
        if (!fault) return count();
        out_.events.resize(size_);
        return refused_body(source, fault);
    }

private:
    Output& out_;
    std::size_t size_;
};

Fault expect_symbol(ondemand::value value, std::string_view expected) {
    std::string_view text;
    if (const Fault fault = json::text_of(value, text)) return fault;
    return text == expected ? Fault{} : Fault{"speaks of another symbol than asked"};
}

Fault required_member(ondemand::value value, double& out) {
    std::string_view text;
    if (const Fault fault = scalar_text(value, text)) return fault;
    return required_real(text, out);
}

}  // namespace

// [[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499644799999,"2434.19055334",308,
//   "1756.87402397","28.46694368","0"]]: open time, open, high, low, close, base volume, close time, quote volume,
//   trades ...
Result<std::size_t> RestCodec::candles(std::string_view body, const BarsOf& bars, EventStamp stamp, Output& out) {
    const EventMark mark(out);
    const Fault fault = impl_->walk_list(body, [&](ondemand::value element) -> Fault {
        market::Candle candle;
        candle.interval = bars.interval;
        const std::array<double*, 8> places = {nullptr,     &candle.open,          &candle.high,
                                               &candle.low, &candle.close,         &candle.volume_base,
                                               nullptr,     &candle.turnover_quote};
        std::size_t count = 0;
        const Fault wrong = json::each_element(element, [&](ondemand::value number) -> Fault {
            const std::size_t place = count++;
            if (place == 0) return json::instant_of(number, candle.open_time);
            if (place >= places.size() || places[place] == nullptr) return json::pass_over(number);
            return required_member(number, *places[place]);
        });
        if (wrong) return wrong;
        if (count < places.size()) return {"has a candle of less than eight numbers"};
        if (const char* const defect = candle_defect(candle)) return {defect};
        if (floor_to(candle.open_time, bars.interval) != candle.open_time &&
            bars.interval < std::chrono::hours{24 * 7})
            return {"has a candle of another interval than asked"};
        candle.is_closed = candle.open_time + bars.interval <= bars.server_now;
        out.events.push_back({bars.of.instrument, candle.open_time, stamp.received, stamp.source_sequence, candle});
        return {};
    });
    return mark.finish("klines", fault);
}

// {"openInterest":"10659.509","symbol":"BTCUSDT","time":1589437530011}
Result<std::size_t> RestCodec::open_interest(std::string_view body, HistoryOf of, EventStamp stamp, Output& out) {
    market::Ticker ticker;
    double base = -1;
    Timestamp at;
    bool has_symbol = false;
    const EventMark mark(out);
    Fault fault = impl_->walk_object(body, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "openInterest") return required_member(value, base);
        if (key == "time") return json::instant_of(value, at);
        if (key != "symbol") return json::pass_over(value);
        has_symbol = true;
        return expect_symbol(value, of.symbol);
    });
    if (!fault && (base < 0 || at == Timestamp{} || !has_symbol)) fault = {"lacks openInterest, symbol or time"};
    if (!fault) {
        ticker.open_interest_base = base;
        out.events.push_back({of.instrument, at, stamp.received, stamp.source_sequence, ticker});
    }
    return mark.finish("openInterest", fault);
}

// [{"symbol":"BTCUSDT","sumOpenInterest":"20403.63700000","sumOpenInterestValue":"150570784.07","timestamp":"1583127900000"}]
Result<std::size_t> RestCodec::open_interest_history(std::string_view body, HistoryOf of, EventStamp stamp,
                                                     Output& out) {
    const EventMark mark(out);
    const Fault fault = impl_->walk_rows(body, [&](ondemand::object object) -> Fault {
        double base = -1;
        Timestamp at;
        const Fault wrong = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "symbol") return expect_symbol(value, of.symbol);
            if (key == "sumOpenInterest") return required_member(value, base);
            return key == "timestamp" ? json::instant_of(value, at) : json::pass_over(value);
        });
        if (wrong) return wrong;
        if (base < 0 || at == Timestamp{}) return {"has a sample without time or open interest"};
        out.events.push_back(
            {of.instrument, at, stamp.received, stamp.source_sequence, market::OpenInterestSample{base}});
        return {};
    });
    return mark.finish("openInterestHist", fault);
}

// [{"symbol":"BTCUSDT","longAccount":"0.6622","longShortRatio":"1.9603","shortAccount":"0.3378","timestamp":"1583139600000"}]
// The position ratio writes its shares under the same names, or as longPosition and shortPosition.
Result<std::size_t> RestCodec::long_short_ratio(std::string_view body, const RatiosOf& ratios, EventStamp stamp,
                                                Output& out) {
    const HistoryOf& of = ratios.of;
    const EventMark mark(out);
    const Fault fault = impl_->walk_rows(body, [&](ondemand::object object) -> Fault {
        market::LongShortRatio ratio{-1, -1, ratios.kind};
        Timestamp at;
        const Fault wrong = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "symbol") return expect_symbol(value, of.symbol);
            if (key == "longAccount" || key == "longPosition") return required_member(value, ratio.long_share);
            if (key == "shortAccount" || key == "shortPosition") return required_member(value, ratio.short_share);
            return key == "timestamp" ? json::instant_of(value, at) : json::pass_over(value);
        });
        if (wrong) return wrong;
        const bool has_shares = ratio.long_share >= 0 && ratio.short_share >= 0 &&
                                std::abs(ratio.long_share + ratio.short_share - 1) <= 0.001;
        if (at == Timestamp{} || !has_shares) return {"has shares that do not add up to 1, or no time"};
        out.events.push_back({of.instrument, at, stamp.received, stamp.source_sequence, ratio});
        return {};
    });
    return mark.finish("long/short ratio", fault);
}

// [{"symbol":"TSLAUSDT","fundingTime":1783065600001,"fundingRate":"0.00000000","markPrice":"397.86000000"}]
Result<std::size_t> RestCodec::funding(std::string_view body, HistoryOf of, EventStamp stamp, Output& out) {
    const EventMark mark(out);
    const Fault fault = impl_->walk_rows(body, [&](ondemand::object object) -> Fault {
        market::FundingSettlement settlement;
        Timestamp at;
        bool has_rate = false;
        const Fault wrong = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "symbol") return expect_symbol(value, of.symbol);
            if (key == "fundingTime") return json::instant_of(value, at);
            if (key != "fundingRate") return json::pass_over(value);
            has_rate = true;
            return required_member(value, settlement.rate);
        });
        if (wrong) return wrong;
        if (at == Timestamp{} || !has_rate) return {"has a settlement without time or rate"};
        out.events.push_back({of.instrument, floor_to(at, std::chrono::seconds{1}), stamp.received,
                              stamp.source_sequence, settlement});
        return {};
    });
    return mark.finish("fundingRate", fault);
}

// trades:
// [{"id":28457,"price":"4.00000100","qty":"12.00000000","quoteQty":"48.00","time":1499865549590,"isBuyerMaker":true}]
// aggTrades: [{"a":26129,"p":"0.01633102","q":"4.70443515","f":27781,"l":27781,"T":1498793709153,"m":true}]
Result<std::size_t> RestCodec::trades(std::string_view body, const market::Instrument& instrument, EventStamp stamp,
                                      Output& out) {
    const EventMark mark(out);
    const Fault fault = impl_->walk_rows(body, [&](ondemand::object object) -> Fault {
        market::Trade trade;
        TextLevel texts;
        Timestamp at;
        unsigned found = 0;
        const Fault wrong = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            const bool is_aggregate = key == "a";
            if (key == "id" || is_aggregate) {
                trade.id.high = is_aggregate ? 1 : 0;
                ++found;
                return json::count_of(value, trade.id.low);
            }
            if (key == "time" || key == "T") return json::instant_of(value, at);
            if (key == "price" || key == "p") return json::text_of(value, texts.first);
            if (key == "qty" || key == "q") return json::text_of(value, texts.second);
            if (key != "isBuyerMaker" && key != "m") return json::pass_over(value);
            bool is_buyer_maker = false;
            const Fault bad = json::flag_of(value, is_buyer_maker);
            trade.aggressor = is_buyer_maker ? market::Side::sell : market::Side::buy;
            ++found;
            return bad;
        });
        if (wrong) return wrong;
        if (found != 2 || at == Timestamp{} || texts.first.empty() || texts.second.empty())
            return {"has a trade without id, time, price, quantity or side"};
        market::Level level;
        if (const Fault bad = level_of(texts, instrument, level)) return bad;
        if (level.quantity <= Lots{0}) return {"has a trade of no quantity"};
        trade.price = level.price;
        trade.quantity = level.quantity;
        out.events.push_back({instrument.id, at, stamp.received, stamp.source_sequence, trade});
        return {};
    });
    return mark.finish("trades", fault, true);
}

}  // namespace vt::exchange::binance
