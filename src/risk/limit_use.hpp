#pragma once

#include "base/time.hpp"
#include "risk/check.hpp"
#include "risk/pre_trade.hpp"
#include "trading/money.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace vt::risk {

/// One limit, and how much of it is used up as things stand.
struct LimitUse {
    DenialCode code = DenialCode::limits_contradict;  ///< of the denial that it ends in
    std::string_view key;                             ///< of [risk] in the configuration
    std::optional<double> value;                      ///< absent: not known
    double limit = 0;
    std::string_view unit;  ///< of value and limit
    /// Of the account's currency, where the limit is a share of the equity. Absent: not known, or no amount
    std::optional<trading::Money> amount;

    /// out: 1: used up; absent: not known, or a limit of nothing
    [[nodiscard]] std::optional<double> use() const;
};

/// What is open at its worst, losses and counts beside their limits, in the order in which they are asked. Those of
/// one market and of one cluster are of the largest there is. What is not limited is not in it.
///   cost: as Exposure::worst_case
[[nodiscard]] std::vector<LimitUse> limits_in_use(const PreTrade& desk, Timestamp now);

}  // namespace vt::risk
