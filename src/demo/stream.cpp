#include "demo/stream.hpp"

#include "base/assert.hpp"
#include "demo/recorded_market.hpp"
#include "demo/roster.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace vt::demo {

using market::Side;

namespace {

constexpr std::size_t kRecentTrades = 1000;  // as many as the venue's REST gives
constexpr std::size_t kMaxFrameTrades = 1024;
constexpr std::uint64_t kFirstUpdate = 10'000'000;  // never 1: that says "the service restarted"
constexpr std::int64_t kSecondNs = 1'000'000'000;

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

struct Stream::Impl {
    struct Topic {
        std::string text;
        TopicName name;  // views into text
        std::size_t symbol = 0;
        std::uint32_t watchers = 0;
        sim::DepthWindow window{1};
        std::uint64_t update_id = kFirstUpdate;
        std::uint64_t sequence = 0;
        Timestamp published;
        TickerFields ticker;
        std::optional<market::Candle> candle;
        std::vector<WireLiquidation> liquidations;
    };
    struct Symbol {
        market::Instrument instrument;
        RecordedMarket* recorded = nullptr;
        sim::SymbolMarket* generated = nullptr;
        std::vector<TopicId> topics;  // in the order in which they are published
        std::vector<WireTrade> trades;
        Ring<WireTrade> recent{kRecentTrades};
        Ticks last{0};
        bool is_up = true;
        std::string_view direction = "ZeroPlusTick";
    };

    explicit Impl(StreamParams given);
    void step(Timestamp at, const FrameSink& sink);
    void on_event(Symbol& symbol, const market::Event& event);
    void publish(std::size_t index, Timestamp at, const FrameSink& sink);
    void publish_book(Topic& topic, const Symbol& symbol, Timestamp at, const FrameSink& sink);
    void publish_ticker(std::size_t index, Topic& topic, Timestamp at, const FrameSink& sink);
    void publish_candle(Topic& topic, const Symbol& symbol, Timestamp at, const FrameSink& sink);
    void restart(std::size_t index, Timestamp at, const FrameSink& sink);
    void send(TopicId topic, Timestamp at, const FrameSink& sink);
    [[nodiscard]] TickerFields ticker_of(std::size_t index);
    [[nodiscard]] std::int64_t published_ms(Timestamp session) const { return to_ms(session + params.shift); }

    static const sim::Book& book(const Symbol& symbol) {
        return symbol.recorded != nullptr ? symbol.recorded->book() : symbol.generated->book();
    }
    static sim::Tape& tape(const Symbol& symbol) {
        return symbol.recorded != nullptr ? symbol.recorded->tape() : symbol.generated->tape();
    }
    static sim::Derivatives& derivatives(const Symbol& symbol) {
        return symbol.recorded != nullptr ? symbol.recorded->derivatives() : symbol.generated->derivatives();
    }
    static std::uint64_t sequence(const Symbol& symbol) {
        return symbol.recorded != nullptr ? symbol.recorded->sequence() : symbol.generated->sequence();
    }
    static bool is_listed(const Symbol& symbol) {
        return symbol.recorded != nullptr || symbol.generated->is_listed();
    }
    static Steps steps(const Symbol& symbol) {
        return Steps{.tick = symbol.instrument.tick_size, .lot = symbol.instrument.lot_size};
    }

