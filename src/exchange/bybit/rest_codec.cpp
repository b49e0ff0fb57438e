#include "exchange/bybit/rest_codec.hpp"

#include "exchange/bybit/rest_parts.hpp"

namespace vt::exchange::bybit {

RestCodec::RestCodec() : impl_(std::make_unique<Impl>()) {}
RestCodec::~RestCodec() = default;
RestCodec::RestCodec(RestCodec&&) noexcept = default;
RestCodec& RestCodec::operator=(RestCodec&&) noexcept = default;

// https://bybit-exchange.github.io/docs/v5/guide, read 2026-07-24
// {"retCode":10006,"retMsg":"Too many visits!","result":{},"retExtInfo":{},"time":1672025956592}
Result<Envelope> RestCodec::envelope(std::string_view body) {
    Envelope envelope;
    const Fault fault = impl_->walk_result(
        body, envelope, [](std::string_view, ondemand::value value) -> Fault { return json::pass_over(value); });
    if (fault) return refused("reply", fault);
    return envelope;
}

// https://bybit-exchange.github.io/docs/v5/market/time, read 2026-07-24
// {"retCode":0,"retMsg":"OK","result":{"timeSecond":"1700000000","timeNano":"1700000000123456789"},"retExtInfo":{},
//  "time":1700000000123}
Result<Timestamp> RestCodec::server_time(std::string_view body) {
    constexpr std::uint64_t kLast = 9'000'000'000'000'000'000;
    Envelope envelope;
    std::uint64_t nanos = 0;
    const Fault fault = impl_->walk_result(body, envelope, [&](std::string_view key, ondemand::value value) -> Fault {
        return key == "timeNano" ? json::count_of(value, nanos) : json::pass_over(value);
    });
    if (fault) return refused("time", fault);
    if (nanos == 0 || nanos > kLast) return refused("time", {"lacks its timeNano"});
    return from_ns(static_cast<std::int64_t>(nanos));
}

// https://bybit-exchange.github.io/docs/v5/market/tickers, read 2026-07-24
// {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"symbol":"BTCUSDT","lastPrice":"16597.00",
//  "turnover24h":"470484.5","volume24h":"28.3","openInterest":"50.2","fundingRate":"0.0001"}]},"time":1672376496682}
Result<std::vector<TickerRow>> RestCodec::tickers(std::string_view body, market::Category category) {
    std::vector<TickerRow> rows;
    Envelope envelope;
    const auto row = [&](ondemand::object object) -> Fault {
        TickerRow read;
        OpenInterestReading interest;
        bool moves_book = false;
        const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key != "symbol") return read_ticker_member(key, value, read.ticker, interest, moves_book);
            std::string_view text;
            if (const Fault wrong = json::text_of(value, text)) return wrong;
            read.symbol = text.substr(0, 64);
            return {};
        });
        if (fault) return fault;
        if (read.symbol.empty()) return {"has a ticker without symbol"};
        settle_units(read.ticker, interest, category);
        read.turnover_24h_quote = read.ticker.turnover_24h_quote.value_or(0);
        rows.push_back(std::move(read));
        return {};
    };
    const Fault fault = impl_->walk_rows(body, envelope, row, echo_check({}, category));
    if (fault) return refused("tickers", fault);
    return rows;
}

// https://bybit-exchange.github.io/docs/v5/market/kline, read 2026-07-24: newest first
// {"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"linear","list":[["1670608800000",
//  "17071","17073","17027","17055.5","268611","15.74462667"]]},"retExtInfo":{},"time":1672025956592}
Result<std::size_t> RestCodec::candles(std::string_view body, HistoryOf of, Nanos interval, EventStamp stamp,
                                       Output& out) {
    Envelope envelope;
    const EventMark mark(out);
    bool has_list = false;
    const auto echo = echo_check(of.symbol, of.category);
    Fault fault = impl_->walk_result(body, envelope, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key != "list") return echo(key, value);
        has_list = true;
        return json::each_element(value, [&](ondemand::value element) -> Fault {
            market::Candle candle;
            candle.interval = interval;
            double* const into[] = {&candle.open,  &candle.high,        &candle.low,
                                    &candle.close, &candle.volume_base, &candle.turnover_quote};
            std::size_t count = 0;
            const Fault wrong = json::each_element(element, [&](ondemand::value number) -> Fault {
                if (count > std::size(into)) return {"has a candle of more than seven numbers"};
                const std::size_t place = count++;
                return place == 0 ? json::instant_of(number, candle.open_time)
                                  : json::required_real_of(number, *into[place - 1]);
            });
            if (wrong) return wrong;
            if (count != 1 + std::size(into)) return {"has a candle of less than seven numbers"};
            if (const Fault odd = check_candle(candle)) return odd;
            settle_units(candle, of.category);
            out.events.push_back({of.instrument, candle.open_time, stamp.received, stamp.source_sequence, candle});
            return {};
        });
    });
    if (!fault && !has_list) fault = {"lacks its list"};
    if (!fault && envelope.server_time == Timestamp{}) fault = {"lacks its time"};
    for (std::size_t i = out.events.size() - mark.count(); i < out.events.size() && !fault; ++i) {
        auto& candle = std::get<market::Candle>(out.events[i].body);
        candle.is_closed = candle.open_time + interval <= envelope.server_time;
    }
    return finish("kline", fault, mark);
}

