#pragma once

#include "base/time.hpp"
#include "market/time_ring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis::bitcoin_beta {

/// Logarithms of Bitcoin's and the instrument's mid at the end of each of the last 240 minutes, where both were
/// known.
class MinuteMids {
public:
    struct Point {
        Timestamp at;
        double bitcoin = 0;
        double own = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(at, bitcoin, own);
        }
    };
    /// From the mids at u - span to those at u.
    struct Return {
        double bitcoin = 0;
        double own = 0;
    };
    static constexpr std::size_t kMinutes = 240;

    /// cost: O(1)
    void put(const Point& point) { points_.put(point); }
    /// out: absent unless both ends are known. cost: O(log 240)
    [[nodiscard]] std::optional<Return> over(Nanos span, Timestamp u) const {
        const std::size_t end = points_.lower_bound(u);
        const std::size_t begin = points_.lower_bound(u - span);
        if (end == points_.size() || points_[end].at != u || points_[begin].at != u - span) return std::nullopt;
        return Return{points_[end].bitcoin - points_[begin].bitcoin, points_[end].own - points_[begin].own};
    }
    void clear() { points_.clear(); }

    template <class Archive>
    void archive(Archive& a) {
        auto count = static_cast<std::uint32_t>(points_.size());
        a(count);
        if constexpr (Archive::kIsReader) {
            clear();
            if (count > points_.capacity()) return a.fail();
            for (std::uint32_t i = 0; i < count && !a.failed(); ++i) {
                Point point;
                a(point);
                put(point);
            }
        } else {
            for (std::uint32_t i = 0; i < count; ++i) a(points_[i]);
        }
    }

private:
    market::TimeRing<Point, &Point::at> points_{kMinutes + 1};
};

}  // namespace vt::analysis::bitcoin_beta
