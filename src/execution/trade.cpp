#include "execution/trade.hpp"

#include <algorithm>
#include <cmath>

namespace vt::execution {
namespace {

/// Mean price of what was entered. in: something was
double mean_entry(const Trade& trade, const market::Instrument& instrument) {
    return to_double(trade.entry_value) / (instrument.quantity(trade.entered) * instrument.contract_size.to_double());
}

}  // namespace

std::string_view name(TradeEnd end) {
    switch (end) {
        case TradeEnd::target: return "target";
        case TradeEnd::stop: return "stop";
        case TradeEnd::expired: return "expired";
        case TradeEnd::requested: return "requested";
        case TradeEnd::halted: return "halted";
        case TradeEnd::unprotected: return "unprotected";
        case TradeEnd::liquidated: return "liquidated";
        case TradeEnd::delisted: return "delisted";
        case TradeEnd::not_entered: return "not_entered";
        case TradeEnd::reconciled: return "reconciled";
        case TradeEnd::leverage_refused: return "leverage_refused";
        case TradeEnd::leverage_unconfirmed: return "leverage_unconfirmed";
    }
    return "unknown";
}

bool Trade::is_withdrawn(trading::ClientOrderId order) const {
    return std::ranges::find(withdrawn, order) != withdrawn.end();
}

std::optional<double> entry_price(const Trade& trade, const market::Instrument& instrument) {
    return trade.entered == Lots{} ? std::nullopt : std::optional(mean_entry(trade, instrument));
}

std::optional<double> in_r(const Trade& trade, const market::Instrument& instrument, trading::Money amount) {
    const auto entry = entry_price(trade, instrument);
    if (!entry) return std::nullopt;
    const double risked = std::abs(*entry - instrument.price(trade.plan.stop)) * instrument.quantity(trade.entered) *
                          instrument.contract_size.to_double();
    return risked > 0 ? std::optional(to_double(amount) / risked) : std::nullopt;
}

std::optional<TradeResult> result_of(const Trade& trade, const market::Instrument& instrument) {
    if (trade.entered == Lots{}) return std::nullopt;
    const double entry = mean_entry(trade, instrument);
    const double sign = market::sign(trade.plan.side);
    const auto bps_from_entry = [&](Ticks price) { return sign * (instrument.price(price) / entry - 1) * 1e4; };
    TradeResult result{.net = trading::Position(trade.position).wallet_change()};
    result.r_multiple = in_r(trade, instrument, result.net).value_or(0);
    result.slippage_bps = sign * (entry / instrument.price(trade.plan.reference) - 1) * 1e4;
    if (trade.best) result.mfe_bps = std::max(0.0, bps_from_entry(*trade.best));
    if (trade.worst) result.mae_bps = std::min(0.0, bps_from_entry(*trade.worst));
    return result;
}

std::optional<Ticks> break_even(const Trade& trade, const market::Instrument& instrument) {
    if (trade.entered == Lots{}) return std::nullopt;
    const double entry = mean_entry(trade, instrument);
    const double even = entry * (1 + market::sign(trade.plan.side) * trade.plan.break_even_cost_bps * 1e-4);
    const double ticks = even / instrument.tick();
    const double rounded = trade.plan.side == market::Side::buy ? std::ceil(ticks - 1e-9) : std::floor(ticks + 1e-9);
    return Ticks{static_cast<std::int64_t>(rounded)};
}

std::array<Lots, kRungCount> rung_quantities(const Plan& plan, Lots entered) {
    std::array<Lots, kRungCount> quantities{};
    Lots left = entered;
    std::size_t last = kRungCount;
    for (std::size_t i = 0; i < kRungCount; ++i) {
        if (!plan.ladder.at(i)) continue;
        const double wanted = std::floor(static_cast<double>(entered.value()) * plan.ladder.at(i)->share + 1e-9);
        quantities.at(i) = std::min(left, Lots{static_cast<std::int64_t>(wanted)});
        left -= quantities.at(i);
        last = i;
    }
    if (last < kRungCount) quantities.at(last) += left;
    return quantities;
}

}  // namespace vt::execution
