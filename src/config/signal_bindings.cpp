#include "config/binding.hpp"
#include "history/series.hpp"

namespace vt::config {

std::vector<Binding> signal_bindings() {
    return {
        real_number(
            {"signals.score_max", "", "score from which a minute may raise a signal at most; mirrored for short"},
            [](Config& c) -> double& { return c.signals.score_max; }, 50, 100),
        real_number(
            {"signals.score_min", "",
             "and at least: between the two it is as far from 50 as score_share of the last week's minutes were"},
            [](Config& c) -> double& { return c.signals.score_min; }, 50, 100),
        real_number(
            {"signals.score_share", "",
             "share of the last week's minutes of all symbols that may lie beyond what is asked for"},
            [](Config& c) -> double& { return c.signals.score_share; }, 0.0001, 0.5),
        real_number(
            {"signals.coverage_min", "", "share of the evidence that has to be alive"},
            [](Config& c) -> double& { return c.signals.coverage_min; }, 0, 1),
        real_number(
            {"signals.confidence_min", "", "confidence that a score has to have"},
            [](Config& c) -> double& { return c.signals.confidence_min; }, 0, 1),
        real_number(
            {"signals.opposition_max", "", "what one side may take back of the score's distance from 50"},
            [](Config& c) -> double& { return c.signals.opposition_max; }, 0, 1),
        real_number(
            {"signals.listed_days_min", "", "days for which the venue has to have traded a symbol"},
            [](Config& c) -> double& { return c.signals.listed_days_min; }, 0, 10000),
        real_number(
            {"signals.turnover_min_usd", "", "turnover of 24 hours that a symbol has to have"},
            [](Config& c) -> double& { return c.signals.turnover_min_usd; }, 0, 1e+12),
        real_number(
            {"signals.spread_max_bps", "",
             "mean spread of the last minute, or less where a symbol's own minutes are narrower"},
            [](Config& c) -> double& { return c.signals.spread_max_bps; }, 0.01, 1000),
        real_number(
            {"signals.cost_share_max", "", "what a round trip may cost, in the stop's distance"},
            [](Config& c) -> double& { return c.signals.cost_share_max; }, 0.01, 1),
        real_number(
            {"signals.stop_atr", "", "distance of the stop in ATR of 30 minutes, at least"},
            [](Config& c) -> double& { return c.signals.stop_atr; }, 0.1, 20),
        real_number(
            {"signals.stop_atr_max", "", "beyond so many ATR there is no signal"},
            [](Config& c) -> double& { return c.signals.stop_atr_max; }, 0.1, 50),
        real_number(
            {"signals.taker_fee_bps", "", "fee of one fill at the market, of your account at the venue"},
            [](Config& c) -> double& { return c.signals.taker_fee_bps; }, 0, 100),
        whole_number(
            {"signals.order_quote", "",
             "size whose slippage is counted, quote currency: 1000, 10000, 100000 or 1000000"},
            [](Config& c) -> std::uint32_t& { return c.signals.order_quote; }, 1000, 1000000),
        real_number(
            {"signals.leverage", "", "what the way to liquidation is measured with"},
            [](Config& c) -> double& { return c.signals.leverage; }, 1, 125),
        real_number(
            {"signals.risk_pct", "", "share of the equity, in percent, that the suggested size loses at the stop"},
            [](Config& c) -> double& { return c.signals.risk_pct; }, 0.001, 10),
        whole_number(
            {"signals.expiry_minutes", "", "after so long a position is closed at the market"},
            [](Config& c) -> std::uint32_t& { return c.signals.expiry_minutes; }, 1, 10080),
        whole_number(
            {"signals.cooldown_minutes", "", "no signal of the same side of a symbol for so long after one ended"},
            [](Config& c) -> std::uint32_t& { return c.signals.cooldown_minutes; }, 0, 10080),
        whole_number(
            {"signals.cooldown_after_stop_minutes", "", "and after one that was stopped"},
            [](Config& c) -> std::uint32_t& { return c.signals.cooldown_after_stop_minutes; }, 0, 10080),
        whole_number(
            {"signals.new_per_hour_max", "", "signals of all symbols in an hour"},
            [](Config& c) -> std::uint32_t& { return c.signals.new_per_hour_max; }, 1, 1000),
        whole_number(
            {"signals.cluster_max", "", "open signals of one side among symbols that move together"},
            [](Config& c) -> std::uint32_t& { return c.signals.cluster_max; }, 1, 1000),
        real_number(
            {"signals.edge_effective_min", "",
             "effective outcomes of its strength from which on what they brought may hold a signal back"},
            [](Config& c) -> double& { return c.signals.edge_effective_min; }, 30, 1e6),
        real_number(
            {"signals.edge_decay_alarm", "",
             "a strategy is held back when its outcomes lie so many standard deviations of one behind the claims"},
            [](Config& c) -> double& { return c.signals.edge_decay_alarm; }, 1, 1000),
        text(
            {"signals.edge_decay_since", "",
             "outcomes before this instant do not count for that: the day on which you reset an alarm"},
            [](Config& c) -> std::string& { return c.signals.edge_decay_since; },
            [](const std::string& given) { return given.empty() || history::parse_time_ms(given).has_value(); },
            "empty, or a time of UTC such as 2026-11-30 or 2026-11-30T12:00"),
    };
}

}  // namespace vt::config
