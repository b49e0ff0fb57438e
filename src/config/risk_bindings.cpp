#include "config/binding.hpp"

#include <chrono>

namespace vt::config {
namespace {

using risk::Params;

Binding share(std::string_view key, std::string_view what, double Params::* field, double high) {
    return real_number({key, "", what}, [field](Config& c) -> double& { return c.risk.*field; }, 1e-6, high);
}

Binding count(std::string_view key, std::string_view what, std::uint32_t Params::* field, std::int64_t high) {
    return whole_number({key, "", what}, [field](Config& c) -> std::uint32_t& { return c.risk.*field; }, 1, high);
}

/// Of at most a day.
template <class Unit>
Binding span(std::string_view key, std::string_view what, Nanos Params::* field, std::int64_t low) {
    const std::int64_t high = std::chrono::duration_cast<Unit>(std::chrono::hours{24}).count();
    return time_span<Unit>({key, "", what}, [field](Config& c) -> Nanos& { return c.risk.*field; }, low, high);
}

using Ms = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using Minutes = std::chrono::minutes;

std::vector<Binding> size_knobs() {
    return {
        share("risk.risk_share", "share of the equity that a trade loses at its stop, costs included",
              &Params::risk_share, 0.1),
        share("risk.volatility_target", "annual volatility that one position may bring to the equity, as a fraction",
              &Params::volatility_target, 5),
        share("risk.volatility_weight_max", "share of the equity that a market of little volatility may take",
              &Params::volatility_weight_max, 2),
        share("risk.kelly_fraction", "part of Kelly's bet at the lower bound of the chance", &Params::kelly_fraction,
              1),
        share("risk.cost_edge_share_max", "what costs may take of what a trade is expected to bring",
              &Params::cost_edge_share_max, 1),
    };
}

std::vector<Binding> exposure_knobs() {
    return {
        share("risk.position_max", "worth of one market, in equities", &Params::position_max, 100),
        share("risk.cluster_max", "worth of one side of markets that move together", &Params::cluster_max, 100),
        share("risk.net_max", "longs alone, or shorts: what is net once the other side is closed", &Params::net_max,
              100),
        share("risk.gross_max", "longs and shorts", &Params::gross_max, 100),
        share("risk.beta_max", "longs and shorts, each times the upper bound of its beta to Bitcoin",
              &Params::beta_max, 1000),
        real_number(
            {"risk.expected_shortfall_max", "", "mean loss of the worst fortieth of days; 0: not limited"},
            [](Config& c) -> double& { return c.risk.expected_shortfall_max; }, 0, 1),
        share("risk.open_risk_max", "lost where every stop is reached", &Params::open_risk_max, 1),
        count("risk.positions_max", "markets with something open", &Params::positions_max, 1000),
        count("risk.orders_max", "orders that may open something", &Params::orders_max, 1000),
        count("risk.leverage_max", "highest leverage; a stop that is far lowers it", &Params::leverage_max, 125),
        share("risk.margin_max", "share of the equity that is set aside as initial margin", &Params::margin_max, 1),
        share("risk.maintenance_rate", "maintenance margin where the venue's tier is not known",
              &Params::maintenance_rate, 0.5),
        share("risk.liquidation_share_max", "part of the way to liquidation that the way to the stop may take",
              &Params::liquidation_share_max, 0.9),
    };
}

std::vector<Binding> loss_knobs() {
    return {
        share("risk.daily_loss_max", "loss of a day of UTC that ends its new positions", &Params::daily_loss_max, 1),
        share("risk.weekly_loss_max", "loss of a week from Monday that ends its new positions",
              &Params::weekly_loss_max, 1),
        share("risk.drawdown_half", "drawdown from which on sizes are halved at least", &Params::drawdown_half, 1),
        share("risk.drawdown_reducing", "drawdown that ends new positions until somebody releases them",
              &Params::drawdown_reducing, 1),
        share("risk.drawdown_halted", "drawdown that halts everything until somebody releases it",
              &Params::drawdown_halted, 1),
        count("risk.losses_in_row_max", "losses in a row that begin a pause", &Params::losses_in_row_max, 1000),
        span<Minutes>("risk.loss_cooldown_minutes", "and how long it is", &Params::loss_cooldown, 0),
    };
}

std::vector<Binding> venue_knobs() {
    return {
        real_number(
            {"risk.spread_max_bps", "", "spread at which nothing is entered any more, if it is wider"},
            [](Config& c) -> double& { return c.risk.spread_max_bps; }, 0.01, 1000),
        span<Ms>("risk.latency_max_ms", "longest round trip to the venue", &Params::latency_max, 1),
        span<Ms>("risk.book_age_max_ms", "oldest order book", &Params::book_age_max, 1),
        span<Ms>("risk.mark_age_max_ms", "oldest mark price", &Params::mark_age_max, 1),
        span<Ms>("risk.equity_age_max_ms", "oldest mark of the equity", &Params::equity_age_max, 1),
        count("risk.venue_failures_max", "requests that the venue fails, within the window, and then rests",
              &Params::venue_failures_max, 100),
        span<Seconds>("risk.venue_failure_window_seconds", "the window", &Params::venue_failure_window, 1),
        span<Seconds>("risk.venue_cooldown_seconds", "and the rest", &Params::venue_cooldown, 0),
        span<Ms>("risk.stop_confirm_max_ms", "nothing is entered while a position has no stop for longer",
                 &Params::stop_confirm_max, 1),
        span<Ms>("risk.late_fill_grace_ms", "how long a cancelled order still counts, since fills may come late",
                 &Params::late_fill_grace, 0),
    };
}

}  // namespace

std::vector<Binding> risk_bindings() {
    std::vector<Binding> all;
    for (auto& part : {size_knobs(), exposure_knobs(), loss_knobs(), venue_knobs()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

Result<void> check_risk(const Config& config) {
    const auto found = risk::contradictions(config.risk);
    if (found.empty()) return {};
    return fail(Errc::configuration, "[risk]: " + found.front());
}

}  // namespace vt::config
