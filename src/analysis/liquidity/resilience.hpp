#pragma once

#include "analysis/refuse_unless.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::liquidity {

/// How fast the book fills up again: after a shock, a fall of the depth by more than 30 % below its mean of the last
/// minute, depth(t) = D0 (1 - a e^(-t/tau)) is fitted over the next 60 s (least squares of ln(1 - depth/D0) on t,
/// until the gap is closed to 2 %). Shown and used for costs; it has no direction.
///   source: docs/indicators/liquidity_measures.md; Obizhaeva and Wang 2013, Large 2007
class Resilience {
public:
    static constexpr std::size_t kMinShocks = 20;
    static constexpr std::size_t kShocksKept = 64;
    static constexpr std::size_t kWindow = 60;  ///< samples of the mean before, and of the recovery after

    Resilience();

    /// The depth at each second, any unit that does not change; absent where it is not known, which ends a recovery.
    ///   cost: O(60)
    void add(const std::optional<double>& depth);
    void skip();

    /// Seconds in which half of what was lost came back. 0: within a second; 60: 60 or more.
    struct HalfLife {
        double median = 0, lower_quartile = 0, upper_quartile = 0;
    };
    /// out: absent with fewer than 20 shocks
    [[nodiscard]] std::optional<HalfLife> half_life_s() const;
    /// Shocks that are kept.
    [[nodiscard]] std::size_t shocks() const { return half_lives_.size(); }
    /// All that were measured.
    [[nodiscard]] std::uint64_t recoveries() const { return recoveries_; }

    template <class Archive>
    void archive(Archive& a) {
        a(before_, recovery_, normal_, half_lives_, recoveries_);
        refuse_unless(a, recovery_.size() < kWindow);
        for (std::size_t i = 0; i < half_lives_.size(); ++i) refuse_unless(a, half_lives_[i] >= 0);
    }

private:
    void finish();

    Ring<double> before_;
    std::vector<double> recovery_;  // gaps 1 - depth/D0 since the shock; empty: no shock is on
    double normal_ = 0;             // D0
    Ring<float> half_lives_;        // seconds
    std::uint64_t recoveries_ = 0;
};

}  // namespace vt::analysis::liquidity
