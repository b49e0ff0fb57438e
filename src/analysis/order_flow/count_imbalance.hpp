#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/order_flow/flow_context.hpp"

#include <array>

namespace vt::analysis::order_flow {

/// How many take: (n_buy - n_sell)/n over parents, each counted at its first print. One huge order moves it by one.
///   out:    1, in -1..1; a window without a parent is 0, flag no_event
///   source: docs/indicators/count_imbalance.md; oracle `cvd` (count)
class CountImbalance {
public:
    static constexpr double kMinParents = 10;

    [[nodiscard]] static Component describe();
    void evaluate(const FlowContext& context, Component& component);

    template <class Archive>
    void archive(Archive& a) {
        a(normalisers_);
    }

private:
    std::array<Normaliser, 2> normalisers_ = {Normaliser{Frame::m1, MapKind::z0}, Normaliser{Frame::m5, MapKind::z0}};
};

/// (n_buy - n_sell)/n; absent where n is 0.
[[nodiscard]] std::optional<double> share_imbalance(double buy, double sell);

}  // namespace vt::analysis::order_flow
