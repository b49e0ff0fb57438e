#include "analysis/liquidity/liquidation_map.hpp"

#include "analysis/grid.hpp"
#include "base/math.hpp"
#include "indicators/wilson.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace vt::analysis::liquidity {
namespace {

constexpr Nanos kAnnounceEvery = std::chrono::minutes{30};
constexpr Nanos kWindow = std::chrono::minutes{1};  // after the end of the minute in which the level was reached
constexpr double kLeast = 1;                        // quote currency: less is no level
constexpr double kStrong = 3;                       // times the mean level of its side
constexpr std::int32_t kApart = 3;                  // levels between two announced ones
constexpr double kFoldedTrials = 4000;              // half is forgotten when there are so many

/// A price in units of the grid.
double place_of(double price) { return math::log(price) / LiquidationMap::kLevelWidth; }
std::int32_t bucket_of(double price) { return static_cast<std::int32_t>(std::floor(place_of(price))); }
double middle_of(std::int32_t bucket) { return static_cast<double>(bucket) + 0.5; }
double price_at(std::int32_t bucket) { return math::exp(middle_of(bucket) * LiquidationMap::kLevelWidth); }

double quote_of(const LiquidationMap::Level& level, bool is_long) {
    return is_long ? level.long_quote : level.short_quote;
}

bool is_usable(const std::optional<double>& price) { return price && *price > 0 && *price < 1e15; }

}  // namespace

LiquidationMap::LiquidationMap() {
    levels_.reserve(kMaxLevels);
    watched_.reserve(kMaxWatched);
}

void LiquidationMap::clear() { *this = LiquidationMap(); }

double LiquidationMap::price_of(const Level& level) { return price_at(level.bucket); }

indicators::Interval LiquidationMap::hit_rate(const LevelTrials& trials) {
    return indicators::wilson_interval(trials.hits, trials.reached, indicators::kNormal90);
}

std::optional<double> LiquidationMap::explained_share() const {
    if (!last_open_interest_ || !(*last_open_interest_ > 0) || !last_price_) return std::nullopt;
    double sum = 0;
    for (const Level& level : levels_) sum += level.long_quote + level.short_quote;
    return std::min(1.0, sum / (2 * *last_open_interest_ * *last_price_));
}

void LiquidationMap::close_minute(const MinuteFeatures& minute) {
    const Timestamp end = minute.start + kMinute;
    const bool follows = last_end_ && *last_end_ == minute.start;
    if (last_end_) age(end - *last_end_);
    last_end_ = end;
    if (!follows) {
        // Nobody knows which levels were reached meanwhile, nor at which price positions were opened.
        watched_.clear();
        last_open_interest_.reset();
    }
    const auto low = is_usable(minute.low_1m) ? minute.low_1m : minute.mid_low;
    const auto high = is_usable(minute.high_1m) ? minute.high_1m : minute.mid_high;
    const auto price = is_usable(minute.vwap_1m) ? minute.vwap_1m : minute.mid_close;
    if (!is_usable(low) || !is_usable(high) || !is_usable(price)) {
        watched_.clear();
        last_open_interest_.reset();
        return;
    }
    judge_watched(minute, end, *low, *high);
    remove_passed(*low, *high);
    follow_open_interest(minute.open_interest_close, *price);
    last_price_ = price;
    if (floor_to(end, kAnnounceEvery) == end) announce(end, *price);
}

void LiquidationMap::judge_watched(const MinuteFeatures& minute, Timestamp end, double low, double high) {
    const double lowest = place_of(low);
    const double highest = place_of(high);
    for (Watched& watched : watched_) {
        const double place = middle_of(watched.bucket);
        if (!watched.reached && (watched.is_long ? lowest <= place : highest >= place)) watched.reached = end;
        if (!watched.reached) {
            watched.is_over = end - watched.since >= kWatchedFor;
            continue;
        }
        const auto& liquidated = watched.is_long ? minute.liq_long_notional_1m : minute.liq_short_notional_1m;
        watched.liquidated_quote += liquidated.value_or(0);
        const bool is_window_over = end - *watched.reached >= kWindow;
        // A window in which liquidations were not seen proves nothing.
        watched.is_over = is_window_over || !liquidated;
        if (is_window_over && liquidated) count(watched);
    }
    std::erase_if(watched_, [](const Watched& watched) { return watched.is_over; });
}

void LiquidationMap::count(const Watched& watched) {
    LevelTrials& trials = watched.is_placebo ? placebo_ : announced_;
    trials.reached += 1;
    trials.hits += watched.liquidated_quote > 0 ? 1 : 0;
    trials.liquidated_quote += watched.liquidated_quote;
    if (trials.reached >= kFoldedTrials) {
        trials = {trials.reached / 2, trials.hits / 2, trials.liquidated_quote / 2};
    }
}

void LiquidationMap::remove_passed(double low, double high) {
    const double lowest = place_of(low);
    const double highest = place_of(high);
    for (Level& level : levels_) {
        if (middle_of(level.bucket) >= lowest) level.long_quote = 0;
        if (middle_of(level.bucket) <= highest) level.short_quote = 0;
    }
}

