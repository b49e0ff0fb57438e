#pragma once

#include "exchange/access/budget.hpp"
#include "exchange/access/limits.hpp"
#include "exchange/access/verdict.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::exchange::access {

/// How fast an account may place orders. Binance counts new orders by account (ORDERS of exchangeInfo), beside the
/// weight that it counts by address, and says in X-MBX-ORDER-COUNT-* what everyone of the account has placed. Bybit
/// has no such sum; its order endpoints have buckets of their own, which SiteAccess keeps.
/// This version places no orders: whoever will asks free_at() before each and tells sent().
class OrderBudget {
public:
    /// in: `share` of the published limits to plan with
    explicit OrderBudget(Site site, double share = kPlannedShare);

    /// When `orders` more may go; `now`: at once.
    [[nodiscard]] Timestamp free_at(std::uint32_t orders, Timestamp now) const;
    void sent(std::uint32_t orders, Timestamp now);
    /// Reads the counts and the refusals (-1015) of an answer of the site; any other says nothing here.
    void answered(const Answer& answer);
    /// Takes over the ORDERS limits of an exchangeInfo body; a body without any changes nothing.
    void learn(std::string_view exchange_info);

    [[nodiscard]] const std::vector<PublishedLimit>& limits() const { return limits_; }

private:
    /// What the venue itself counted in its present window.
    struct Observed {
        std::uint32_t used = 0;
        Timestamp until;
    };
    void use(std::vector<PublishedLimit> limits);

    Site site_;
    double share_;
    std::vector<PublishedLimit> limits_;
    std::vector<Budget> budgets_;                    ///< of each limit
    std::vector<std::optional<Observed>> observed_;  ///< of each limit
    Timestamp held_until_;
};

}  // namespace vt::exchange::access