    StreamParams params;
    std::unique_ptr<sim::Market> market;
    std::vector<std::unique_ptr<RecordedMarket>> recorded;
    std::vector<Symbol> symbols;
    std::map<std::string, std::size_t, std::less<>> by_symbol;
    std::vector<std::unique_ptr<Topic>> topics;
    std::map<std::string, TopicId, std::less<>> by_name;
    Timestamp session_now;
    std::string text;
    std::vector<market::Level> scratch;
};

Stream::Impl::Impl(StreamParams given) : params(std::move(given)), session_now(params.start) {
    VT_ASSERT(params.shift.count() % 60'000'000'000 == 0);
    if (params.generated.empty()) params.generated = generated_symbols();
    const bool has_recording = params.recording != nullptr;
    sim::Params sim_params;
    sim_params.market.start = params.start;
    sim_params.market.truths_start = params.start + params.truths_after;
    sim_params.market.funding_interval = params.funding_interval;
    sim_params.market.depths = {};
    sim_params.has_outside_factor = has_recording;
    const auto played = recorded_symbols();
    std::vector<sim::SymbolParams> made = params.generated;
    if (has_recording) {
        VT_ASSERT(params.recording->symbols.size() == played.size());
        const auto& first = params.recording->symbols[0];
        sim_params.factor_symbol.price = static_cast<double>(first.bids[0].price.value() + first.asks[0].price.value()) /
                                         2 * played[0].tick_size.to_double();
    } else {
        made.insert(made.begin(), played[1]);
    }
    market = std::make_unique<sim::Market>(params.seed, sim_params, made);
    const std::size_t recorded_count = has_recording ? played.size() : 0;
    symbols.reserve(recorded_count + market->size());
    for (std::size_t i = 0; i < recorded_count; ++i) {
        const market::InstrumentId id{static_cast<std::uint32_t>(i)};
        recorded.push_back(std::make_unique<RecordedMarket>(
            params.seed, id, played[i], params.recording->symbols[i],
            RecordedMarket::Params{.start = params.start,
                                   .duration_ms = params.recording->duration_ms,
                                   .funding_interval = params.funding_interval},
            market->history()));
        symbols.push_back(Symbol{.instrument = sim::instrument_of(played[i], id, params.funding_interval),
                                 .recorded = recorded.back().get()});
    }
    for (std::size_t i = 0; i < market->size(); ++i) {
        const market::InstrumentId id{static_cast<std::uint32_t>(symbols.size())};
        symbols.push_back(Symbol{.instrument = sim::instrument_of((*market)[i].params(), id, params.funding_interval),
                                 .generated = &(*market)[i]});
    }
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        by_symbol.emplace(symbols[i].instrument.symbol, i);
        symbols[i].last = tape(symbols[i]).last_price();
    }
}

void Stream::Impl::on_event(Symbol& symbol, const market::Event& event) {
    if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
        if (trade->price != symbol.last) {
            symbol.is_up = trade->price > symbol.last;
            symbol.direction = symbol.is_up ? "PlusTick" : "MinusTick";
        } else {
            symbol.direction = symbol.is_up ? "ZeroPlusTick" : "ZeroMinusTick";
        }
        symbol.last = trade->price;
        const WireTrade wire{.trade = *trade,
                             .at_ms = published_ms(event.exchange_time),
                             .sequence = sequence(symbol),
                             .direction = symbol.direction};
        symbol.recent.push(wire);
        symbol.trades.push_back(wire);
    } else if (const auto* liquidation = std::get_if<market::Liquidation>(&event.body)) {
        for (const TopicId id : symbol.topics) {
            Topic& topic = *topics[id.value()];
            if (topic.watchers == 0 || topic.name.kind != TopicName::Kind::liquidations) continue;
            topic.liquidations.push_back({.liquidation = *liquidation, .at_ms = published_ms(event.exchange_time)});
        }
    }
}

void Stream::Impl::step(Timestamp at, const FrameSink& sink) {
    for (std::size_t i = 0; i < recorded.size(); ++i) {
        const bool has_begun = recorded[i]->advance(at, [&](const market::Event& event) { on_event(symbols[i], event); });
        if (has_begun) restart(i, at, sink);
    }
    if (!recorded.empty()) market->set_factor_price(at, recorded[0]->middle());
    const std::size_t first = recorded.size();
    market->advance(at, [&](const market::Event& event) { on_event(symbols[first + event.instrument.value()], event); });
    for (std::size_t i = 0; i < symbols.size(); ++i) publish(i, at, sink);
}

void Stream::Impl::send(TopicId topic, Timestamp at, const FrameSink& sink) {
    if (sink) sink(topic, text, at + params.shift);
}

void Stream::Impl::publish(std::size_t index, Timestamp at, const FrameSink& sink) {
    Symbol& symbol = symbols[index];
    if (!is_listed(symbol)) {
        symbol.trades.clear();
        return;
    }
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
                append_liquidations(text, symbol.instrument.symbol, topic.liquidations, published_ms(at), steps(symbol));
                topic.liquidations.clear();
                send(id, at, sink);
                break;
            case TopicName::Kind::book: publish_book(topic, symbol, at, sink); break;
            case TopicName::Kind::ticker: publish_ticker(index, topic, at, sink); break;
            case TopicName::Kind::candles: publish_candle(topic, symbol, at, sink); break;
        }
    }
    symbol.trades.clear();
}

