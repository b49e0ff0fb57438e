#pragma once

#include "base/time.hpp"
#include "signals/signal.hpp"

namespace vt::signals {

inline constexpr Timestamp kEntered = from_ms(1'700'000'040'000);

/// A signal entered at 100 with a stop at 99 (long) and targets at 101.5, 102.5 and 104, 5 bps a fill and 2 bps more
/// to leave at the market.
inline Signal test_signal(market::Side side = market::Side::buy) {
    const double sign = market::sign(side);
    Signal signal;
    signal.id = "00112233445566ff";
    signal.side = side;
    signal.confirmed_at = signal.entered_at = kEntered;
    signal.score = 50 + 22 * sign;
    signal.coverage = .95;
    signal.confidence = .7;
    signal.weights = "equal";
    signal.reasons = {"trade imbalance +3.2"};
    signal.mid = 100;
    signal.atr = .5;
    signal.costs = {.fee_bps = 5, .entry_bps = 0, .exit_bps = 2};
    signal.levels = Levels{.entry = 100,
                           .stop = 100 - sign,
                           .stop_distance = 1,
                           .market_distance = 1,
                           .stop_atr = 2,
                           .liquidation_share = .1,
                           .targets = {100 + 1.5 * sign, 100 + 2.5 * sign, 100 + 4 * sign}};
    signal.target_shares = {.5, .3, .2};
    signal.size_share = .4;
    signal.expires_at = kEntered + std::chrono::hours{8};
    signal.path.stop = signal.levels->stop;
    signal.path.last_price = 100;
    signal.path.seen_until = kEntered;
    return signal;
}

}  // namespace vt::signals
