#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/order_flow/flow_context.hpp"
#include "analysis/order_flow/order_flow.hpp"

#include <array>
#include <optional>

namespace vt::analysis::smart_money {

/// -sign(z_flow) clamp((abs(z_flow) - z_return sign(z_flow))/4, 0, 1) (1 - prod(1 - strength)): pressure that the
/// price did not follow because somebody absorbed it; sellers absorbed are +.
///   in:  z of trade_imbalance and of the return over one window; `missed` = prod(1 - strength) over the window's
///        absorption events against the aggressor, 1 without any
///   out: -1..1; 0 below abs(z_flow) = 1
[[nodiscard]] double accumulation_strength(double z_flow, double z_return, double missed);

/// Somebody takes up what others press into the market, over half an hour and over four.
///   out:    1, in -1..1; 0 with flag no_event where there is no pressure or no absorption
///   source: docs/indicators/accumulation.md
class Accumulation {
public:
    [[nodiscard]] static Component describe();
    /// in: `flow` after its own evaluation at the same second
    void evaluate(const order_flow::FlowContext& context, const order_flow::OrderFlow& flow, Component& component);

    template <class Archive>
    void archive(Archive& a) {
        a(returns_);
    }

private:
    std::array<Normaliser, 2> returns_ = {Normaliser{Frame::m30, MapKind::z0}, Normaliser{Frame::h4, MapKind::z0}};
};

}  // namespace vt::analysis::smart_money
