#include "demo/recorded_market.hpp"

#include "base/assert.hpp"

namespace vt::demo {

using market::Level;
using market::Side;

namespace {

constexpr std::size_t kWindowTicks = std::size_t{1} << 16U;  // BTC: 3 277 USDT to each side

sim::SymbolParams at_recorded_price(sim::SymbolParams symbol, const RecordedSymbol& recorded) {
    symbol.price = static_cast<double>(recorded.bids.front().price.value()) * symbol.tick_size.to_double();
    return symbol;
}

}  // namespace

RecordedMarket::RecordedMarket(std::uint64_t seed, market::InstrumentId id, const sim::SymbolParams& symbol,
                               const RecordedSymbol& recorded, const Params& params, sim::FactorHistory& history)
    : id_(id),
      symbol_(at_recorded_price(symbol, recorded)),
      recorded_(recorded),
      params_(params),
      tick_(symbol.tick_size.to_double()),
      lot_(symbol.lot_size.to_double()),
      book_(kWindowTicks),
      tape_(seed, symbol_, {.start = params.start, .mean_minute_quote = recorded.mean_minute_quote}, history),
      derivatives_(seed, symbol_,
                   {.start = params.start,
                    .funding_interval = params.funding_interval,
                    .mean_minute_quote = recorded.mean_minute_quote},
                   tape_),
      pass_start_(params.start),
      next_second_(params.start + std::chrono::seconds{1}),
      trade_id_high_(Prng(seed, symbol.symbol + "/trade ids").next()) {
    VT_ASSERT(params.duration_ms > 0);
    VT_ASSERT(!recorded.bids.empty());
    VT_ASSERT(!recorded.asks.empty());
    begin_pass(params.start);
}

std::int64_t RecordedMarket::served_price(std::int64_t recorded) const {
    return is_mirrored_ ? offset_ - recorded : recorded + offset_;
}

Side RecordedMarket::served_side(Side recorded) const { return is_mirrored_ ? market::opposite(recorded) : recorded; }

void RecordedMarket::begin_pass(Timestamp at) {
    const bool is_first = passes_ == 0;
    const std::int64_t first_bid = recorded_.bids.front().price.value();
    const std::int64_t first_ask = recorded_.asks.front().price.value();
    const auto last_bid = book_.best(Side::buy);
    is_mirrored_ = passes_ % 2 == 1;
    const std::int64_t bid = is_first || !last_bid ? first_bid : last_bid->price.value();
    offset_ = is_mirrored_ ? bid + first_ask : bid - first_bid;
    pass_start_ = at;
    next_change_ = 0;
    ++passes_;
    book_.reset(Ticks{bid});
    for (const Level& level : recorded_.bids) {
        book_.set(served_side(Side::buy), Ticks{served_price(level.price.value())}, level.quantity);
    }
    for (const Level& level : recorded_.asks) {
        book_.set(served_side(Side::sell), Ticks{served_price(level.price.value())}, level.quantity);
    }
}

void RecordedMarket::apply(const RecordedChange& change, const sim::Sink& sink) {
    using Kind = RecordedChange::Kind;
    const Ticks price{served_price(change.price)};
    if (price.value() <= 0) return;
    if (change.kind == Kind::bid || change.kind == Kind::ask) {
        book_.set(served_side(change.kind == Kind::bid ? Side::buy : Side::sell), price, Lots{change.lots});
        return;
    }
    const Timestamp at = pass_start_ + std::chrono::milliseconds{change.at_ms};
    tape_.advance(at);
    tape_.on_trade(price, Lots{change.lots});
    derivatives_.on_taker(static_cast<double>(change.lots) * lot_, static_cast<double>(price.value()) * tick_);
    const market::Trade trade{.id = {.high = trade_id_high_, .low = ++trades_},
                              .price = price,
                              .quantity = Lots{change.lots},
                              .aggressor = served_side(change.kind == Kind::bought ? Side::buy : Side::sell)};
    if (sink) sink(market::Event{.instrument = id_, .exchange_time = at, .receive_time = at, .body = trade});
}

void RecordedMarket::step_seconds(Timestamp until) {
    for (; next_second_ <= until; next_second_ += std::chrono::seconds{1}) {
        tape_.advance(next_second_);
        derivatives_.step_second(next_second_, middle());
        // Nobody closes these positions in the recorded market: they only leave the open interest.
        (void)derivatives_.take_forced_closes();
    }
}

bool RecordedMarket::advance(Timestamp until, const sim::Sink& sink) {
    bool has_begun = false;
    for (;;) {
        const Timestamp pass_end = pass_start_ + std::chrono::milliseconds{params_.duration_ms};
        const Timestamp limit = std::min(until, pass_end);
        while (next_change_ < recorded_.changes.size()) {
            const RecordedChange& change = recorded_.changes[next_change_];
            const Timestamp at = pass_start_ + std::chrono::milliseconds{change.at_ms};
            if (at > limit) break;
            step_seconds(at);
            apply(change, sink);
            ++next_change_;
        }
        step_seconds(limit);
        if (until < pass_end) return has_begun;
        begin_pass(pass_end);
        has_begun = true;
    }
}

double RecordedMarket::middle() const {
    const auto bid = book_.best(Side::buy);
    const auto ask = book_.best(Side::sell);
    if (!bid || !ask) return static_cast<double>(tape_.last_price().value()) * tick_;
    return static_cast<double>(bid->price.value() + ask->price.value()) / 2 * tick_;
}

}  // namespace vt::demo
