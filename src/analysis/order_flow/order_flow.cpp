#include "analysis/order_flow/order_flow.hpp"

namespace vt::analysis::order_flow {

OrderFlow::OrderFlow() {
    score_.dimension = Dimension::order_flow;
    score_.components = {TradeImbalance::describe(), CountImbalance::describe(), OfiBest::describe(),
                         OfiMulti::describe(),       Absorption::describe(),     CvdDivergence::describe(),
                         FootprintStack::describe(), Vpin::describe(),           KyleLambda::describe()};
}

void OrderFlow::on_print(const Print& print, const std::optional<double>& volume_24h_base) {
    footprint_stack_.add(print);
    vpin_.add(print, volume_24h_base);
}

void OrderFlow::close_minute(Timestamp u, const TradeSums& minute, double tick) {
    footprint_stack_.close_minute(u, minute, tick);
}

void OrderFlow::evaluate(const FlowContext& context) {
    std::vector<Component>& components = score_.components;
    trade_imbalance_.evaluate(context, components[kTradeImbalance]);
    count_imbalance_.evaluate(context, components[1]);
    ofi_best_.evaluate(context, components[2]);
    ofi_multi_.evaluate(context, components[3]);
    absorption_.evaluate(context, components[kAbsorption]);
    cvd_divergence_.evaluate(context, components[5]);
    footprint_stack_.evaluate(context, components[6]);
    vpin_.evaluate(context, components[7]);
    kyle_lambda_.evaluate(context, components[8]);
    if (footprint_stack_.bucket_ticks()) is_contract_new_ = false;
    if (is_contract_new_) components[6].leaves.front().flags.set(Flag::contract_changed);
    combine(score_);
}

const Leaf& OrderFlow::trade_imbalance(Frame frame) const {
    for (const Leaf& leaf : score_.components[kTradeImbalance].leaves) {
        if (leaf.frame == frame) return leaf;
    }
    base::assertion_failed("trade_imbalance has no such frame", __FILE__, __LINE__);
}

void OrderFlow::skip_to() {
    footprint_stack_.skip_to();
    vpin_.mark_gap();
}

void OrderFlow::clear_prices() {
    footprint_stack_.clear();
    vpin_.clear();
    is_contract_new_ = true;
}

}  // namespace vt::analysis::order_flow
