#include "analysis/order_flow/footprint_stack.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::order_flow {
namespace {

constexpr double kBucketsPerRange = 20;
constexpr std::uint32_t kMinuteSeconds = 60;

/// The level of that bucket, or an empty one.
FootprintLevel at_bucket(std::span<const FootprintLevel> levels, std::size_t hint, std::int64_t bucket) {
    if (hint < levels.size() && levels[hint].bucket == bucket) return levels[hint];
    return {.bucket = bucket};
}

/// Counts runs of neighbouring buckets; finish() closes the last.
class RunCounter {
public:
    void add(std::int64_t bucket, bool dominates) {
        if (dominates && length_ > 0 && bucket == last_ + 1) {
            ++length_;
        } else {
            finish();
            length_ = dominates ? 1 : 0;
        }
        last_ = bucket;
    }
    int finish() {
        if (length_ >= FootprintStack::kMinRun) ++runs_;
        length_ = 0;
        return runs_;
    }

private:
    std::int64_t last_ = 0;
    int length_ = 0;
    int runs_ = 0;
};

}  // namespace

Stacks find_stacks(std::span<const FootprintLevel> levels) {
    double volume = 0;
    for (const FootprintLevel& level : levels) volume += level.bought + level.sold;
    const double floor = FootprintStack::kMinShare * volume;
    RunCounter buy;
    RunCounter sell;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const FootprintLevel& level = levels[i];
        const FootprintLevel below = at_bucket(levels, i - 1, level.bucket - 1);
        const FootprintLevel above = at_bucket(levels, i + 1, level.bucket + 1);
        buy.add(level.bucket,
                level.bought > 0 && level.bought >= floor && level.bought >= FootprintStack::kMinRatio * below.sold);
        sell.add(level.bucket,
                 level.sold > 0 && level.sold >= floor && level.sold >= FootprintStack::kMinRatio * above.bought);
    }
    return {.buy = buy.finish(), .sell = sell.finish()};
}

Component FootprintStack::describe() {
    return {.name = "footprint_stack",
            .unit = "1",
            .weight = 0.05,
            .map = MapKind::lb,
            .leaves = {{.frame = Frame::m5, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

void FootprintStack::add(const Print& print) {
    if (!bucket_ticks_) return;
    const std::int64_t bucket = print.price_ticks.value() / *bucket_ticks_;
    auto at = std::lower_bound(levels_.begin(), levels_.end(), bucket,
                               [](const FootprintLevel& level, std::int64_t key) { return level.bucket < key; });
    if (at == levels_.end() || at->bucket != bucket) {
        if (levels_.size() == kMaxBuckets) return;
        at = levels_.insert(at, FootprintLevel{.bucket = bucket});
    }
    (print.aggressor == market::Side::buy ? at->bought : at->sold) += print.quantity;
}

void FootprintStack::update_range(const TradeSums& minute, double tick) {
    if (minute.n() == 0 && !previous_close_) return;
    // A silent minute stays at the last price: its range is 0.
    double range = 0;
    if (minute.n() > 0) {
        range = minute.high - minute.low;
        if (previous_close_) {
            range =
                std::max({range, std::abs(minute.high - *previous_close_), std::abs(minute.low - *previous_close_)});
        }
        previous_close_ = minute.close;
    }
    if (ranges_seen_ < kRangePeriod) {
        range_ += range;
        if (++ranges_seen_ < kRangePeriod) return;
        range_ /= kRangePeriod;
    } else {
        range_ += (range - range_) / kRangePeriod;
    }
    bucket_ticks_ =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(range_ / (kBucketsPerRange * tick))));
}

void FootprintStack::close_minute(Timestamp u, const TradeSums& minute, double tick) {
    prints_last_minute_ = minute.n();
    examined_ = bucket_ticks_.has_value();
    if (bucket_ticks_) {
        const Stacks stacks = static_cast<double>(minute.n()) >= kMinPrints ? find_stacks(levels_) : Stacks{};
        if (stacks.buy > 0) events_.add(u, stacks.buy);
        if (stacks.sell > 0) events_.add(u, -stacks.sell);
        // A part of a minute looks like a quiet one.
        if (minute.alive_seconds == kMinuteSeconds)
            history_.push({.end = u, .bucket_ticks = *bucket_ticks_, .stacks = stacks}, levels_);
    }
    levels_.clear();
    update_range(minute, tick);
}

void FootprintStack::evaluate(const FlowContext& context, Component& component) {
    Observation seen{.events = static_cast<double>(prints_last_minute_),
                     .events_min = kMinPrints,
                     .missing_share = missing_share(context.trades_5m, Frame::m5),
                     .source_sequence = context.trades.last_sequence()};
    if (examined_) {
        seen.value = events_.strength(context.u(), kHalfLife);
        if (prints_last_minute_ == 0) seen.flags.set(Flag::no_event);
    } else {
        seen.flags.set(Flag::warming);
    }
    score_by_strength(component.leaves.front(), seen, {{Input::trades, context.ages.trades}});
}

void FootprintStack::clear() {
    skip_to();
    events_.clear();
    history_.clear();
    bucket_ticks_.reset();
    previous_close_.reset();
    range_ = 0;
    ranges_seen_ = 0;
    examined_ = false;
}

void FootprintStack::skip_to() { levels_.clear(); }

}  // namespace vt::analysis::order_flow
