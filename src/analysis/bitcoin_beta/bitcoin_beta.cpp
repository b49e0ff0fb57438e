#include "analysis/bitcoin_beta/bitcoin_beta.hpp"

#include "base/math.hpp"

#include <algorithm>

namespace vt::analysis::bitcoin_beta {
namespace {

using std::chrono::seconds;

/// Instruments begin their search at different seconds of the ten minutes.
Nanos search_offset(const market::Instrument& instrument) { return seconds{instrument.id.value() * 37 % 600}; }

/// Estimates are made in the minute's seconds 10 to 53, each frame's in a second of its own, the closing second being
/// the busiest.
Nanos estimates_offset(const market::Instrument& instrument) { return seconds{10 + instrument.id.value() * 4 % 40}; }

std::optional<std::size_t> frame_of(Nanos interval) {
    for (std::size_t i = 0; i < kBetaFrames.size(); ++i) {
        if (duration(kBetaFrames[i].frame) == interval) return i;
    }
    return std::nullopt;
}

bool is_possible(const market::Candle& candle) { return candle.open > 0 && candle.close > 0; }

}  // namespace

BitcoinBeta::BitcoinBeta(const market::Instrument& instrument, Flags quote_flags)
    : quote_flags_(quote_flags),
      estimates_offset_(estimates_offset(instrument)),
      returns_{BarReturns{kBetaFrames[0]}, BarReturns{kBetaFrames[1]}, BarReturns{kBetaFrames[2]},
               BarReturns{kBetaFrames[3]}},
      search_(search_offset(instrument)) {
    std::size_t longest = 0;
    for (const BetaFrame& frame : kBetaFrames) longest = std::max(longest, frame.window);
    x_.reserve(longest);
    y_.reserve(longest);
    score_.dimension = Dimension::bitcoin_beta;
    score_.components = {BtcPull::describe(), LeadLagGap::describe(), ResidualReturn::describe(),
                         AlphaDrift::describe()};
}

void BitcoinBeta::on_candles(const market::Candle& own, const market::Candle& bitcoin, std::vector<float>& scratch) {
    const auto frame = frame_of(own.interval);
    const bool is_pair = own.interval == bitcoin.interval && own.open_time == bitcoin.open_time && own.is_closed &&
                         bitcoin.is_closed && is_possible(own) && is_possible(bitcoin);
    if (!frame || !is_pair) return;
    BarReturns& returns = returns_[*frame];
    const BarReturn bar{.close_time = own.open_time + own.interval,
                        .bitcoin = math::log(bitcoin.close / bitcoin.open),
                        .own = math::log(own.close / own.open),
                        .is_kline_based = true};
    const auto newest = returns.newest();
    if (!newest || bar.close_time > *newest) {
        for (std::size_t i = 0; i < ResidualReturn::kLeafFrames.size(); ++i) {
            if (beta_index(ResidualReturn::kLeafFrames[i]) == *frame)
                residual_return_.take_past(i, bar, returns, priors_[*frame], scratch);
        }
    }
    returns.put(bar);
}

std::optional<SecondReturns::LogMids> BitcoinBeta::log_mids(const std::optional<double>& mid, const Ages& ages,
                                                            const BitcoinInputs& bitcoin) const {
    const bool is_known = mid && bitcoin.mid && ages.quote && *ages.quote <= kMaxMidAge && bitcoin.mid_age &&
                          *bitcoin.mid_age <= kMaxMidAge;
    if (!is_known) return std::nullopt;
    return SecondReturns::LogMids{math::log(*bitcoin.mid), math::log(*mid)};
}

/// The bars that closed at u, by the mids.
void BitcoinBeta::take_bars(Timestamp u) {
    for (std::size_t i = 0; i < kBetaFrames.size(); ++i) {
        const Nanos bar = duration(kBetaFrames[i].frame);
        if (floor_to(u, bar) != u) continue;
        if (const auto found = minutes_.over(bar, u))
            returns_[i].put({.close_time = u, .bitcoin = found->bitcoin, .own = found->own});
    }
}

void BitcoinBeta::estimate(Timestamp u, const BitcoinInputs& bitcoin) {
    for (std::size_t i = 0; i < kBetaFrames.size(); ++i) {
        const Nanos second = estimates_offset_ + kSecond * static_cast<std::int64_t>(i);
        const bool is_due = u - floor_to(u, kMinute) == second && estimated_[i] != returns_[i].revision();
        if (!is_due) continue;
        estimated_[i] = returns_[i].revision();
        estimates_[i] = estimate_betas(returns_[i], bitcoin.priors[i], steps_[i], x_, y_);
    }
}

void BitcoinBeta::evaluate(Timestamp u, const std::optional<double>& mid, const Ages& ages,
                           const BitcoinInputs& bitcoin, std::vector<float>& scratch) {
    if (evaluated_ && u > *evaluated_ + kSecond) {
        seconds_.skip((u - *evaluated_) / kSecond - 1);
        search_.abandon();
    }
    evaluated_ = u;
    priors_ = bitcoin.priors;
    const auto mids = log_mids(mid, ages, bitcoin);
    seconds_.push(mids);
    search_.advance(u, seconds_);
    const bool closes_minute = floor_to(u, kMinute) == u;
    if (closes_minute && mids) minutes_.put({.at = u, .bitcoin = mids->bitcoin, .own = mids->own});

    const BetaContext context{.second = {.u = u, .scratch = scratch},
                              .ages = ages,
                              .quote_flags = quote_flags_,
                              .bitcoin = bitcoin,
                              .returns = returns_,
                              .estimates = estimates_,
                              .minutes = minutes_,
                              .seconds = seconds_,
                              .lead_lag = search_.estimate()};
    std::vector<Component>& components = score_.components;
    BtcPull::evaluate(context, components[0]);
    LeadLagGap::evaluate(context, components[1]);
    residual_return_.evaluate(context, components[2]);
    AlphaDrift::evaluate(context, components[3]);
    combine(score_);
    // A bar is judged by those before it, so it joins them only now.
    if (closes_minute) take_bars(u);
    estimate(u, bitcoin);
}

void BitcoinBeta::clear_prices() {
    minutes_.clear();
    seconds_.skip(0);
}

void BitcoinBeta::join_to_next_prices() {
    minutes_.join_to_next();
    seconds_.skip(0);
}

}  // namespace vt::analysis::bitcoin_beta
