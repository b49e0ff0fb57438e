#pragma once

#include "analysis/leaf.hpp"
#include "analysis/order_flow/flow_context.hpp"

#include <array>
#include <optional>
#include <vector>

namespace vt::analysis::order_flow {

/// Price and taker flow that disagree: the mean one-minute increments of log mid and of net notional, each measured
/// in its own Newey-West standard errors. Trends of levels are not compared: a random walk has one two times in
/// three.
///   out:    1, in -1..1: sign(t_flow) clamp((min(abs t) - 1.5)/2, 0, 1) where the signs differ, else 0
///   source: docs/indicators/cvd_divergence.md; V2
class CvdDivergence {
public:
    static constexpr double kMinShare = 0.8;  ///< of the window's minutes, for full coverage

    CvdDivergence();
    [[nodiscard]] static Component describe();
    void evaluate(const FlowContext& context, Component& component);

    template <class Archive>
    void archive(Archive& a) {
        for (Window& window : windows_) a(window.value, window.minutes);
    }

private:
    struct Window {
        std::optional<double> value;
        std::uint32_t minutes = 0;  // usable ones
    };
    void measure(const MinuteHistory& history, std::size_t length, Window& window);

    std::array<Window, 2> windows_;
    std::vector<double> price_, flow_;  // scratch
};

/// From the two t values to the strength.
[[nodiscard]] double divergence_strength(double t_price, double t_flow);

}  // namespace vt::analysis::order_flow
