#include "demo/stream.hpp"

#include "base/assert.hpp"
#include "demo/roster.hpp"
#include "demo/stream_impl.hpp"

#include <algorithm>

namespace vt::demo {

Stream::Impl::Impl(StreamParams given) : params(std::move(given)), session_now(params.start) {
    VT_ASSERT(params.shift.count() % kMinuteNs == 0);
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
        sim_params.factor_symbol.price =
            static_cast<double>(first.bids[0].price.value() + first.asks[0].price.value()) / 2 *
            played[0].tick_size.to_double();
    } else {
        made.insert(made.begin(), played[1]);
    }
    market = std::make_unique<sim::Market>(params.seed, sim_params, made);
    const std::size_t recorded_count = has_recording ? played.size() : 0;
    symbols.reserve(recorded_count + market->size());
    for (std::size_t i = 0; i < recorded_count; ++i) {
        const market::InstrumentId id{static_cast<std::uint32_t>(i)};
        recorded.push_back(
            std::make_unique<RecordedMarket>(params.seed, id, played[i], params.recording->symbols[i],
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
    indices[static_cast<std::size_t>(Segment::bybit_linear)] = {.begin = 0, .end = symbols.size()};
    for (const Segment segment : params.others) mirror_into(segment);
    for (std::size_t i = 0; i < symbols.size(); ++i) {
        by_symbol[static_cast<std::size_t>(symbols[i].segment)].emplace(symbols[i].instrument.symbol, i);
        symbols[i].last = tape(symbols[i]).last_price();
    }
}

void Stream::Impl::mirror_into(Segment segment) {
    Indices& mine = indices[static_cast<std::size_t>(segment)];
    VT_ASSERT(mine.end == 0);
    mine.begin = symbols.size();
    const std::size_t linear = indices[static_cast<std::size_t>(Segment::bybit_linear)].end;
    for (std::size_t source = 0; source < linear; ++source) {
        const Symbol& from = symbols[source];
        const sim::SymbolParams& symbol =
            from.recorded != nullptr ? from.recorded->symbol() : from.generated->params();
        const market::InstrumentId id{static_cast<std::uint32_t>(symbols.size())};
        const auto listed = listed_in(segment, symbol, id, params.funding_interval);
        if (!listed) continue;
        const double turnover = from.recorded != nullptr ? params.recording->symbols[source].mean_minute_quote
                                                         : from.generated->mean_minute_quote();
        const Mirror::Params mirror{.terms = terms_of(segment),
                                    .listed = *listed,
                                    .source = symbol,
                                    .start = params.start,
                                    .mean_minute_quote = turnover,
                                    .window_ticks = book(from).window_ticks()};
        symbols[source].mirrors.push_back(symbols.size());
        symbols.push_back(Symbol{.instrument = *listed,
                                 .segment = segment,
                                 .mirror = std::make_unique<Mirror>(params.seed, mirror, market->history()),
                                 .source = source});
    }
    mine.end = symbols.size();
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
        for (const std::size_t mirror : symbol.mirrors) symbols[mirror].mirror->on_trade(*trade, event.exchange_time);
    } else if (const auto* liquidation = std::get_if<market::Liquidation>(&event.body)) {
        for (const std::size_t mirror : symbol.mirrors)
            symbols[mirror].mirror->on_liquidation(*liquidation, event.exchange_time);
        if (observer)
            symbol.liquidations.push_back({.liquidation = *liquidation, .at_ms = published_ms(event.exchange_time)});
        for (const TopicId id : symbol.topics) {
            Topic& topic = *topics[id.value()];
            if (topic.watchers == 0 || topic.name.kind != TopicName::Kind::liquidations) continue;
            topic.liquidations.push_back({.liquidation = *liquidation, .at_ms = published_ms(event.exchange_time)});
        }
    }
}

void Stream::Impl::step(Timestamp at, const FrameSink& sink) {
    for (std::size_t i = 0; i < recorded.size(); ++i) {
        const bool has_begun =
            recorded[i]->advance(at, [&](const market::Event& event) { on_event(symbols[i], event); });
        if (has_begun) restart(i, at, sink);
    }
    if (!recorded.empty()) market->set_factor_price(at, recorded[0]->middle());
    for (market::Event& event : planted) {
        event.exchange_time = event.receive_time = at;
        on_event(symbols[event.instrument.value()], event);
    }
    planted.clear();
    const std::size_t first = recorded.size();
    market->advance(at,
                    [&](const market::Event& event) { on_event(symbols[first + event.instrument.value()], event); });
    for (std::size_t i = indices[0].end; i < symbols.size(); ++i) {
        const Symbol& source = symbols[symbols[i].source];
        symbols[i].mirror->advance(at, book(source), derivatives(source),
                                   [&](const market::Event& event) { on_event(symbols[i], event); });
    }
    for (std::size_t i = 0; i < symbols.size(); ++i) publish(i, at, sink);
    if (observer) observer(at + params.shift);
    for (Symbol& symbol : symbols) {
        symbol.trades.clear();
        symbol.liquidations.clear();
    }
}

Stream::Stream(StreamParams params) : impl_(std::make_unique<Impl>(std::move(params))) {}
Stream::~Stream() = default;

Result<TopicId> Stream::topic(std::string_view name, Segment segment) {
    auto& by_name = impl_->by_name[static_cast<std::size_t>(segment)];
    const auto parsed = parse_topic(name);
    const auto index = parsed ? find(parsed->symbol, segment) : std::nullopt;
    const bool is_spot = category_of(segment) == market::Category::spot;
    if (!index || !impl_->is_listed(impl_->symbols[*index]) ||
        (is_spot && parsed->kind == TopicName::Kind::liquidations)) {
        return fail(Errc::not_found, "handler not found,topic:" + std::string(name));
    }
    if (const auto known = by_name.find(name); known != by_name.end()) return known->second;
    const TopicId id{static_cast<std::uint32_t>(impl_->topics.size())};
    auto made = std::make_unique<Impl::Topic>();
    made->id = id;
    made->text = name;
    made->name = *parse_topic(made->text);
    made->symbol = *index;
    made->window = sim::DepthWindow(std::max(1U, made->name.depth));
    by_name.emplace(made->text, id);
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
    if (topic.needs_book()) follow_book(topic.symbol);
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
    if (--topic.watchers == 0 && topic.needs_book()) unfollow_book(topic.symbol);
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
        impl_->append_ticker(out, topic, topic.ticker, nullptr);
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
std::size_t Stream::size() const { return impl_->indices[0].end; }
Stream::Indices Stream::indices(Segment segment) const { return impl_->indices[static_cast<std::size_t>(segment)]; }
Nanos Stream::shift() const { return impl_->params.shift; }
Nanos Stream::funding_interval() const { return impl_->params.funding_interval; }
TickerFields Stream::ticker(std::size_t index) { return impl_->ticker_of(index); }

SymbolView Stream::symbol(std::size_t index) {
    const Impl::Symbol& symbol = impl_->symbols[index];
    if (symbol.mirror) symbol.mirror->refresh(Impl::book(impl_->symbols[symbol.source]));
    return SymbolView{.instrument = symbol.instrument,
                      .book = Impl::book(symbol),
                      .tape = Impl::tape(symbol),
                      .derivatives = impl_->derivatives(symbol),
                      .recent_trades = symbol.recent,
                      .sequence = Impl::sequence(symbol),
                      .is_listed = impl_->is_listed(symbol),
                      .segment = symbol.segment,
                      .basis_ticks = symbol.mirror ? symbol.mirror->basis_ticks() : 0,
                      .size = symbol.mirror ? symbol.mirror->size() : 1,
                      .book_changes = Impl::book(symbol).changes()};
}

std::optional<std::size_t> Stream::find(std::string_view symbol, Segment segment) const {
    const auto& by_symbol = impl_->by_symbol[static_cast<std::size_t>(segment)];
    const auto found = by_symbol.find(symbol);
    return found == by_symbol.end() ? std::nullopt : std::optional(found->second);
}

void Stream::observe(StepObserver observer) { impl_->observer = std::move(observer); }

StepView Stream::step_of(std::size_t index) const {
    return {.trades = impl_->symbols[index].trades, .liquidations = impl_->symbols[index].liquidations};
}

void Stream::follow_book(std::size_t index) {
    Impl::Symbol& symbol = impl_->symbols[index];
    if (symbol.mirror) symbol.mirror->follow(Impl::book(impl_->symbols[symbol.source]));
}

void Stream::unfollow_book(std::size_t index) {
    Impl::Symbol& symbol = impl_->symbols[index];
    if (symbol.mirror) symbol.mirror->unfollow();
}

bool Stream::set_listed(std::string_view name, bool is_listed) {
    const auto index = find(name);
    if (index) impl_->symbols[*index].is_delisted = !is_listed;
    return index.has_value();
}

bool Stream::liquidate(std::string_view name, market::LiquidatedSide side, double quantity) {
    const auto index = find(name);
    if (!index) return false;
    const bool is_long = side == market::LiquidatedSide::long_position;
    const double mark = impl_->derivatives(impl_->symbols[*index]).mark_price();
    impl_->planted.push_back(
        {.instrument = market::InstrumentId{static_cast<std::uint32_t>(*index)},
         .body = market::Liquidation{.side = side, .price = mark * (is_long ? .995 : 1.005), .quantity = quantity}});
    return true;
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
