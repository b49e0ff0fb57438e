#pragma once

#include "analysis/leaf.hpp"
#include "analysis/observation.hpp"
#include "analysis/order_flow/decaying_events.hpp"
#include "analysis/order_flow/flow_context.hpp"
#include "analysis/order_flow/footprint_history.hpp"
#include "analysis/order_flow/footprint_level.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace vt::analysis::order_flow {

/// Compares diagonally: buyers lift the offer at p while sellers hit the bid one bucket below. A bucket is dominated
/// by buyers if bought(p) >= 3 sold(p - 1) and bought(p) is at least 1 % of the minute's volume; by sellers if
/// sold(p) >= 3 bought(p + 1), likewise.
///   in: ascending buckets, each at most once
[[nodiscard]] Stacks find_stacks(std::span<const FootprintLevel> levels);

/// Stacked imbalances of the last minutes' footprints, halving every 5 minutes.
///   out:    1, in -1..1: tanh(sum +-runs 2^(-age/5 min)); none is 0, flag no_event
///   source: docs/indicators/footprint_stack.md; own cases
class FootprintStack {
public:
    static constexpr double kMinPrints = 20;
    static constexpr std::size_t kMaxBuckets = 4096;
    static constexpr int kMinRun = 3;
    static constexpr double kMinRatio = 3;
    static constexpr double kMinShare = 0.01;
    static constexpr Nanos kHalfLife = std::chrono::minutes{5};
    static constexpr int kRangePeriod = 14;

    FootprintStack() : events_(64) { levels_.reserve(256); }
    [[nodiscard]] static Component describe();
    /// One print of the open minute, in the order of arrival.
    void add(const Print& print);
    /// The minute that ends at u; `minute` holds its prints, `tick` the price step.
    void close_minute(Timestamp u, const TradeSums& minute, double tick);
    void evaluate(const FlowContext& context, Component& component);
    /// Prices of before mean nothing any more.
    void clear();
    void forget_close() { previous_close_.reset(); }
    /// The open minute is not seen to its end: its prints go.
    void skip_to();

    /// Width of a bucket in ticks: ATR14(1m)/20, at least 1. out: absent before 14 minutes
    [[nodiscard]] std::optional<std::int64_t> bucket_ticks() const { return bucket_ticks_; }

    /// The footprints of closed minutes that were seen whole, as far as they are kept; they are not saved.
    [[nodiscard]] const FootprintHistory& history() const { return history_; }

    template <class Archive>
    void archive(Archive& a) {
        a(levels_, events_, bucket_ticks_, previous_close_, range_, ranges_seen_, prints_last_minute_, examined_);
        if constexpr (Archive::kIsReader) {
            if (bucket_ticks_ && *bucket_ticks_ < 1) {
                bucket_ticks_.reset();
                a.fail();
            }
        }
    }

private:
    void update_range(const TradeSums& minute, double tick);

    std::vector<FootprintLevel> levels_;  // of the open minute, ascending
    FootprintHistory history_;
    DecayingEvents events_;
    std::optional<std::int64_t> bucket_ticks_;
    std::optional<double> previous_close_;
    double range_ = 0;  // Wilder's average true range; the sum of true ranges while ranges_seen_ < 14
    std::int32_t ranges_seen_ = 0;
    std::uint32_t prints_last_minute_ = 0;
    bool examined_ = false;  // a minute has been looked at
};

}  // namespace vt::analysis::order_flow