void LiquidationMap::age(Nanos passed) {
    if (passed > Nanos{0}) keep(math::exp2(-to_seconds(passed) / to_seconds(kHalfLife)));
}

/// What is left of every level; one of which next to nothing is left is gone.
void LiquidationMap::keep(double share) {
    for (Level& level : levels_) {
        level.long_quote *= share;
        level.short_quote *= share;
    }
    std::erase_if(levels_, [](const Level& level) { return level.long_quote + level.short_quote < kLeast; });
}

void LiquidationMap::follow_open_interest(const std::optional<double>& base, double price) {
    double kept = 1;
    double opened = 0;  // quote currency
    if (base && last_open_interest_ && *last_open_interest_ > 0) {
        const double change = *base - *last_open_interest_;
        if (change < 0) kept = std::max(0.0, *base / *last_open_interest_);
        opened = std::max(0.0, change) * price;
    }
    if (base) last_open_interest_ = base;
    keep(kept);
    if (!(opened > 0)) return;
    for (std::size_t i = 0; i < kLeverages.size(); ++i) {
        const double distance = 1 / kLeverages[i] - kMaintenanceMargin;
        add(price * (1 - distance), opened * kShares[i], 0);
        add(price * (1 + distance), 0, opened * kShares[i]);
    }
}

void LiquidationMap::add(double price, double long_quote, double short_quote) {
    const std::int32_t bucket = bucket_of(price);
    auto at = std::lower_bound(levels_.begin(), levels_.end(), bucket,
                               [](const Level& level, std::int32_t key) { return level.bucket < key; });
    if (at == levels_.end() || at->bucket != bucket) {
        if (levels_.size() == kMaxLevels) {
            const auto is_smaller = [](const Level& a, const Level& b) {
                return a.long_quote + a.short_quote < b.long_quote + b.short_quote;
            };
            const auto smallest = std::min_element(levels_.begin(), levels_.end(), is_smaller);
            if (smallest < at) --at;
            levels_.erase(smallest);
        }
        at = levels_.insert(at, Level{.bucket = bucket});
    }
    at->long_quote += long_quote;
    at->short_quote += short_quote;
}

void LiquidationMap::announce(Timestamp end, double price) {
    announce_side(end, price, true);
    announce_side(end, price, false);
}

void LiquidationMap::announce_side(Timestamp end, double price, bool is_long) {
    const double place = place_of(price);
    // Of this side, near enough, and not so near that the minute's own range reaches it.
    const auto distance_of = [&](const Level& level) {
        return (is_long ? -kLevelWidth : kLevelWidth) * (middle_of(level.bucket) - place);
    };
    const auto is_near = [&](const Level& level) {
        const double distance = distance_of(level);
        return quote_of(level, is_long) > 0 && distance > 2 * kLevelWidth && distance <= kAnnouncedReach;
    };
    double sum = 0;
    for (const Level& level : levels_) sum += is_near(level) ? quote_of(level, is_long) : 0;
    // Over all places within reach, also those where nothing is.
    const double mean = sum / (kAnnouncedReach / kLevelWidth);
    std::array<std::int32_t, kAnnounced> chosen{};
    for (std::size_t n = 0; n < kAnnounced; ++n) {
        const Level* strongest = nullptr;
        for (const Level& level : levels_) {
            const bool is_apart =
                std::all_of(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(n),
                            [&](std::int32_t other) { return std::abs(other - level.bucket) > kApart; });
            if (!is_apart || !is_near(level) || quote_of(level, is_long) < kStrong * mean) continue;
            if (strongest == nullptr || quote_of(level, is_long) > quote_of(*strongest, is_long)) strongest = &level;
        }
        if (strongest == nullptr) return;
        chosen[n] = strongest->bucket;
        const auto is_watched = [&](std::int32_t bucket) {
            return std::any_of(watched_.begin(), watched_.end(), [&](const Watched& watched) {
                return watched.is_long == is_long && std::abs(watched.bucket - bucket) <= 1;
            });
        };
        if (is_watched(strongest->bucket)) continue;
        const double distance = distance_of(*strongest);
        watch({.bucket = strongest->bucket, .is_long = is_long, .is_placebo = false, .since = end, .reached = {}});
        const double turns = math::kGoldenFraction * static_cast<double>(++placebo_steps_);
        const double placebo = distance * (0.5 + turns - std::floor(turns));
        const std::int32_t bucket = bucket_of(price * math::exp(is_long ? -placebo : placebo));
        const auto at =
            std::find_if(levels_.begin(), levels_.end(), [&](const Level& level) { return level.bucket == bucket; });
        const bool is_little = at == levels_.end() || quote_of(*at, is_long) <= mean;
        if (is_little && !is_watched(bucket))
            watch({.bucket = bucket, .is_long = is_long, .is_placebo = true, .since = end, .reached = {}});
    }
}

void LiquidationMap::watch(const Watched& watched) {
    if (watched_.size() == kMaxWatched) watched_.erase(watched_.begin());
    watched_.push_back(watched);
}

}  // namespace vt::analysis::liquidity
