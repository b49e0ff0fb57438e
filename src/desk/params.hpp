#pragma once

#include "base/time.hpp"
#include "execution/params.hpp"
#include "risk/params.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace vt::desk {

/// How signals become trades.
struct Params {
    std::vector<std::string> strategies{"confluence"};  ///< whose signals are traded
    /// The entry pays no more than this beyond what the signal expected; what is not filled so is not entered.
    double entry_slippage_max_bps = 10;
    Nanos enter_within = std::chrono::seconds{10};
    double trailing_stop_share = 0;  ///< of the stop's first distance: how far a trailing stop stays behind; 0: none
    risk::Params risk;
    execution::Params execution;
    bool operator==(const Params&) const = default;
};

}  // namespace vt::desk
