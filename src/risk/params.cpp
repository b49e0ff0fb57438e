#include "risk/params.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace vt::risk {
namespace {

constexpr std::uint32_t kCountMax = 1000;
constexpr std::uint32_t kFailuresMax = 100;  // each is kept with its time
constexpr std::uint32_t kLeverageMax = 125;

std::string written(double number) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

/// Collects what is wrong.
class Judge {
public:
    /// in: a value that has to lie above 0 and at most at `most`
    void within(std::string_view key, double value, double most) {
        if (value > 0 && value <= most) return;
        say(std::string(key) + " is " + written(value) + ": set it above 0 and at most " + written(most));
    }
    /// The same of one that 0 turns off.
    void within_or_off(std::string_view key, double value, double most) {
        if (value != 0) within(key, value, most);
    }
    void at_least(std::string_view key, Nanos value, Nanos least) {
        if (value >= least) return;
        say(std::string(key) + " is " + written(to_seconds(value)) + " s: set it to " + written(to_seconds(least)) +
            " s or more");
    }
    /// The smaller of two limits that only make sense in this order.
    void ordered(std::string_view small, double less, std::string_view large, double more) {
        if (less <= more) return;
        say(std::string(small) + " (" + written(less) + ") is above " + std::string(large) + " (" + written(more) +
            "), so that it could never be reached: lower the first or raise the second");
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(found_); }

private:
    void say(std::string what) { found_.push_back(std::move(what)); }
    std::vector<std::string> found_;
};

void judge_ranges(const Params& params, Judge& judge) {
    judge.within("risk_share", params.risk_share, 0.1);
    judge.within("volatility_target", params.volatility_target, 5);
    judge.within("volatility_weight_max", params.volatility_weight_max, 2);
    judge.within("kelly_fraction", params.kelly_fraction, 1);
    judge.within("cost_edge_share_max", params.cost_edge_share_max, 1);
    judge.within("position_max", params.position_max, 100);
    judge.within("cluster_max", params.cluster_max, 100);
    judge.within("net_max", params.net_max, 100);
    judge.within("gross_max", params.gross_max, 100);
    judge.within("beta_max", params.beta_max, 1000);
    judge.within_or_off("expected_shortfall_max", params.expected_shortfall_max, 1);
    judge.within("open_risk_max", params.open_risk_max, 1);
    judge.within("positions_max", params.positions_max, kCountMax);
    judge.within("orders_max", params.orders_max, kCountMax);
    judge.within("leverage_max", params.leverage_max, kLeverageMax);
    judge.within("margin_max", params.margin_max, 1);
    judge.within("maintenance_rate", params.maintenance_rate, 0.5);
    judge.within("liquidation_share_max", params.liquidation_share_max, 0.9);
    judge.within("daily_loss_max", params.daily_loss_max, 1);
    judge.within("weekly_loss_max", params.weekly_loss_max, 1);
    judge.within("drawdown_half", params.drawdown_half, 1);
    judge.within("drawdown_reducing", params.drawdown_reducing, 1);
    judge.within("drawdown_halted", params.drawdown_halted, 1);
    judge.within("losses_in_row_max", params.losses_in_row_max, kCountMax);
    judge.within("spread_max_bps", params.spread_max_bps, 1000);
    judge.within("venue_failures_max", params.venue_failures_max, kFailuresMax);
}

void judge_times(const Params& params, Judge& judge) {
    constexpr Nanos kInstant{1};
    judge.at_least("loss_cooldown", params.loss_cooldown, Nanos{});
    judge.at_least("latency_max", params.latency_max, kInstant);
    judge.at_least("book_age_max", params.book_age_max, kInstant);
    judge.at_least("mark_age_max", params.mark_age_max, kInstant);
    judge.at_least("equity_age_max", params.equity_age_max, kInstant);
    judge.at_least("venue_failure_window", params.venue_failure_window, kInstant);
    judge.at_least("venue_cooldown", params.venue_cooldown, Nanos{});
    judge.at_least("stop_confirm_max", params.stop_confirm_max, kInstant);
    judge.at_least("late_fill_grace", params.late_fill_grace, Nanos{});
}

}  // namespace

std::vector<std::string> contradictions(const Params& params) {
    Judge judge;
    judge_ranges(params, judge);
    judge_times(params, judge);
    judge.ordered("position_max", params.position_max, "cluster_max", params.cluster_max);
    judge.ordered("cluster_max", params.cluster_max, "gross_max", params.gross_max);
    judge.ordered("net_max", params.net_max, "gross_max", params.gross_max);
    judge.ordered("gross_max", params.gross_max, "leverage_max x margin_max",
                  static_cast<double>(params.leverage_max) * params.margin_max);
    judge.ordered("risk_share", params.risk_share, "open_risk_max", params.open_risk_max);
    judge.ordered("risk_share", params.risk_share, "daily_loss_max", params.daily_loss_max);
    judge.ordered("daily_loss_max", params.daily_loss_max, "weekly_loss_max", params.weekly_loss_max);
    judge.ordered("weekly_loss_max", params.weekly_loss_max, "drawdown_halted", params.drawdown_halted);
    judge.ordered("drawdown_half", params.drawdown_half, "drawdown_reducing", params.drawdown_reducing);
    judge.ordered("drawdown_reducing", params.drawdown_reducing, "drawdown_halted", params.drawdown_halted);
    return judge.take();
}

}  // namespace vt::risk
