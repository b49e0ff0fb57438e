#pragma once

#include "analysis/leaf.hpp"
#include "analysis/order_flow/flow_context.hpp"

#include <optional>
#include <vector>

namespace vt::analysis::order_flow {

/// What a million costs: the slope of the mid's one-minute return on net taker notional, over up to four hours.
/// Prices cause trades too, so it is a cost, not a direction: weight 0.
///   out:    bps per 1e6 quote
///   source: docs/indicators/kyle_lambda.md; Kyle 1985; oracle `kyle_lambda_ols`
class KyleLambda {
public:
    static constexpr std::size_t kMinBars = 60;

    KyleLambda();
    [[nodiscard]] static Component describe();
    void evaluate(const FlowContext& context, Component& component);
    [[nodiscard]] const std::optional<double>& value() const { return value_; }

    template <class Archive>
    void archive(Archive& a) {
        a(value_, bars_);
    }

private:
    void measure(const MinuteHistory& history);

    std::optional<double> value_;
    std::uint32_t bars_ = 0;
    std::vector<double> flow_, returns_;  // scratch
};

}  // namespace vt::analysis::order_flow
