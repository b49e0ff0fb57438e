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
    /// What is written down, and gone on from after a restart.
    struct Facts {
        Lots net;        ///< negative: short
        Money cost;      ///< of the open lots when they were opened; not negative
        Money realised;  ///< without fees and funding
        Money fees;      ///< positive: paid
        Money funding;   ///< negative: paid
        bool operator==(const Facts&) const = default;
    };
    Position() = default;
    explicit Position(const Facts& facts) : facts_(facts) {}

    /// Takes an execution in: first what it closes, then what it opens.
    ///   errors: out_of_range where the amount does not fit, or of an inverse contract; nothing is changed then
    [[nodiscard]] Result<void> apply(const Fill& fill, const market::Instrument& instrument);
    void apply(const FundingPaid& paid) { facts_.funding += paid.amount; }

    [[nodiscard]] const Facts& facts() const { return facts_; }
    [[nodiscard]] Lots net() const { return facts_.net; }
    [[nodiscard]] bool is_flat() const { return facts_.net == Lots{}; }
    [[nodiscard]] Lots size() const { return facts_.net < Lots{} ? -facts_.net : facts_.net; }
    /// Side of the orders that opened it. in: not flat
    [[nodiscard]] market::Side side() const { return facts_.net < Lots{} ? market::Side::sell : market::Side::buy; }
    /// Mean price of what is open. out: absent when flat
    [[nodiscard]] std::optional<double> average_price(const market::Instrument& instrument) const;
    /// Gain or loss of what is open at a price. out: 0 when flat; absent where the amount does not fit
    [[nodiscard]] std::optional<Money> unrealised(const market::Instrument& instrument, Ticks price) const;
    [[nodiscard]] Money wallet_change() const { return facts_.realised - facts_.fees + facts_.funding; }

private:
    Facts facts_;
};

}  // namespace vt::trading
