#pragma once

#include "analysis/hourly_histogram.hpp"
#include "analysis/leaf.hpp"
#include "analysis/order_flow/decaying_events.hpp"
#include "analysis/order_flow/flow_context.hpp"

#include <cstddef>
#include <optional>

namespace vt::analysis::order_flow {

/// Aggression that does not move the price, because somebody keeps filling up what is taken: it speaks against the
/// aggressor. Judged each second over the 10 s before it.
///   out:    1, in -1..1: tanh(sum -side strength 2^(-age/5 min)); nothing absorbed is 0, flag no_event
///   source: docs/indicators/absorption.md; test AbsorptionTest on a hand-made market
class Absorption {
public:
    static constexpr std::size_t kWindowSeconds = 10;
    static constexpr double kWindowsOfADay = 8640;
    static constexpr std::size_t kHours = 25;  ///< the current hour and 24 before: never less than a day of windows
    static constexpr std::uint64_t kMinWindows = 100;  ///< below this a 99 % quantile is the maximum
    static constexpr double kMaxMove = 0.25;           ///< of the 10-s standard deviation of the mid
    static constexpr double kMinRefill = 0.8;
    static constexpr Nanos kHalfLife = std::chrono::minutes{5};
    static constexpr std::size_t kMaxEvents = 64;

    Absorption() : net_notional_(kHours), events_(kMaxEvents) {}
    [[nodiscard]] static Component describe();
    void evaluate(const FlowContext& context, Component& component);
    [[nodiscard]] const DecayingEvents& events() const { return events_; }

    template <class Archive>
    void archive(Archive& a) {
        a(net_notional_, q95_, q99_, events_);
    }

private:
    void look(const FlowContext& context);
    void note(Timestamp u, double signed_strength, double mid);

    HourlyHistogram net_notional_;  // absolute, of 10-s windows without overlap
    std::optional<double> q95_, q99_;
    DecayingEvents events_;
};

/// What one window of 10 s looked like.
struct AbsorptionWindow {
    double net_notional = 0;    ///< quote currency, taker buys less taker sells
    double taken_quantity = 0;  ///< base currency, by the stronger side
    double move = 0;            ///< abs(log return of the mid), in standard deviations of 10 s
    double resting_before = 0;  ///< base currency, first ten ranks of the side that was taken from
    double resting_after = 0;
};
/// min(1, A/q99) (1 - move/0.25) refill, where refill = (taken + resting after - resting before)/taken held to 0..1.
///   out: absent where A < q95, the mid moved more than 0.25 sigma or less than 0.8 was refilled
[[nodiscard]] std::optional<double> absorption_strength(const AbsorptionWindow& window, double q95, double q99);

}  // namespace vt::analysis::order_flow
