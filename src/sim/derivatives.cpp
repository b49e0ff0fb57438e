#include "sim/derivatives.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "sim/laws.hpp"

#include <algorithm>
#include <cmath>

namespace vt::sim {

using market::LiquidatedSide;

namespace {

constexpr double kBucketWidth =
    5e-4;  // log price: 5 bps; 4 096 buckets reach from 1/2.8 to 2.8 times the first price
constexpr double kMaintenance = .005;
constexpr std::int64_t kFiveMinutesNs = 300'000'000'000;
constexpr std::size_t kMaxSamples = 12'000;  // about 41 days of five minutes

struct Leverage {
    double times;
    double share;
};
constexpr std::array kLeverages = {Leverage{5, .3}, Leverage{10, .4}, Leverage{20, .2}, Leverage{50, .1}};

/// How far the long shares of RatioOf lean with the crowd.
constexpr std::array<double, market::kRatioCount> kLeans = {.35, .15, -.25};

double logistic(double x) { return 1 / (1 + math::exp(-x)); }

}  // namespace

double funding_rate(double premium, Nanos interval) {
    const double interest = 1e-4 * to_seconds(interval) / 28800;
    return premium + std::clamp(interest - premium, -5e-4, 5e-4);
}

Derivatives::Derivatives(std::uint64_t seed, const SymbolParams& symbol, const DerivativesParams& params, Tape& tape)
    : params_(params),
      start_price_(symbol.price),
      start_open_interest_(symbol.open_interest_days * 1440 * params.mean_minute_quote / symbol.price),
      premium_draws_(seed, stream_name(symbol.symbol, "premium")),
      crowding_draws_(seed, stream_name(symbol.symbol, "crowding")),
      ratio_draws_{Prng(seed, stream_name(symbol.symbol, "ratio")),
                   Prng(seed, stream_name(symbol.symbol, "top accounts")),
                   Prng(seed, stream_name(symbol.symbol, "top positions"))},
      mark_(symbol.price),
      index_(symbol.price),
      interest_{.kind = Kind::interest, .draws = Prng(seed, stream_name(symbol.symbol, "interest history"))},
      funding_{.kind = Kind::funding, .draws = Prng(seed, stream_name(symbol.symbol, "funding history"))},
      ratios_{
          Series{.kind = Kind::ratio, .draws = Prng(seed, stream_name(symbol.symbol, "ratio history"))},
          Series{.kind = Kind::ratio, .draws = Prng(seed, stream_name(symbol.symbol, "top account history"))},
          Series{.kind = Kind::ratio, .draws = Prng(seed, stream_name(symbol.symbol, "top position history"))},
      } {
    premium_ = premium_draws_.normal() * params_.premium_sd_bps * 1e-4;
    crowding_ = crowding_draws_.normal();
    long_share_ = logistic(kLeans[0] * crowding_);
    next_funding_ = floor_to(params_.start, params_.funding_interval) + params_.funding_interval;
    next_sample_ns_ = to_ns(floor_to(params_.start, Nanos{kFiveMinutesNs})) + kFiveMinutesNs;
    longs_.quantity.assign(kBuckets, 0);
    shorts_.quantity.assign(kBuckets, 0);
    seed_positions(tape);
    for (Series* series : {&interest_, &ratios_[0], &ratios_[1], &ratios_[2]}) {
        series->step_ns = kFiveMinutesNs;
        series->first_ns = next_sample_ns_;
    }
    funding_.step_ns = params_.funding_interval.count();
    funding_.first_ns = to_ns(next_funding_);
    interest_.before.push_back(start_open_interest_);
    for (std::size_t of = 0; of < ratios_.size(); ++of)
        ratios_[of].before.push_back(logistic(kLeans[of] * crowding_));
    funding_.before.push_back(sim::funding_rate(premium_, params_.funding_interval));
}

std::size_t Derivatives::bucket(double price) const {
    const double position = math::log(price / start_price_) / kBucketWidth + kBuckets / 2.0;
    return static_cast<std::size_t>(std::clamp(position, 0.0, kBuckets - 1.0));
}

double Derivatives::bucket_price(std::size_t index) const {
    return start_price_ * math::exp((static_cast<double>(index) + .5 - kBuckets / 2.0) * kBucketWidth);
}

void Derivatives::open(double quantity_base, double price) {
    for (const Leverage& leverage : kLeverages) {
        const double distance = 1 / leverage.times - kMaintenance;
        const double part = quantity_base * leverage.share / scale_;
        longs_.quantity[bucket(price * (1 - distance))] += part;
        shorts_.quantity[bucket(price * (1 + distance))] += part;
    }
    total_ += quantity_base / scale_;
}

void Derivatives::seed_positions(Tape& tape) {
    // What was opened within the last three days and has not been liquidated by a later price.
    const auto hours = tape.candles(std::chrono::hours{1}, params_.start - std::chrono::hours{72}, params_.start, 72);
    double lowest = start_price_;
    double highest = start_price_;
    for (auto hour = hours.rbegin(); hour != hours.rend(); ++hour) {
        for (const Leverage& leverage : kLeverages) {
            const double distance = 1 / leverage.times - kMaintenance;
            const double part = start_open_interest_ / static_cast<double>(hours.size()) * leverage.share;
            if (hour->close * (1 - distance) < lowest) longs_.quantity[bucket(hour->close * (1 - distance))] += part;
            if (hour->close * (1 + distance) > highest)
                shorts_.quantity[bucket(hour->close * (1 + distance))] += part;
        }
        lowest = std::min(lowest, hour->low);
        highest = std::max(highest, hour->high);
    }
    total_ = start_open_interest_;
}

void Derivatives::on_taker(double quantity_base, double price) {
    const double opened = quantity_base * params_.opening_share;
    open(opened, price);
    // As much closes, whoever holds it; a little more when there is more than usual, so that the total stays about.
    const double now = open_interest_base();
    const double closed = opened * std::clamp(now / start_open_interest_, .5, 2.0);
    if (now > closed) scale_ *= 1 - closed / now;
}

void Derivatives::stack_longs(double from_price, double to_price, double quantity_base) {
    const std::size_t low = bucket(std::min(from_price, to_price));
    const std::size_t high = bucket(std::max(from_price, to_price));
    for (std::size_t i = low; i <= high; ++i) {
        longs_.quantity[i] += quantity_base / scale_ / static_cast<double>(high - low + 1);
    }
    total_ += quantity_base / scale_;
}

void Derivatives::liquidate(double lowest, double highest) {
    const std::size_t down_to = bucket(lowest);
    for (std::size_t i = kBuckets - 1; i > down_to; --i) {
        if (longs_.quantity[i] <= 0) continue;
        const double quantity = longs_.quantity[i] * scale_;
        due_.push_back({LiquidatedSide::long_position, quantity, bucket_price(i) * (1 - kMaintenance)});
        total_ -= longs_.quantity[i];
        longs_.quantity[i] = 0;
    }
    const std::size_t up_to = bucket(highest);
    for (std::size_t i = 0; i < up_to; ++i) {
        if (shorts_.quantity[i] <= 0) continue;
        const double quantity = shorts_.quantity[i] * scale_;
        due_.push_back({LiquidatedSide::short_position, quantity, bucket_price(i) * (1 + kMaintenance)});
        total_ -= shorts_.quantity[i];
        shorts_.quantity[i] = 0;
    }
}

void Derivatives::step_second(Timestamp now, double efficient_price) {
    const double premium_keep = half_life_weight(1, params_.premium_half_life_h * 3600);
    const double premium_sd = params_.premium_sd_bps * 1e-4;
    premium_ =
        premium_ * premium_keep + premium_draws_.normal() * premium_sd * std::sqrt(1 - premium_keep * premium_keep);
    const double crowding_keep = half_life_weight(1, params_.crowding_half_life_h * 3600);
    crowding_ = crowding_ * crowding_keep + crowding_draws_.normal() * std::sqrt(1 - crowding_keep * crowding_keep);
    const double whole = premium_ + params_.premium_per_crowding_bps * 1e-4 * crowding();
    index_ = efficient_price / (1 + whole);
    mark_ = efficient_price;
    premium_sum_ += whole;
    premium_count_ += 1;
    liquidate(mark_, mark_);
    while (to_ns(now) >= next_sample_ns_) sample_five_minutes();
    if (now >= next_funding_) settle();
}

double Derivatives::funding_rate() const {
    if (premium_count_ == 0) return sim::funding_rate(premium_, params_.funding_interval);
    return sim::funding_rate(premium_sum_ / premium_count_, params_.funding_interval);
}

void Derivatives::keep(Series& series, double value) {
    series.since.push_back(value);
    if (series.since.size() <= kMaxSamples) return;
    series.since.erase(series.since.begin());
    series.first_ns += series.step_ns;
    series.before.clear();  // what is older than the limit is gone
}

void Derivatives::settle() {
    keep(funding_, funding_rate());
    premium_sum_ = 0;
    premium_count_ = 0;
    next_funding_ += params_.funding_interval;
}

void Derivatives::sample_five_minutes() {
    keep(interest_, open_interest_base());
    for (std::size_t of = 0; of < ratios_.size(); ++of)
        keep(ratios_[of], logistic(kLeans[of] * crowding() + .05 * ratio_draws_[of].normal()));
    long_share_ = ratios_[0].since.back();
    next_sample_ns_ += kFiveMinutesNs;
}

std::vector<ForcedClose> Derivatives::take_forced_closes() { return std::exchange(due_, {}); }

double Derivatives::older(Series& series, std::size_t back) {
    while (series.before.size() <= back) {
        const double last = series.before.back();
        const double draw = series.draws.normal();
        switch (series.kind) {
            case Kind::interest:
                series.before.push_back(start_open_interest_ + (last - start_open_interest_) * .999 +
                                        draw * start_open_interest_ * .002);
                break;
            case Kind::ratio: series.before.push_back(.5 + (last - .5) * .995 + draw * .008); break;
            case Kind::funding: {
                const double weight =
                    half_life_weight(static_cast<double>(series.step_ns) * 1e-9, params_.crowding_half_life_h * 3600);
                const double sd =
                    1e-4 * std::sqrt(params_.premium_sd_bps * params_.premium_sd_bps +
                                     params_.premium_per_crowding_bps * params_.premium_per_crowding_bps);
                series.state = series.state * weight + draw * sd * std::sqrt(1 - weight * weight);
                series.before.push_back(sim::funding_rate(series.state, params_.funding_interval));
                break;
            }
        }
    }
    return series.before[back];
}

std::vector<Sample> Derivatives::samples(Series& series, Nanos every, Timestamp from, Timestamp to,
                                         std::size_t limit) {
    const std::int64_t stride = every.count();
    VT_ASSERT(stride > 0);
    VT_ASSERT(stride % series.step_ns == 0);
    std::vector<Sample> found;
    const std::int64_t newest =
        series.first_ns + (static_cast<std::int64_t>(series.since.size()) - 1) * series.step_ns;
    std::int64_t at = std::min(to_ns(to), newest);
    at -= at % stride;
    for (; at >= to_ns(from) && at > 0 && found.size() < limit; at -= stride) {
        const std::int64_t k = (at - series.first_ns) / series.step_ns;
        if (k >= 0) {
            found.push_back(Sample{.at = from_ns(at), .value = series.since[static_cast<std::size_t>(k)]});
            continue;
        }
        const auto back = static_cast<std::size_t>(-k - 1);
        if (back >= kMaxSamples || series.before.empty()) break;
        found.push_back(Sample{.at = from_ns(at), .value = older(series, back)});
    }
    std::reverse(found.begin(), found.end());
    return found;
}

std::vector<Sample> Derivatives::open_interest(Nanos step, Timestamp from, Timestamp to, std::size_t limit) {
    return samples(interest_, step, from, to, limit);
}

std::vector<Sample> Derivatives::long_shares(market::RatioOf of, Nanos step, Timestamp from, Timestamp to,
                                             std::size_t limit) {
    return samples(ratios_[static_cast<std::size_t>(of)], step, from, to, limit);
}

std::vector<Sample> Derivatives::settlements(Timestamp from, Timestamp to, std::size_t limit) {
    return samples(funding_, Nanos{funding_.step_ns}, from, to, limit);
}

}  // namespace vt::sim
