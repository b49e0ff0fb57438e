#include "market/instrument_state.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::market {
namespace {

// Open interest arrives several times a second, its history every five minutes: one sample a minute is kept.
constexpr Nanos kOpenInterestStep = std::chrono::minutes{1};
constexpr std::size_t kOpenInterestSamples = 128;
constexpr Nanos kHour = std::chrono::hours{1};
constexpr Nanos kHourTolerance = std::chrono::minutes{10};

bool is_positive(double number) { return std::isfinite(number) && number > 0; }

template <class T>
bool merge(std::optional<T>& known, const std::optional<T>& changed) {
    if (!changed || known == changed) return false;
    known = changed;
    return true;
}

}  // namespace

InstrumentState::InstrumentState(Instrument instrument, InstrumentLimits limits)
    : instrument_(std::move(instrument)),
      units_(instrument_),
      book_(limits.book_window_ticks),
      candles_(limits.candles),
      trades_(limits.trades),
      liquidations_(limits.liquidations),
      open_interest_(kOpenInterestSamples) {}

ApplyOutcome InstrumentState::apply(const Event& event) {
    gap_.reset();
    const Applied applied = std::visit([&](const auto& body) { return take(body, event); }, event.body);
    return {.applied = applied, .gap = gap_};
}

void InstrumentState::relist(Instrument instrument) {
    const bool is_recounted =
        instrument.tick_size != instrument_.tick_size || instrument.lot_size != instrument_.lot_size;
    instrument_ = std::move(instrument);
    units_ = Units(instrument_);
    if (!is_recounted) return;
    book_.invalidate();
    trades_.clear();
    best_quote_.reset();
}

Applied InstrumentState::take(const Trade& trade, const Event& event) {
    if (trade.price.value() <= 0 || trade.quantity.value() <= 0) return refuse();
    saw(Stream::trades, event);
    if (!trade_ids_.insert(trade.id)) {
        ++counts_.duplicate_trades;
        return Applied::duplicate;
    }
    ++counts_.trades;
    trades_.push({event.exchange_time, trade});
    if (trade.is_block) return Applied::changed;  // agreed elsewhere at another price: no part of the candle
    const double price = units_.price(trade.price);
    switch (candles_.add_trade(event.exchange_time, price, units_.base(trade.quantity, price))) {
        case CandleOutcome::late: ++counts_.late_trades; return Applied::late;
        case CandleOutcome::refused: return refuse();
        case CandleOutcome::amended:
        case CandleOutcome::opened:
        case CandleOutcome::settled:
        case CandleOutcome::unchanged: break;
    }
    return Applied::changed;
}

Applied InstrumentState::take(const BookUpdate& update, const Event& event) {
    saw(Stream::book, event);
    switch (book_.apply(update)) {
        case ApplyResult::applied: return Applied::changed;
        case ApplyResult::ignored: return Applied::ignored;
        case ApplyResult::crossed:
            ++counts_.crossed_books;
            gap_ = BookGap::crossed;
            break;
        case ApplyResult::malformed: gap_ = BookGap::malformed; break;
    }
    return refuse();
}

Applied InstrumentState::take(const BookInvalid& /*invalid*/, const Event& /*event*/) {
    if (!book_.is_valid()) return Applied::unchanged;
    book_.invalidate();
    return Applied::changed;
}

Applied InstrumentState::take(const BestQuote& quote, const Event& event) {
    const bool is_possible = quote.bid.price.value() > 0 && quote.bid.price < quote.ask.price &&
                             quote.bid.quantity.value() >= 0 && quote.ask.quantity.value() >= 0;
    if (!is_possible) return refuse();
    best_quote_ = {event.exchange_time, quote};
    return Applied::changed;
}

Applied InstrumentState::take(const Ticker& changed, const Event& event) {
    saw(Stream::ticker, event);
    bool is_change = merge(ticker_.last_price, changed.last_price);
    is_change |= merge(ticker_.mark_price, changed.mark_price);
    is_change |= merge(ticker_.index_price, changed.index_price);
    is_change |= merge(ticker_.high_24h, changed.high_24h);
    is_change |= merge(ticker_.low_24h, changed.low_24h);
    is_change |= merge(ticker_.previous_price_24h, changed.previous_price_24h);
    is_change |= merge(ticker_.change_24h, changed.change_24h);
    is_change |= merge(ticker_.volume_24h_base, changed.volume_24h_base);
    is_change |= merge(ticker_.turnover_24h_quote, changed.turnover_24h_quote);
    is_change |= merge(ticker_.open_interest_base, changed.open_interest_base);
    is_change |= merge(ticker_.funding_rate, changed.funding_rate);
    is_change |= merge(ticker_.next_funding_at, changed.next_funding_at);
    is_change |= merge(ticker_.funding_interval, changed.funding_interval);
    if (changed.open_interest_base) {
        const Applied sampled = take(OpenInterestSample{*changed.open_interest_base}, event);
        is_change |= sampled == Applied::changed;
    }
    return is_change ? Applied::changed : Applied::unchanged;
}

