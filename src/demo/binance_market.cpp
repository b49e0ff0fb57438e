#include "demo/binance_market.hpp"

#include "base/assert.hpp"
#include "demo/binance_market_impl.hpp"

#include <algorithm>
#include <cmath>

namespace vt::demo {

using binance::Aggregate;
using binance::CandleFlow;

namespace {

constexpr Nanos kMinute = std::chrono::minutes{1};
constexpr double kQuoteOfATrade = 1000;  // before the session, for want of the trades

std::string lowered(std::string_view text) {
    std::string lower;
    for (const char c : text) lower.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
    return lower;
}

}  // namespace

BinanceMarket::Impl::Impl(BinanceMarket& owner, Stream& from)
    : market(owner), stream(from), is_spot(owner.is_spot()) {
    const auto [begin, end] = stream.indices(owner.segment());
    for (std::size_t i = begin; i < end; ++i) {
        Symbol symbol{.index = i, .lower = lowered(stream.symbol(i).instrument.symbol)};
        by_lower.emplace(symbol.lower, symbols.size());
        symbols.push_back(std::move(symbol));
    }
}

BinanceMarket::BinanceMarket(Stream& stream, Segment segment)
    : stream_(stream), segment_(segment), impl_(std::make_unique<Impl>(*this, stream)) {
    VT_ASSERT(venue_of(segment) == market::Venue::binance);
}
BinanceMarket::~BinanceMarket() = default;

std::optional<BinanceStreamId> BinanceMarket::find_stream(std::string_view name) {
    Impl& impl = *impl_;
    if (const auto known = impl.by_name.find(name); known != impl.by_name.end()) return known->second;
    auto parsed = parse_binance_name(name, impl.is_spot);
    if (!parsed) return std::nullopt;
    std::optional<std::size_t> symbol;
    if (!parsed->symbol.empty()) {
        const auto found = impl.by_lower.find(lowered(parsed->symbol));
        if (found == impl.by_lower.end()) return std::nullopt;
        symbol = found->second;
    }
    const BinanceStreamId id{static_cast<std::uint32_t>(impl.topics.size())};
    auto topic = std::make_unique<Impl::Topic>();
    topic->id = id;
    topic->text = name;
    topic->name = std::move(*parsed);
    topic->symbol = symbol;
    if (topic->name.levels > 0) topic->window = sim::DepthWindow(topic->name.levels);
    impl.by_name.emplace(topic->text, id);
    impl.topics.push_back(std::move(topic));
    return id;
}

const std::string& BinanceMarket::stream_name(BinanceStreamId id) const { return impl_->topics[id.value()]->text; }
BinanceName::Kind BinanceMarket::kind(BinanceStreamId id) const { return impl_->topics[id.value()]->name.kind; }

void BinanceMarket::watch(BinanceStreamId id) {
    Impl::Topic& topic = *impl_->topics[id.value()];
    if (topic.watchers++ > 0) return;
    topic.candle.reset();
    topic.ticker.reset();
    topic.last_of.clear();
    if (!topic.needs_book()) return;
    const std::size_t index = impl_->symbols[*topic.symbol].index;
    stream_.follow_book(index);
    const SymbolView view = stream_.symbol(index);
    topic.window.clear();
    topic.window.refresh(view.book);
    topic.last_update = update_id(view);
}

void BinanceMarket::unwatch(BinanceStreamId id) {
    Impl::Topic& topic = *impl_->topics[id.value()];
    VT_ASSERT(topic.watchers > 0);
    if (--topic.watchers == 0 && topic.needs_book()) stream_.unfollow_book(impl_->symbols[*topic.symbol].index);
}

void BinanceMarket::Impl::take_trades(Symbol& symbol) {
    symbol.fresh.clear();
    const StepView step = stream.step_of(symbol.index);
    symbol.liquidations.insert(symbol.liquidations.end(), step.liquidations.begin(), step.liquidations.end());
    const market::Instrument& instrument = stream.symbol(symbol.index).instrument;
    for (const WireTrade& one : step.trades) {
        const std::int64_t ticks = one.trade.price.value();
        const std::int64_t lots = one.trade.quantity.value();
        const bool is_new = symbol.fresh.empty() || !symbol.fresh.back().takes(one);
        if (is_new) {
            symbol.fresh.push_back({.id = symbol.next_aggregate++,
                                    .first = one.trade.id.low,
                                    .ticks = ticks,
                                    .at_ms = one.at_ms,
                                    .aggressor = one.trade.aggressor});
        }
        symbol.fresh.back().last = one.trade.id.low;
        symbol.fresh.back().lots += lots;
        const Timestamp minute = floor_to(from_ms(one.at_ms), kMinute);
        if (symbol.minutes.empty() || symbol.minutes.back().open < minute) symbol.minutes.push_back({.open = minute});
        CandleFlow& flow = symbol.minutes.back().flow;
        if (flow.count++ == 0) flow.first = one.trade.id.low;
        flow.last = one.trade.id.low;
        if (one.trade.aggressor != market::Side::buy) continue;
        const double base = instrument.quantity(Lots{lots});
        flow.bought_base += base;
        flow.bought_quote += base * instrument.price(Ticks{ticks});
    }
    while (symbol.minutes.size() > kFlowMinutes) symbol.minutes.pop_front();
    for (const Aggregate& one : symbol.fresh) symbol.aggregates.push(one);
}

void BinanceMarket::on_step(Timestamp at, const Sink& sink) {
    for (Impl::Symbol& symbol : impl_->symbols) impl_->take_trades(symbol);
    for (const auto& topic : impl_->topics) {
        if (topic->watchers > 0) impl_->publish(*topic, at, sink);
    }
    if (to_ns(at) % 1'000'000'000 != 0) return;
    for (Impl::Symbol& symbol : impl_->symbols) symbol.liquidations.clear();
}

std::optional<std::size_t> BinanceMarket::find(std::string_view symbol) const {
    const auto index = stream_.find(symbol, segment_);
    return index && stream_.symbol(*index).is_listed ? index : std::nullopt;
}

const Ring<Aggregate>& BinanceMarket::aggregates(std::size_t index) const {
    return impl_->symbols[index - stream_.indices(segment_).begin].aggregates;
}

CandleFlow BinanceMarket::flow(std::size_t index, const market::Candle& candle) const {
    const auto& minutes = impl_->symbols[index - stream_.indices(segment_).begin].minutes;
    const Timestamp end = candle.open_time + candle.interval;
    CandleFlow sum;
    auto minute = std::lower_bound(minutes.begin(), minutes.end(), candle.open_time,
                                   [](const Impl::MinuteFlow& one, Timestamp at) { return one.open < at; });
    for (; minute != minutes.end() && minute->open < end; ++minute) {
        if (sum.count == 0) sum.first = minute->flow.first;
        sum.last = minute->flow.last;
        sum.count += minute->flow.count;
        sum.bought_base += minute->flow.bought_base;
        sum.bought_quote += minute->flow.bought_quote;
    }
    const bool is_before = minutes.empty() || candle.open_time < minutes.front().open;
    if (!is_before || candle.volume_base <= 0) return sum;
    sum.count = std::max<std::int64_t>(sum.count + 1, std::llround(candle.turnover_quote / kQuoteOfATrade));
    sum.bought_base = candle.volume_base / 2;
    sum.bought_quote = candle.turnover_quote / 2;
    return sum;
}

std::vector<market::Candle> BinanceMarket::candles(std::size_t index, Nanos interval, Timestamp from, Timestamp to,
                                                   std::size_t limit) {
    const Nanos shift = stream_.shift();
    auto list = stream_.symbol(index).tape.candles(interval, from - shift, to - shift, limit, shift);
    for (market::Candle& candle : list) candle.open_time += shift;
    return list;
}

}  // namespace vt::demo
