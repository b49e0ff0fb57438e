#pragma once

#include "base/ring.hpp"
#include "base/time.hpp"
#include "indicators/bar.hpp"
#include "indicators/swing_pivots.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Volume-weighted average price since an anchor, and the volume-weighted deviation from it. A bar stands at its
/// typical price.
///   out:    `price`, and `deviation` not negative, in the unit of the prices; absent until something was traded
///   cost:   O(1), does not allocate
///   source: Berkowitz, Logue, Noser 1988; running weighted moments after West 1979
class AnchoredVwap {
public:
    struct Value {
        double price = 0;
        double deviation = 0;

        /// price + width deviations; a negative width is below.
        [[nodiscard]] double band(double width) const { return price + width * deviation; }
    };

    std::optional<Value> update(const Bar& bar);
    /// The next bar is the first that counts.
    void anchor() { volume_ = mean_ = squares_ = 0; }
    void clear() { anchor(); }

private:
    double volume_ = 0;
    double mean_ = 0;
    double squares_ = 0;  // sum of volume x squared deviation
};

/// The same, anchored anew at each session: by default the day in UTC.
///   in:     bars in order of time; a session is aligned to 1970-01-01 00:00 UTC
///   out:    as AnchoredVwap, and absent in a session whose first bar was not seen: what was traded since some bar in
///           its middle is another price
class SessionVwap {
public:
    explicit SessionVwap(Nanos session = std::chrono::days{1}) : session_(session) {}

    std::optional<AnchoredVwap::Value> update(const Bar& bar);
    void clear();

private:
    Nanos session_;
    std::optional<Timestamp> begin_;
    bool is_whole_ = false;  // the session's first bar was seen
    AnchoredVwap vwap_;
};

/// The same, anchored at the last turning point of price that is proven, high or low (SwingPivots): what was paid
/// since price turned. The bar that holds the extreme is the first that counts, and is known `reach` bars after it;
/// no value changes afterwards.
///   in:     bars without a hole, oldest first
///   out:    as AnchoredVwap, and the bars since the anchor, `reach` at the least; absent until a turning point is
///           proven, after 2 reach + 1 bars at the earliest
///   cost:   O(reach) a bar, allocates on construction only
class SwingVwap {
public:
    struct Value : AnchoredVwap::Value {
        std::uint32_t bars_ago = 0;  ///< of the anchor
    };
    explicit SwingVwap(std::uint32_t reach = SwingPivots::kReach) : pivots_(reach), recent_(reach + 1) {}

    std::optional<Value> update(const Bar& bar);
    void clear();

private:
    SwingPivots pivots_;
    Ring<Bar> recent_;                       // from the bar that may be a turning point on
    std::optional<std::uint32_t> bars_ago_;  // of the anchor
    AnchoredVwap vwap_;
};

}  // namespace vt::indicators
