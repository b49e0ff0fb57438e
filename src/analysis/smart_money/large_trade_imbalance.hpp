#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/order_flow/flow_context.hpp"

#include <array>

namespace vt::analysis::smart_money {

/// Who takes in large pieces: (large buys - large sells)/all taker notional, large being a parent at or above
/// TradeFlow's threshold.
///   out:    1, in -1..1; a window without a large parent is 0, flag no_event
///   source: docs/indicators/large_trade_imbalance.md
class LargeTradeImbalance {
public:
    [[nodiscard]] static Component describe();
    void evaluate(const order_flow::FlowContext& context, Component& component);

    template <class Archive>
    void archive(Archive& a) {
        a(normalisers_);
    }

private:
    std::array<Normaliser, 3> normalisers_ = {Normaliser{Frame::m5, MapKind::z0}, Normaliser{Frame::m30, MapKind::z0},
                                              Normaliser{Frame::h4, MapKind::z0}};
};

}  // namespace vt::analysis::smart_money
