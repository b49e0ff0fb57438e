#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/order_flow/flow_context.hpp"

#include <array>

namespace vt::analysis::order_flow {

/// Pressure on the best quotes: order flow imbalance over the window, in units of the mean resting size there.
///   out:    1; a window without an update is 0, flag no_event
///   source: docs/indicators/ofi_best.md; Cont, Kukanov and Stoikov 2014; oracle `ofi_cks`, V9
class OfiBest {
public:
    static constexpr double kMinUpdates = 50;

    [[nodiscard]] static Component describe();
    void evaluate(const FlowContext& context, Component& component);

    template <class Archive>
    void archive(Archive& a) {
        a(normalisers_);
    }

private:
    std::array<Normaliser, 3> normalisers_ = {Normaliser{Frame::m1, MapKind::z0}, Normaliser{Frame::m5, MapKind::z0},
                                              Normaliser{Frame::m30, MapKind::z0}};
};

}  // namespace vt::analysis::order_flow