// https://bybit-exchange.github.io/docs/v5/market/open-interest, read 2026-07-24; openInterest counts both sides.
// Inverse contracts count in USD and a row names no price to convert at: refused
// {"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"linear","list":[
//  {"openInterest":"63910691.0","singleOpenInterest":"31955345.5","timestamp":"1780963200000"}],
//  "nextPageCursor":""},"time":1780994051392}
Result<std::size_t> RestCodec::open_interest(std::string_view body, HistoryOf of, EventStamp stamp, Output& out) {
    Envelope envelope;
    const EventMark mark(out);
    const auto row = [&](ondemand::object object) -> Fault {
        OpenInterestReading interest;
        Timestamp at;
        const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "openInterest") return json::real_of(value, interest.both_sides);
            if (key == "singleOpenInterest") return json::real_of(value, interest.one_side);
            return key == "timestamp" ? json::instant_of(value, at) : json::pass_over(value);
        });
        if (fault) return fault;
        const auto base = of.category == market::Category::linear ? one_sided(interest) : std::nullopt;
        if (!base || *base < 0 || at == Timestamp{}) return {"has a sample without time or open interest"};
        out.events.push_back(
            {of.instrument, at, stamp.received, stamp.source_sequence, market::OpenInterestSample{*base}});
        return {};
    };
    return finish("open-interest", impl_->walk_rows(body, envelope, row, echo_check(of.symbol, of.category)), mark);
}

// https://bybit-exchange.github.io/docs/v5/market/long-short-ratio, read 2026-07-24; shares of accounts
// {"retCode":0,"retMsg":"OK","result":{"list":[{"symbol":"BTCUSDT","buyRatio":"0.49","sellRatio":"0.51",
//  "timestamp":"1696262400000"}],"nextPageCursor":""},"retExtInfo":{},"time":1731567491688}
Result<std::size_t> RestCodec::account_ratio(std::string_view body, HistoryOf of, EventStamp stamp, Output& out) {
    Envelope envelope;
    const EventMark mark(out);
    const auto row = [&](ondemand::object object) -> Fault {
        market::LongShortRatio ratio;
        Timestamp at;
        const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "symbol") return expect_text(value, of.symbol, "speaks of another symbol than asked");
            if (key == "buyRatio") return json::required_real_of(value, ratio.long_share);
            if (key == "sellRatio") return json::required_real_of(value, ratio.short_share);
            return key == "timestamp" ? json::instant_of(value, at) : json::pass_over(value);
        });
        if (fault) return fault;
        const double sum = ratio.long_share + ratio.short_share;
        if (at == Timestamp{} || ratio.long_share < 0 || ratio.short_share < 0 || std::abs(sum - 1) > 0.001) {
            return {"has shares that do not add up to 1, or no time"};
        }
        out.events.push_back({of.instrument, at, stamp.received, stamp.source_sequence, ratio});
        return {};
    };
    return finish("account-ratio", impl_->walk_rows(body, envelope, row, echo_check(of.symbol, of.category)), mark);
}

// https://bybit-exchange.github.io/docs/v5/market/history-fund-rate, read 2026-07-24
// {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"symbol":"BTCUSDT","fundingRate":"0.0001",
//  "fundingRateTimestamp":"1672041600000"}]},"retExtInfo":{},"time":1672051897447}
Result<std::size_t> RestCodec::funding(std::string_view body, HistoryOf of, EventStamp stamp, Output& out) {
    Envelope envelope;
    const EventMark mark(out);
    const auto row = [&](ondemand::object object) -> Fault {
        market::FundingSettlement settlement;
        Timestamp at;
        const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            if (key == "symbol") return expect_text(value, of.symbol, "speaks of another symbol than asked");
            if (key == "fundingRate") return json::required_real_of(value, settlement.rate);
            return key == "fundingRateTimestamp" ? json::instant_of(value, at) : json::pass_over(value);
        });
        if (fault) return fault;
        if (at == Timestamp{}) return {"has a settlement without time"};
        out.events.push_back({of.instrument, at, stamp.received, stamp.source_sequence, settlement});
        return {};
    };
    return finish("funding/history", impl_->walk_rows(body, envelope, row, echo_check(of.symbol, of.category)), mark);
}

