#include "risk/margin.hpp"

namespace vt::risk {

double liquidation_price(market::Side side, double entry, double leverage, double maintenance_rate) {
    return entry * (1 - market::sign(side) * (1 / leverage - maintenance_rate));
}

std::optional<double> liquidation_share(double stop_share, double leverage, double maintenance_rate) {
    const double way = 1 / leverage - maintenance_rate;
    if (!(way > 0)) return std::nullopt;
    return stop_share / way;
}

std::uint32_t leverage_for(double stop_share, double maintenance_rate, double share_max, std::uint32_t most) {
    std::uint32_t leverage = most;
    while (leverage > 0) {
        const auto share = liquidation_share(stop_share, leverage, maintenance_rate);
        if (share && *share <= share_max) break;
        --leverage;
    }
    return leverage;
}

}  // namespace vt::risk
