#include "risk/limit_use.hpp"

#include "risk/equity_share.hpp"

namespace vt::risk {
namespace {

using trading::Money;
using enum DenialCode;

constexpr std::string_view kOfEquity = "of the equity";

}  // namespace

std::optional<double> LimitUse::use() const {
    if (!value || limit <= 0) return std::nullopt;
    return *value / limit;
}

std::vector<LimitUse> limits_in_use(const PreTrade& desk, Timestamp now) {
    const Params& params = desk.params();
    const Breakers& breakers = desk.breakers();
    const auto& equity = breakers.equity();
    const WorstCase worst = desk.exposure().worst_case();
    std::vector<LimitUse> all;
    const auto loss = [&](DenialCode code, std::string_view key, double lost, double limit, std::string_view unit) {
        all.push_back({.code = code,
                       .key = key,
                       .value = equity ? std::optional(lost) : std::nullopt,
                       .limit = limit,
                       .unit = unit,
                       .amount = {}});
    };
    const auto share = [&](DenialCode code, std::string_view key, const std::optional<Money>& amount, double limit) {
        all.push_back({.code = code,
                       .key = key,
                       .value = amount && equity ? share_in(*equity, *amount) : std::nullopt,
                       .limit = limit,
                       .unit = kOfEquity,
                       .amount = amount});
    };
    const auto count = [&](DenialCode code, std::string_view key, std::uint32_t counted, std::uint32_t most,
                           std::string_view unit) {
        all.push_back({.code = code,
                       .key = key,
                       .value = static_cast<double>(counted),
                       .limit = static_cast<double>(most),
                       .unit = unit,
                       .amount = {}});
    };
    loss(halted, "drawdown_halted", breakers.drawdown(), params.drawdown_halted, "of the highest equity");
    loss(reducing, "drawdown_reducing", breakers.drawdown(), params.drawdown_reducing, "of the highest equity");
    loss(daily_loss, "daily_loss_max", breakers.daily_loss(now), params.daily_loss_max, "of the day's first equity");
    loss(weekly_loss, "weekly_loss_max", breakers.weekly_loss(now), params.weekly_loss_max,
         "of the week's first equity");
    count(loss_cooldown, "losses_in_row_max", breakers.losses_in_row(), params.losses_in_row_max, "losses in a row");
    share(open_risk, "open_risk_max", worst.open_risk, params.open_risk_max);
    share(max_position, "position_max", worst.instrument, params.position_max);
    share(max_cluster, "cluster_max", worst.cluster, params.cluster_max);
    share(max_net, "net_max", worst.net, params.net_max);
    share(max_gross, "gross_max", worst.gross, params.gross_max);
    share(max_beta, "beta_max", worst.beta, params.beta_max);
    if (params.expected_shortfall_max > 0) {
        const auto shortfall = desk.exposure().worst_shortfall();
        share(max_shortfall, "expected_shortfall_max", shortfall ? std::optional(shortfall->amount) : std::nullopt,
              params.expected_shortfall_max);
    }
    count(max_positions, "positions_max", worst.positions, params.positions_max, "positions");
    count(max_orders, "orders_max", worst.orders, params.orders_max, "orders that may open something");
    share(margin_short, "margin_max", worst.margin, params.margin_max);
    return all;
}

}  // namespace vt::risk
