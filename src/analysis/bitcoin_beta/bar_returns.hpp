#pragma once

#include "analysis/bitcoin_beta/beta_frame.hpp"
#include "analysis/refuse_unless.hpp"
#include "base/time.hpp"
#include "indicators/rolling_regression.hpp"
#include "market/time_ring.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::bitcoin_beta {

/// The log returns of one bar, Bitcoin's and the instrument's.
struct BarReturn {
    Timestamp close_time;
    double bitcoin = 0;
    double own = 0;
    bool is_kline_based = false;  ///< from candles (close over open), not from mids

    template <class Archive>
    void archive(Archive& a) {
        a(close_time, bitcoin, own, is_kline_based);
        refuse_unless(a, std::abs(bitcoin) < 100 && std::abs(own) < 100);
    }
};

/// The bars of one frame's window, and the line of least squares through them. The window is a span of time that ends
/// with the newest bar: after a hole it holds fewer bars, and reaches no further back.
///   cost: put O(1) for the newest bar, O(window) for one that comes after its turn, and while the window holds a
///         hole
class BarReturns {
public:
    explicit BarReturns(const BetaFrame& frame);

    /// Takes a bar, in any order. What mids said of a bar stands; candles only fill in.
    void put(const BarReturn& bar);
    void clear();

    /// out: absent for fewer than 3 bars
    [[nodiscard]] const std::optional<indicators::LineFit>& line() const { return line_; }
    [[nodiscard]] indicators::RollingRegression::Means means() const { return regression_.means(); }
    [[nodiscard]] std::size_t n() const { return regression_.size(); }
    /// The bars that the window holds where none is missing.
    [[nodiscard]] std::size_t window() const { return regression_.window(); }
    [[nodiscard]] std::optional<Timestamp> newest() const;
    /// More than half of the bars are from candles.
    [[nodiscard]] bool is_kline_based() const { return 2 * kline_based_ > n(); }
    /// Counts the bars that were taken: estimates that saw as many are current.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }
    /// The newest bars without a hole between them, oldest first. in: both are overwritten
    void copy_unbroken(std::vector<double>& bitcoin, std::vector<double>& own) const;
    void copy(std::vector<double>& bitcoin, std::vector<double>& own) const { regression_.copy_to(bitcoin, own); }

    template <class Archive>
    void archive(Archive& a) {
        auto count = static_cast<std::uint32_t>(bars_.size());
        a(revision_, count);
        if constexpr (Archive::kIsReader) {
            bars_.clear();
            if (count > bars_.capacity()) return a.fail();
            for (std::uint32_t i = 0; i < count && !a.failed(); ++i) {
                BarReturn bar;
                a(bar);
                bars_.put(bar);
            }
        } else {
            for (std::uint32_t i = 0; i < count; ++i) a(bars_[i]);
        }
        a(regression_, kline_based_);
        if constexpr (Archive::kIsReader) {
            refuse_unless(a, regression_.size() <= bars_.size() && kline_based_ <= regression_.size());
            // Moved by less than a bar, old ones would not fall in with new ones.
            if (a.failed() || a.shift() % interval_ != Nanos{0}) clear();
            line_ = regression_.line();
        }
    }

private:
    void rebuild();
    [[nodiscard]] Timestamp window_start(Timestamp newest) const {
        return newest - interval_ * static_cast<std::int64_t>(window());
    }
    [[nodiscard]] const BarReturn& oldest_in_window() const { return bars_[bars_.size() - n()]; }

    Nanos interval_;
    market::TimeRing<BarReturn, &BarReturn::close_time> bars_;
    indicators::RollingRegression regression_;  // through the newest bars_, as many as lie in the window
    std::size_t kline_based_ = 0;
    std::uint64_t revision_ = 0;
    std::optional<indicators::LineFit> line_;
};

}  // namespace vt::analysis::bitcoin_beta
