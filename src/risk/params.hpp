#pragma once

#include "base/time.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace vt::risk {

/// Every limit between a signal and an order. Shares are fractions of the equity.
struct Params {
    // the size of one trade
    double risk_share = 0.005;          ///< lost at the stop, costs included
    double volatility_target = 0.40;    ///< of a year: what one position may make the equity swing
    double volatility_weight_max = 1;   ///< a market that swings less gets no more than this share
    double kelly_fraction = 0.25;       ///< of the bet that would let the equity grow fastest
    double cost_edge_share_max = 0.25;  ///< of what a trade is expected to bring, spent on costs
    // what may be open at once, with every order filled that may be
    double position_max = 0.5;          ///< worth of one instrument
    double cluster_max = 1;             ///< of one side of markets that move together
    double net_max = 1.5;               ///< longs alone, or shorts: what is net once the other side is closed
    double gross_max = 2;               ///< longs and shorts
    double beta_max = 2;                ///< longs and shorts, each times the upper bound of its beta to Bitcoin
    double expected_shortfall_max = 0;  ///< mean loss of the worst fortieth of days; 0: not limited
    double open_risk_max = 0.02;        ///< lost where every stop is reached
    std::uint32_t positions_max = 10;
    std::uint32_t orders_max = 50;
    // margin
    std::uint32_t leverage_max = 5;
    double margin_max = 0.6;             ///< set aside as initial margin
    double maintenance_rate = 0.01;      ///< of a position's worth, where the venue's tier is not known
    double liquidation_share_max = 0.5;  ///< of the way to liquidation, taken by the way to the stop
    // losses of the equity, realised or not
    double daily_loss_max = 0.02;
    double weekly_loss_max = 0.05;
    double drawdown_half = 0.10;      ///< from here on half of each size at most
    double drawdown_reducing = 0.15;  ///< no new positions
    double drawdown_halted = 0.20;    ///< everything is closed
    std::uint32_t losses_in_row_max = 4;
    Nanos loss_cooldown = std::chrono::hours{4};
    // the market and the way to it
    double spread_max_bps = 15;
    Nanos latency_max = std::chrono::seconds{1};
    Nanos book_age_max = std::chrono::seconds{2};
    Nanos mark_age_max = std::chrono::seconds{5};
    Nanos equity_age_max = std::chrono::seconds{5};
    std::uint32_t venue_failures_max = 5;  ///< within the window
    Nanos venue_failure_window = std::chrono::minutes{1};
    Nanos venue_cooldown = std::chrono::minutes{5};
    Nanos stop_confirm_max = std::chrono::seconds{5};  ///< a position without a stop at the venue
    Nanos late_fill_grace = std::chrono::seconds{5};   ///< fills may come after the word that an order is over
    bool operator==(const Params&) const = default;
};

/// What is wrong with the limits, in one sentence each that names both and the remedy. out: empty: nothing
[[nodiscard]] std::vector<std::string> contradictions(const Params& params);

}  // namespace vt::risk
