#pragma once

#include "base/time.hpp"
#include "indicators/bar.hpp"

#include <chrono>
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
class SessionVwap {
public:
    explicit SessionVwap(Nanos session = std::chrono::days{1}) : session_(session) {}

    std::optional<AnchoredVwap::Value> update(const Bar& bar);
    void clear();

private:
    Nanos session_;
    std::optional<Timestamp> begin_;
    AnchoredVwap vwap_;
};

}  // namespace vt::indicators
