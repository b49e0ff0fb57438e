#pragma once

#include "analysis/leaf.hpp"
#include "analysis/order_flow/absorption.hpp"
#include "analysis/order_flow/count_imbalance.hpp"
#include "analysis/order_flow/cvd_divergence.hpp"
#include "analysis/order_flow/flow_context.hpp"
#include "analysis/order_flow/footprint_stack.hpp"
#include "analysis/order_flow/kyle_lambda.hpp"
#include "analysis/order_flow/ofi_best.hpp"
#include "analysis/order_flow/ofi_multi.hpp"
#include "analysis/order_flow/trade_imbalance.hpp"
#include "analysis/order_flow/vpin.hpp"

namespace vt::analysis::order_flow {

/// The dimension "order flow": who is pressing, and does the price give way. Nine components, two of them in the
/// shadow.
class OrderFlow {
public:
    OrderFlow();

    /// One print of a second that is about to be evaluated, in the order of arrival.
    void on_print(const Print& print, const std::optional<double>& volume_24h_base);
    /// Right before the evaluation at u, the end of a minute.
    void close_minute(Timestamp u, const TradeSums& minute, double tick);
    void evaluate(const FlowContext& context);
    void mark_trade_gap() { vpin_.mark_gap(); }
    /// The open minute ended without close_minute().
    void skip_minute() { footprint_stack_.skip_to(); }
    /// Nothing was seen for a while.
    void skip_to();
    /// The contract changed: what is counted in its prices and lots is dropped.
    void clear_prices();
    /// What comes next is of other prices: the last close is no part of the next range.
    void forget_close() { footprint_stack_.forget_close(); }

    [[nodiscard]] const DimensionScore& score() const { return score_; }
    /// Volume by price and taker's side of the last minutes.
    [[nodiscard]] const FootprintHistory& footprints() const { return footprint_stack_.history(); }
    [[nodiscard]] std::optional<double> vpin() const { return vpin_.value(); }
    /// in: a frame that trade_imbalance has
    [[nodiscard]] const Leaf& trade_imbalance(Frame frame) const;
    [[nodiscard]] const Leaf& absorption() const { return score_.components[kAbsorption].leaves.front(); }
    [[nodiscard]] const DecayingEvents& absorption_events() const { return absorption_.events(); }

    template <class Archive>
    void archive(Archive& a) {
        a(trade_imbalance_, count_imbalance_, ofi_best_, ofi_multi_, absorption_, cvd_divergence_, footprint_stack_,
          vpin_, kyle_lambda_, is_contract_new_);
    }

private:
    static constexpr std::size_t kTradeImbalance = 0;  // among the components
    static constexpr std::size_t kAbsorption = 4;

    TradeImbalance trade_imbalance_;
    CountImbalance count_imbalance_;
    OfiBest ofi_best_;
    OfiMulti ofi_multi_;
    Absorption absorption_;
    CvdDivergence cvd_divergence_;
    FootprintStack footprint_stack_;
    Vpin vpin_;
    KyleLambda kyle_lambda_;
    bool is_contract_new_ = false;  // the footprint's range is still that of no minute under it
    DimensionScore score_;
};

}  // namespace vt::analysis::order_flow
