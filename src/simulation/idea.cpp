#include "simulation/idea.hpp"

#include "signals/levels.hpp"

namespace vt::simulation {

std::optional<signals::Signal> idea_of(const market::InstrumentState& market, const IdeaParams& params,
                                       Timestamp now) {
    const auto mid = market.mid();
    if (!mid) return std::nullopt;
    signals::Signal signal;
    signal.id = params.id;
    signal.instrument = market.instrument().id;
    signal.side = params.side;
    signal.confirmed_at = signal.entered_at = now;
    signal.mid = *mid;
    signal.atr = *mid * params.atr_share;
    signal.costs = {.fee_bps = 5.5, .entry_bps = 1, .exit_bps = 1};
    const signals::Params levels;
    signal.levels = signals::levels_of({.side = params.side,
                                        .mid = *mid,
                                        .atr = signal.atr,
                                        .costs = signal.costs,
                                        .tick = market.instrument().tick()},
                                       levels);
    if (!signal.levels) return std::nullopt;
    signal.target_shares = levels.target_shares;
    signal.expires_at = now + params.patience;
    return signal;
}

}  // namespace vt::simulation
