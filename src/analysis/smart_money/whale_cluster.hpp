#pragma once

#include "analysis/leaf.hpp"
#include "analysis/order_flow/flow_context.hpp"
#include "base/ring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis::smart_money {

/// Several whales of one side, close together in time and price.
struct WhaleClusterEvent {
    double side = 1;      ///< +1 buyers
    Timestamp t_event;    ///< its first whale
    Timestamp t_confirm;  ///< the whale that made it one
    Timestamp last;       ///< its newest whale
    std::uint32_t whales = 0;
    double notional = 0;   ///< quote currency, of all of them
    double threshold = 0;  ///< quote currency: what a whale was
    double low = 0, high = 0;

    template <class Archive>
    void archive(Archive& a) {
        a(side, t_event, t_confirm, last, whales, notional, threshold, low, high);
    }
};

/// At least three parents of q99.9 on one side, each within 5 minutes and .2 ATR14(5m) of the next.
///   out:    1, in -1..1: side min(1, notional/(3 q99.9)) 2^(-age/10 min) of the newest cluster of each side, added
///           and held to -1..1; none is 0, flag no_event
///   source: docs/indicators/whale_cluster.md; chains as in DBSCAN over (time/5 min, price/.2 ATR)
class WhaleCluster {
public:
    static constexpr std::uint32_t kMinWhales = 3;
    static constexpr Nanos kSpan = std::chrono::minutes{5};
    static constexpr double kNear = 0.2;  ///< ATR14(5m)
    static constexpr Nanos kHalfLife = std::chrono::minutes{10};
    static constexpr std::size_t kMaxEvents = 32;

    WhaleCluster() : events_(kMaxEvents) {}
    [[nodiscard]] static Component describe();
    /// in: `atr_5m` in quote currency, absent while it is not known
    void evaluate(const order_flow::FlowContext& context, std::optional<double> atr_5m, Component& component);
    /// Oldest first.
    [[nodiscard]] const Ring<WhaleClusterEvent>& events() const { return events_; }

    template <class Archive>
    void archive(Archive& a) {
        a(events_);
    }

private:
    void look(const TradeFlow& trades, std::size_t newest, double atr_5m);
    [[nodiscard]] WhaleClusterEvent* newest_of(double side);

    Ring<WhaleClusterEvent> events_;
};

}  // namespace vt::analysis::smart_money