void Stream::Impl::publish_book(Topic& topic, const Symbol& symbol, Timestamp at, const FrameSink& sink) {
    const std::uint32_t depth = topic.name.depth;
    if (!is_due(at, cadence(depth))) return;
    const bool has_changed = topic.window.refresh(book(symbol));
    const TopicId id = by_name.find(topic.text)->second;
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
    const double tick = symbol.instrument.tick();
    const double lot = symbol.instrument.lot();
    TickerFields fields{.is_up = symbol.is_up,
                        .last = tape(symbol).last_price().value(),
                        .open_24h = day.open.value(),
                        .high_24h = day.high.value(),
                        .low_24h = day.low.value(),
                        .open_1h = day.hour_ago.value(),
                        .mark = std::llround(contract.mark_price() / tick),
                        .index = std::llround(contract.index_price() / tick),
                        .interest_lots = std::llround(contract.open_interest_base() / lot),
                        .funding_e8 = std::llround(contract.funding_rate() * 1e8),
                        .next_funding_ms = published_ms(contract.next_funding()),
                        .funding_hours = contract.funding_interval() / std::chrono::hours{1},
                        .turnover = day.turnover_quote,
                        .volume_lots = std::round(day.volume_base / lot)};
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

void Stream::Impl::publish_ticker(std::size_t index, Topic& topic, Timestamp at, const FrameSink& sink) {
    if (!is_due(at, std::chrono::milliseconds{100})) return;
    const TickerFields now = ticker_of(index);
    if (now == topic.ticker) return;
    const Symbol& symbol = symbols[index];
    topic.sequence = sequence(symbol);
    topic.published = at;
    text.clear();
    text.append("{\"topic\":\"tickers.").append(symbol.instrument.symbol);
    text.append("\",\"type\":\"delta\",\"data\":{\"symbol\":\"").append(symbol.instrument.symbol).append("\",");
    append_ticker_members(text, now, &topic.ticker, steps(symbol));
    if (text.back() == ',') text.pop_back();  // only the direction of the last tick differs: nothing to say
    text.append("},\"cs\":");
    append_number(text, topic.sequence);
    text.append(",\"ts\":");
    append_number(text, published_ms(at));
    text.push_back('}');
    topic.ticker = now;
    send(by_name.find(topic.text)->second, at, sink);
}

void Stream::Impl::publish_candle(Topic& topic, const Symbol& symbol, Timestamp at, const FrameSink& sink) {
    if (to_ns(at) % kSecondNs != 0) return;
    const Nanos interval = topic.name.interval;
    const auto last_two = tape(symbol).candles(interval, at - 2 * interval, at + std::chrono::seconds{1}, 2, params.shift);
    for (market::Candle candle : last_two) {
        candle.open_time += params.shift;
        const bool is_new = !topic.candle || candle.open_time >= topic.candle->open_time;
        if (!is_new || candle == topic.candle) continue;
        if (!topic.candle && candle.is_closed) continue;  // closed before anybody watched
        text.clear();
        append_candle(text, symbol.instrument.symbol, topic.name.interval_name, candle, published_ms(at), steps(symbol));
        topic.candle = candle;
        send(by_name.find(topic.text)->second, at, sink);
    }
}

Stream::Stream(StreamParams params) : impl_(std::make_unique<Impl>(std::move(params))) {}
Stream::~Stream() = default;

Result<TopicId> Stream::topic(std::string_view name) {
    if (const auto known = impl_->by_name.find(name); known != impl_->by_name.end()) return known->second;
    const auto parsed = parse_topic(name);
    const auto index = parsed ? find(parsed->symbol) : std::nullopt;
    if (!index || !Impl::is_listed(impl_->symbols[*index])) {
        return fail(Errc::not_found, "handler not found,topic:" + std::string(name));
    }
    const TopicId id{static_cast<std::uint32_t>(impl_->topics.size())};
    auto made = std::make_unique<Impl::Topic>();
    made->text = name;
    made->name = *parse_topic(made->text);
    made->symbol = *index;
    made->window = sim::DepthWindow(std::max(1U, made->name.depth));
    impl_->by_name.emplace(made->text, id);
    impl_->topics.push_back(std::move(made));
    auto& order = impl_->symbols[*index].topics;
    order.push_back(id);
    // Trades before the books that they changed, then the ticker, then candles.
    const auto rank = [&](TopicId of) {
        constexpr std::array<int, 5> kRanks{2, 0, 3, 1, 4};
        const TopicName& topic = impl_->topics[of.value()]->name;
        return std::pair(kRanks[static_cast<std::size_t>(topic.kind)], impl_->topics[of.value()]->text);
    };
    std::sort(order.begin(), order.end(), [&](TopicId a, TopicId b) { return rank(a) < rank(b); });
    return id;
}

const std::string& Stream::topic_name(TopicId topic) const { return impl_->topics[topic.value()]->text; }

void Stream::watch(TopicId id) {
    Impl::Topic& topic = *impl_->topics[id.value()];
    if (topic.watchers++ > 0) return;
    const Impl::Symbol& symbol = impl_->symbols[topic.symbol];
    topic.sequence = Impl::sequence(symbol);
    topic.published = impl_->session_now;
    topic.candle.reset();
    topic.liquidations.clear();
    if (topic.name.kind == TopicName::Kind::book) {
        topic.window.clear();
        topic.window.refresh(Impl::book(symbol));
        if (topic.update_id != kFirstUpdate) ++topic.update_id;
    } else if (topic.name.kind == TopicName::Kind::ticker) {
        topic.ticker = impl_->ticker_of(topic.symbol);
    }
}

void Stream::unwatch(TopicId id) {
    Impl::Topic& topic = *impl_->topics[id.value()];
    VT_ASSERT(topic.watchers > 0);
    --topic.watchers;
}

void Stream::append_first_frame(TopicId id, std::string& out) const {
    const Impl::Topic& topic = *impl_->topics[id.value()];
    const Impl::Symbol& symbol = impl_->symbols[topic.symbol];
    VT_ASSERT(topic.watchers > 0);
    if (topic.name.kind == TopicName::Kind::book) {
        append_book(out,
                    BookFrame{.symbol = symbol.instrument.symbol,
                              .depth = topic.name.depth,
                              .is_snapshot = true,
                              .bids = topic.window.bids(),
                              .asks = topic.window.asks(),
                              .update_id = topic.update_id,
                              .sequence = topic.sequence,
                              .at_ms = impl_->published_ms(topic.published)},
                    Impl::steps(symbol));
    } else if (topic.name.kind == TopicName::Kind::ticker) {
        out.append("{\"topic\":\"tickers.").append(symbol.instrument.symbol);
        out.append("\",\"type\":\"snapshot\",\"data\":{\"symbol\":\"").append(symbol.instrument.symbol).append("\",");
        append_ticker_members(out, topic.ticker, nullptr, Impl::steps(symbol));
        out.append("},\"cs\":");
        append_number(out, topic.sequence);
        out.append(",\"ts\":");
        append_number(out, impl_->published_ms(topic.published));
        out.push_back('}');
    }
}

void Stream::advance(Timestamp until, const FrameSink& sink) {
    const Timestamp session_until = until - impl_->params.shift;
    while (impl_->session_now + sim::kStep <= session_until) {
        impl_->session_now += sim::kStep;
        impl_->step(impl_->session_now, sink);
    }
}

void Stream::restart_books(const FrameSink& sink) {
    for (std::size_t i = 0; i < impl_->symbols.size(); ++i) impl_->restart(i, impl_->session_now, sink);
}

Timestamp Stream::now() const { return impl_->session_now + impl_->params.shift; }
std::size_t Stream::size() const { return impl_->symbols.size(); }
Nanos Stream::shift() const { return impl_->params.shift; }
Nanos Stream::funding_interval() const { return impl_->params.funding_interval; }
TickerFields Stream::ticker(std::size_t index) { return impl_->ticker_of(index); }

SymbolView Stream::symbol(std::size_t index) {
    const Impl::Symbol& symbol = impl_->symbols[index];
    return SymbolView{.instrument = symbol.instrument,
                      .book = Impl::book(symbol),
                      .tape = Impl::tape(symbol),
                      .derivatives = Impl::derivatives(symbol),
                      .recent_trades = symbol.recent,
                      .sequence = Impl::sequence(symbol),
                      .is_listed = Impl::is_listed(symbol)};
}

std::optional<std::size_t> Stream::find(std::string_view symbol) const {
    const auto found = impl_->by_symbol.find(symbol);
    return found == impl_->by_symbol.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Stream::PublishedBook> Stream::published_book(std::size_t index, std::uint32_t depth) const {
    for (const TopicId id : impl_->symbols[index].topics) {
        const Impl::Topic& topic = *impl_->topics[id.value()];
        if (topic.name.kind != TopicName::Kind::book || topic.name.depth != depth || topic.watchers == 0) continue;
        return PublishedBook{.window = topic.window,
                             .update_id = topic.update_id,
                             .sequence = topic.sequence,
                             .at = topic.published + impl_->params.shift};
    }
    return std::nullopt;
}

}  // namespace vt::demo
