#pragma once

#include "base/result.hpp"
#include "market/instrument.hpp"
#include "trading/money.hpp"
#include "trading/report.hpp"

#include <optional>

namespace vt::trading {

/// One instrument's position on a one-way account, at average cost.
///
/// Invariant: wallet change = realised - fees + funding, exactly; realised is the cash that fills moved less what the
/// open lots cost, so that realised + unrealised at any price is what selling everything at that price would bring.
/// No rounding is lost between the parts.
class Position {
public:
    /// Takes an execution in: first what it closes, then what it opens.
    ///   errors: out_of_range where the amount does not fit, or of an inverse contract; nothing is changed then
    [[nodiscard]] Result<void> apply(const Fill& fill, const market::Instrument& instrument);
    void apply(const FundingPaid& paid) { funding_ += paid.amount; }

    [[nodiscard]] Lots net() const { return net_; }  ///< negative: short
    [[nodiscard]] bool is_flat() const { return net_ == Lots{}; }
    [[nodiscard]] Lots size() const { return net_ < Lots{} ? -net_ : net_; }
    /// Side of the orders that opened it. in: not flat
    [[nodiscard]] market::Side side() const { return net_ < Lots{} ? market::Side::sell : market::Side::buy; }
    /// What the open lots cost when they were opened; not negative.
    [[nodiscard]] Money cost() const { return cost_; }
    /// Mean price of what is open. out: absent when flat
    [[nodiscard]] std::optional<double> average_price(const market::Instrument& instrument) const;
    /// Gain or loss of what is open at a price. out: 0 when flat; absent where the amount does not fit
    [[nodiscard]] std::optional<Money> unrealised(const market::Instrument& instrument, Ticks price) const;
    [[nodiscard]] Money realised() const { return realised_; }  ///< without fees and funding
    [[nodiscard]] Money fees() const { return fees_; }          ///< positive: paid
    [[nodiscard]] Money funding() const { return funding_; }    ///< negative: paid
    [[nodiscard]] Money wallet_change() const { return realised_ - fees_ + funding_; }

private:
    Lots net_;
    Money cost_;
    Money realised_;
    Money fees_;
    Money funding_;
};

}  // namespace vt::trading
