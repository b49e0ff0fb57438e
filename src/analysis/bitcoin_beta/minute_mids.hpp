#pragma once

#include "base/time.hpp"
#include "market/time_ring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

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
    void put(const Point& point) {
        if (std::exchange(joins_to_next_, false)) move_to(point);
        points_.put(point);
    }
    /// What comes next is of another session, at other prices: those so far are moved to where the next ones are, so
    /// that no step lies between. Not archived.
    void join_to_next() { joins_to_next_ = true; }
    /// out: absent unless both ends are known. cost: O(log 240)
    [[nodiscard]] std::optional<Return> over(Nanos span, Timestamp u) const {
        const std::size_t end = points_.lower_bound(u);
        const std::size_t begin = points_.lower_bound(u - span);
        if (end == points_.size() || points_[end].at != u || points_[begin].at != u - span) return std::nullopt;
        return Return{points_[end].bitcoin - points_[begin].bitcoin, points_[end].own - points_[begin].own};
    }
    void clear() {
        points_.clear();
        joins_to_next_ = false;
    }

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
    void move_to(const Point& next) {
        if (points_.empty()) return;
        const double bitcoin = next.bitcoin - points_.back().bitcoin;
        const double own = next.own - points_.back().own;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            points_[i].bitcoin += bitcoin;
            points_[i].own += own;
        }
    }

    market::TimeRing<Point, &Point::at> points_{kMinutes + 1};
    bool joins_to_next_ = false;
};

}  // namespace vt::analysis::bitcoin_beta