Applied InstrumentState::take(const Liquidation& liquidation, const Event& event) {
    if (!is_positive(liquidation.price) || !is_positive(liquidation.quantity)) return refuse();
    saw(Stream::liquidations, event);
    liquidations_.push({event.exchange_time, liquidation});
    return Applied::changed;
}

Applied InstrumentState::take(const Candle& candle, const Event& event) {
    saw(Stream::candles, event);
    switch (candles_.put(candle)) {
        case CandleOutcome::amended:
        case CandleOutcome::opened:
        case CandleOutcome::settled: return Applied::changed;
        case CandleOutcome::unchanged: return Applied::unchanged;
        case CandleOutcome::late: return Applied::late;
        case CandleOutcome::refused: break;
    }
    return refuse();
}

Applied InstrumentState::take(const FundingSettlement& settlement, const Event& event) {
    if (!std::isfinite(settlement.rate)) return refuse();
    if (last_settlement_ && event.exchange_time <= last_settlement_->at) return Applied::unchanged;
    last_settlement_ = {event.exchange_time, settlement.rate};
    return Applied::changed;
}

Applied InstrumentState::take(const OpenInterestSample& sample, const Event& event) {
    if (!std::isfinite(sample.base) || sample.base < 0) return refuse();
    const Timestamp at = event.exchange_time;
    if (!open_interest_.empty() && open_interest_.back().at <= at &&
        floor_to(open_interest_.back().at, kOpenInterestStep) == floor_to(at, kOpenInterestStep)) {
        open_interest_.back() = {at, sample.base};  // the newest of this minute
        return Applied::changed;
    }
    return open_interest_.put({at, sample.base}) ? Applied::changed : Applied::unchanged;
}

Applied InstrumentState::take(const LongShortRatio& ratio, const Event& event) {
    const auto is_share = [](double share) { return std::isfinite(share) && share >= 0 && share <= 1; };
    if (!is_share(ratio.long_share) || !is_share(ratio.short_share)) return refuse();
    std::optional<TimedRatio>& newest = long_short_ratios_[static_cast<std::size_t>(ratio.of)];
    if (newest && event.exchange_time < newest->at) return Applied::unchanged;
    newest = {event.exchange_time, ratio};
    return Applied::changed;
}

std::optional<double> InstrumentState::last_price() const {
    if (!trades_.empty()) return units_.price(trades_.back().trade.price);
    return ticker_.last_price;
}

std::optional<double> InstrumentState::mid() const {
    const auto bid = book_.best(Side::buy);
    const auto ask = book_.best(Side::sell);
    if (!bid || !ask) return std::nullopt;
    return 0.5 * (static_cast<double>(bid->price.value()) + static_cast<double>(ask->price.value())) * units_.tick;
}

std::optional<double> InstrumentState::open_interest_base() const {
    if (open_interest_.empty()) return std::nullopt;
    return open_interest_.back().base;
}

std::optional<double> InstrumentState::open_interest_change_1h(Timestamp now) const {
    const std::size_t after = open_interest_.lower_bound(now - kHour + Nanos{1});
    if (after == 0 || after == open_interest_.size()) return std::nullopt;  // nothing then, or nothing since
    const TimedOpenInterest& then = open_interest_[after - 1];
    if (then.at < now - kHour - kHourTolerance || then.base <= 0) return std::nullopt;
    return open_interest_.back().base / then.base - 1;
}

std::optional<Timestamp> InstrumentState::last_exchange_time(Stream stream) const {
    return exchange_times_[static_cast<std::size_t>(stream)];
}
std::optional<Timestamp> InstrumentState::last_receive_time(Stream stream) const {
    return receive_times_[static_cast<std::size_t>(stream)];
}

void InstrumentState::saw(Stream stream, const Event& event) {
    auto& newest = exchange_times_[static_cast<std::size_t>(stream)];
    newest = std::max(newest.value_or(event.exchange_time), event.exchange_time);
    receive_times_[static_cast<std::size_t>(stream)] = event.receive_time;
}

Applied InstrumentState::refuse() {
    ++counts_.refused;
    return Applied::refused;
}

}  // namespace vt::market
