// What the demo's stream says of each topic, step by step.

#include "demo/stream_impl.hpp"

#include <algorithm>
#include <cmath>

namespace vt::demo {

using market::Side;

namespace {

constexpr std::size_t kMaxFrameTrades = 1024;

Nanos cadence(std::uint32_t depth) {
    using std::chrono::milliseconds;
    switch (depth) {
        case 200: return milliseconds{100};
        case 1000: return milliseconds{200};
        default: return milliseconds{20};
    }
}

bool is_due(Timestamp at, Nanos every) { return to_ns(at) % every.count() == 0; }

}  // namespace

void Stream::Impl::send(TopicId topic, Timestamp at, const FrameSink& sink) {
    if (sink) sink(topic, text, at + params.shift);
}

void Stream::Impl::publish(std::size_t index, Timestamp at, const FrameSink& sink) {
    Symbol& symbol = symbols[index];
    if (!is_listed(symbol)) return;
    for (const TopicId id : symbol.topics) {
        Topic& topic = *topics[id.value()];
        if (topic.watchers == 0) continue;
        text.clear();
        switch (topic.name.kind) {
            case TopicName::Kind::trades:
                for (std::size_t from = 0; from < symbol.trades.size(); from += kMaxFrameTrades) {
                    const auto part = std::span(symbol.trades).subspan(from);
                    text.clear();
                    append_trades(text, symbol.instrument.symbol, part.first(std::min(part.size(), kMaxFrameTrades)),
                                  published_ms(at), steps(symbol));
                    send(id, at, sink);
                }
                break;
            case TopicName::Kind::liquidations:
                if (topic.liquidations.empty() || !is_due(at, std::chrono::milliseconds{500})) break;
                append_liquidations(text, symbol.instrument.symbol, topic.liquidations, published_ms(at),
                                    steps(symbol));
                topic.liquidations.clear();
                send(id, at, sink);
                break;
            case TopicName::Kind::book: publish_book(topic, symbol, at, sink); break;
            case TopicName::Kind::ticker: publish_ticker(index, topic, at, sink); break;
            case TopicName::Kind::candles: publish_candle(topic, symbol, at, sink); break;
        }
    }
}

void Stream::Impl::publish_book(Topic& topic, const Symbol& symbol, Timestamp at, const FrameSink& sink) {
    const std::uint32_t depth = topic.name.depth;
    if (!is_due(at, cadence(depth))) return;
    const bool has_changed = topic.window.refresh(book(symbol));
    const TopicId id = topic.id;
    BookFrame frame{.symbol = symbol.instrument.symbol, .depth = depth, .at_ms = published_ms(at)};
    if (depth == 1) {  // always whole; said again, with the same u, when nothing has changed for 3 s
        if (!has_changed && at - topic.published < std::chrono::seconds{3}) return;
        frame.is_snapshot = true;
        frame.bids = topic.window.bids();
        frame.asks = topic.window.asks();
    } else {
        if (!has_changed) return;
        frame.bids = topic.window.bid_changes();
        frame.asks = topic.window.ask_changes();
    }
    if (has_changed) {
        ++topic.update_id;
        topic.sequence = sequence(symbol);
    }
    topic.published = at;
    frame.update_id = topic.update_id;
    frame.sequence = topic.sequence;
    text.clear();
    append_book(text, frame, steps(symbol));
    send(id, at, sink);
}

void Stream::Impl::restart(std::size_t index, Timestamp at, const FrameSink& sink) {
    Symbol& symbol = symbols[index];
    for (const TopicId id : symbol.topics) {
        Topic& topic = *topics[id.value()];
        if (topic.watchers == 0 || topic.name.kind != TopicName::Kind::book) continue;
        topic.window.clear();
        topic.window.refresh(book(symbol));
        topic.update_id = 1;
        topic.sequence = sequence(symbol);
        topic.published = at;
        text.clear();
        append_book(text,
                    BookFrame{.symbol = symbol.instrument.symbol,
                              .depth = topic.name.depth,
                              .is_snapshot = true,
                              .bids = topic.window.bids(),
                              .asks = topic.window.asks(),
                              .update_id = 1,
                              .sequence = topic.sequence,
                              .at_ms = published_ms(at)},
                    steps(symbol));
        send(id, at, sink);
    }
}

TickerFields Stream::Impl::ticker_of(std::size_t index) {
    const Symbol& symbol = symbols[index];
    const sim::DayStatistics day = tape(symbol).day();
    const sim::Derivatives& contract = derivatives(symbol);
    const std::int64_t basis = symbol.mirror ? symbol.mirror->basis_ticks() : 0;
    const double size = symbol.mirror ? symbol.mirror->size() : 1;
    const bool is_inverse = symbol.instrument.category == market::Category::inverse;
    const double tick = symbol.instrument.tick();
    const double lot = symbol.instrument.lot();
    TickerFields fields{.is_up = symbol.is_up,
                        .last = tape(symbol).last_price().value(),
                        .open_24h = day.open.value(),
                        .high_24h = day.high.value(),
                        .low_24h = day.low.value(),
                        .open_1h = day.hour_ago.value(),
                        .mark = std::llround(contract.mark_price() / tick) + basis,
                        .index = std::llround(contract.index_price() / tick),
                        .interest_lots = std::llround(contract.open_interest_base() * size *
                                                      (is_inverse ? contract.mark_price() : 1) / lot),
                        .funding_e8 = std::llround(contract.funding_rate() * 1e8),
                        .next_funding_ms = published_ms(contract.next_funding()),
                        .funding_hours = contract.funding_interval() / std::chrono::hours{1},
                        .turnover = is_inverse ? day.volume_base : day.turnover_quote,
                        .volume_lots = std::round((is_inverse ? day.turnover_quote : day.volume_base) / lot)};
    const double change = static_cast<double>(fields.last) / static_cast<double>(fields.open_24h) - 1;
    fields.change_ppm = std::llround(change * 1e6);
    if (const auto bid = book(symbol).best(Side::buy)) {
        fields.bid = bid->price.value();
        fields.bid_lots = bid->quantity.value();
    }
    if (const auto ask = book(symbol).best(Side::sell)) {
        fields.ask = ask->price.value();
        fields.ask_lots = ask->quantity.value();
    }
    return fields;
}

/// The contract's first frame is whole and the others hold what differs; a spot ticker is always whole.
void Stream::Impl::append_ticker(std::string& out, const Topic& topic, const TickerFields& fields,
                                 const TickerFields* before) const {
    const Symbol& symbol = symbols[topic.symbol];
    const bool is_spot = symbol.instrument.category == market::Category::spot;
    out.append("{\"topic\":\"tickers.").append(symbol.instrument.symbol);
    out.append(before == nullptr || is_spot ? "\",\"type\":\"snapshot\"" : "\",\"type\":\"delta\"");
    out.append(",\"data\":{\"symbol\":\"").append(symbol.instrument.symbol).append("\",");
    if (is_spot) {
        append_spot_ticker_members(out, fields, steps(symbol));
    } else {
        append_ticker_members(out, fields, before, steps(symbol));
    }
    if (out.back() == ',') out.pop_back();  // only the direction of the last tick differs: nothing to say
    out.append("},\"cs\":");
    append_number(out, topic.sequence);
    out.append(",\"ts\":");
    append_number(out, published_ms(topic.published));
    out.push_back('}');
}

void Stream::Impl::publish_ticker(std::size_t index, Topic& topic, Timestamp at, const FrameSink& sink) {
    const bool is_spot = symbols[index].instrument.category == market::Category::spot;
    if (!is_due(at, std::chrono::milliseconds{is_spot ? 60 : 100})) return;
    const TickerFields now = ticker_of(index);
    if (now == topic.ticker) return;
    topic.sequence = sequence(symbols[index]);
    topic.published = at;
    text.clear();
    append_ticker(text, topic, now, &topic.ticker);
    topic.ticker = now;
    send(topic.id, at, sink);
}

void Stream::Impl::publish_candle(Topic& topic, const Symbol& symbol, Timestamp at, const FrameSink& sink) {
    if (to_ns(at) % kSecondNs != 0) return;
    const Nanos interval = topic.name.interval;
    const auto last_two =
        tape(symbol).candles(interval, at - 2 * interval, at + std::chrono::seconds{1}, 2, params.shift);
    for (market::Candle candle : last_two) {
        candle.open_time += params.shift;
        const bool is_new = !topic.candle || candle.open_time >= topic.candle->open_time;
        if (!is_new || candle == topic.candle) continue;
        if (!topic.candle && candle.is_closed) continue;  // closed before anybody watched
        text.clear();
        append_candle(text, symbol.instrument.symbol, topic.name.interval_name, candle, published_ms(at),
                      steps(symbol));
        topic.candle = candle;
        send(topic.id, at, sink);
    }
}

}  // namespace vt::demo
