#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/order_flow/flow_context.hpp"

#include <array>

namespace vt::analysis::order_flow {

/// Who takes: (buy - sell)/(buy + sell) of taker notional.
///   out:    1, in -1..1; a window without a print is 0, flag no_event
///   source: docs/indicators/trade_imbalance.md; oracle `cvd`
class TradeImbalance {
public:
    static constexpr double kMinPrints = 20;

    [[nodiscard]] static Component describe();
    void evaluate(const FlowContext& context, Component& component);

    template <class Archive>
    void archive(Archive& a) {
        a(normalisers_);
    }

private:
    std::array<Normaliser, 4> normalisers_ = {Normaliser{Frame::m1, MapKind::z0}, Normaliser{Frame::m5, MapKind::z0},
                                              Normaliser{Frame::m30, MapKind::z0},
                                              Normaliser{Frame::h4, MapKind::z0}};
};

/// (buy - sell)/(buy + sell) of notional; absent where there was none.
[[nodiscard]] std::optional<double> notional_imbalance(const TradeSums& sums);

}  // namespace vt::analysis::order_flow
