#pragma once

#include "config/config.hpp"

namespace vt::runtime {

/// A configuration whose gates are open as far as it goes: a market's first minutes already raise signals, or hold
/// them back.
inline config::Config open_gates() {
    config::Config config;
    config.market.top_symbols = 200;
    config.signals.score_max = 51;
    config.signals.score_min = 50;
    config.signals.confidence_min = 0;
    config.confluence.coverage_min = config.signals.coverage_min = 0.05;
    config.signals.opposition_max = 1;
    config.signals.new_per_hour_max = 200;
    config.signals.cluster_max = 200;
    config.signals.turnover_min_usd = 0;
    config.signals.listed_days_min = 0;
    config.signals.cost_share_max = 1;
    return config;
}

}  // namespace vt::runtime