// https://bybit-exchange.github.io/docs/v5/market/recent-trade, read 2026-07-24
// {"retCode":0,"retMsg":"OK","result":{"category":"linear","list":[{"execId":"2100000000007764263",
//  "symbol":"BTCUSDT","price":"16618.49","size":"0.012","side":"Buy","time":"1672052955758","isBlockTrade":false}]},
//  "time":1672053054358}
Result<std::size_t> RestCodec::trades(std::string_view body, const market::Instrument& instrument, EventStamp stamp,
                                      Output& out) {
    Envelope envelope;
    const EventMark mark(out);
    const auto row = [&](ondemand::object object) -> Fault {
        market::Trade trade;
        Timestamp at;
        std::optional<market::TradeId> id;
        std::int64_t price = 0;
        std::int64_t quantity = 0;
        const Fault fault = json::each_member(object, [&](std::string_view key, ondemand::value value) -> Fault {
            std::string_view text;
            if (key == "time") return json::instant_of(value, at);
            if (key == "isBlockTrade") return json::flag_of(value, trade.is_block);
            if (key == "symbol") return expect_text(value, instrument.symbol, "speaks of another symbol than asked");
            if (key != "execId" && key != "price" && key != "size" && key != "side") return json::pass_over(value);
            if (const Fault wrong = json::text_of(value, text)) return wrong;
            if (key == "price") return json::steps_of(text, instrument.tick_size, price);
            if (key == "size") return json::steps_of(text, instrument.lot_size, quantity);
            if (key == "execId") id = trade_id_of(text);
            if (key == "side" && text != "Buy" && text != "Sell") return {"has a side that is neither Buy nor Sell"};
            if (key == "side") trade.aggressor = text == "Buy" ? market::Side::buy : market::Side::sell;
            return {};
        });
        if (fault) return fault;
        if (!id || price <= 0 || quantity <= 0 || at == Timestamp{})
            return {"has a trade without id, time, price or size"};
        trade.id = *id;
        trade.price = Ticks{price};
        trade.quantity = Lots{quantity};
        out.events.push_back({instrument.id, at, stamp.received, stamp.source_sequence, trade});
        return {};
    };
    const Fault fault = impl_->walk_rows(body, envelope, row, echo_check(instrument.symbol, instrument.category));
    if (fault) {
        mark.undo();
        return refused("recent-trade", fault);
    }
    mark.reverse();  // several prints may share a millisecond
    return mark.count();
}

// https://bybit-exchange.github.io/docs/v5/market/orderbook, read 2026-07-24
// {"retCode":0,"retMsg":"OK","result":{"s":"BTCUSDT","a":[["62710.3","0.01"]],"b":[["62710.2","5.52"]],
//  "ts":1709199771584,"u":243781,"seq":3887177875},"retExtInfo":{},"time":1709199771643}
Result<BookSnapshot> RestCodec::book(std::string_view body, const market::Instrument& instrument) {
    Envelope envelope;
    BookSnapshot book;
    Timestamp pushed_at;
    const Fault fault = impl_->walk_result(body, envelope, [&](std::string_view key, ondemand::value value) -> Fault {
        if (key == "s") return expect_text(value, instrument.symbol, "speaks of another symbol than asked");
        if (key == "b") return read_levels(value, instrument, book.bids);
        if (key == "a") return read_levels(value, instrument, book.asks);
        if (key == "u") return json::count_of(value, book.update_id);
        if (key == "seq") return json::count_of(value, book.cross_sequence);
        if (key == "ts") return json::instant_of(value, pushed_at);
        return key == "cts" ? json::instant_of(value, book.matched_at) : json::pass_over(value);
    });
    if (fault) return refused("orderbook", fault);
    if (book.update_id == 0 || pushed_at == Timestamp{}) return refused("orderbook", {"lacks u or ts"});
    book.symbol = instrument.symbol;
    if (book.matched_at == Timestamp{}) book.matched_at = pushed_at;
    return book;
}

}  // namespace vt::exchange::bybit
