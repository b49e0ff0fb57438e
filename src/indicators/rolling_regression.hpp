#pragma once

#include "base/ring.hpp"
#include "indicators/least_squares.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace vt::indicators {

/// The line of least squares through the last `window` pairs, by sums that follow the window.
///   cost:   push O(1), and O(window) once in kRecomputeEvery, when the sums are made anew so that rounding cannot
///           pile up; 16 bytes a pair
///   source: as least_squares()
class RollingRegression {
public:
    static constexpr std::size_t kRecomputeEvery = 1000;

    explicit RollingRegression(std::size_t window) : pairs_(window) {}

    void push(double x, double y);
    void clear();
    [[nodiscard]] std::size_t size() const { return pairs_.size(); }
    [[nodiscard]] std::size_t window() const { return pairs_.capacity(); }

    /// With the classic errors. out: absent for fewer than 3 pairs and where x does not vary. cost: O(1)
    [[nodiscard]] std::optional<LineFit> line() const;
    struct Means {
        double x = 0, y = 0;
    };
    /// 0 without pairs.
    [[nodiscard]] Means means() const {
        const double n = pairs_.empty() ? 1 : static_cast<double>(pairs_.size());
        return {sums_.x / n, sums_.y / n};
    }
    /// The pairs, oldest first. in: both are overwritten and keep their capacity
    void copy_to(std::vector<double>& x, std::vector<double>& y) const;

    template <class Archive>
    void archive(Archive& a) {
        a(pairs_, sums_, pushes_);
    }

private:
    struct Pair {
        double x = 0, y = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(x, y);
        }
    };
    struct Sums {
        double x = 0, y = 0, xx = 0, xy = 0, yy = 0;
        void add(const Pair& pair, double sign);
        template <class Archive>
        void archive(Archive& a) {
            a(x, y, xx, xy, yy);
        }
    };
    void recompute();

    Ring<Pair> pairs_;
    Sums sums_;
    std::size_t pushes_ = 0;  // since the sums were made anew
};

}  // namespace vt::indicators
