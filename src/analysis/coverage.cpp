#include "analysis/coverage.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <chrono>

namespace vt::analysis {

using std::chrono::seconds;

std::string_view name(Input input) {
    switch (input) {
        case Input::book: return "book";
        case Input::trades: return "trades";
        case Input::liquidations: return "liquidations";
        case Input::ticker: return "ticker";
        case Input::btc_mid: return "btc_mid";
        case Input::account_ratios: return "account_ratios";
        case Input::minute_features: return "minute_features";
        case Input::zones: return "zones";
        case Input::bars_30m: return "bars_30m";
        case Input::bars_4h: return "bars_4h";
        case Input::fear_and_greed: return "fear_and_greed";
        case Input::beta_1m: return "beta_1m";
        case Input::beta_5m: return "beta_5m";
        case Input::beta_30m: return "beta_30m";
        case Input::beta_4h: return "beta_4h";
        case Input::lead_lag: return "lead_lag";
    }
    return "unknown";
}

AgePlan age_plan(Input input) {
    switch (input) {
        case Input::book: return {seconds{2}, seconds{5}};
        case Input::trades: return {seconds{15}, seconds{15}};
        case Input::liquidations: return {seconds{15}, seconds{15}};
        case Input::ticker: return {seconds{10}, seconds{60}};
        case Input::btc_mid: return {seconds{2}, seconds{5}};
        case Input::account_ratios: return {seconds{600}, seconds{1800}};
        case Input::minute_features: return {seconds{90}, seconds{120}};
        case Input::zones: return {seconds{600}, seconds{3600}};  // twice the bar, as the two that follow
        case Input::bars_30m: return {seconds{3600}, seconds{3600}};
        case Input::bars_4h: return {seconds{28800}, seconds{3600}};
        case Input::fear_and_greed: return {seconds{3600}, seconds{21600}};
        case Input::beta_1m: return {seconds{120}, seconds{3600}};
        case Input::beta_5m: return {seconds{600}, seconds{3600}};
        case Input::beta_30m: return {seconds{3600}, seconds{3600}};
        case Input::beta_4h: return {seconds{28800}, seconds{3600}};
        case Input::lead_lag: return {seconds{1200}, seconds{3600}};
    }
    return {};
}

double history_coverage(std::size_t n, std::size_t n_min) {
    if (n_min == 0) return 1;
    if (n < n_min) return 0;
    return 0.5 + 0.5 * std::min(1.0, static_cast<double>(n - n_min) / static_cast<double>(n_min));
}

std::optional<double> age_coverage(std::optional<Nanos> age, AgePlan plan) {
    if (!age) return std::nullopt;
    const Nanos excess = std::max(Nanos{0}, *age - plan.grace);
    const double coverage = math::exp(-to_seconds(excess) / to_seconds(plan.decay));
    if (coverage < kMinAgeCoverage) return std::nullopt;
    return coverage;
}

std::optional<double> gap_coverage(double missing_share) {
    if (missing_share > kMaxMissingShare) return std::nullopt;
    return 1 - missing_share;
}

double minimum_coverage(double events, double minimum) { return minimum > 0 ? std::min(1.0, events / minimum) : 1.0; }

double flag_coverage(Flags flags, double spoof) {
    double coverage = 1;
    if (flags.has(Flag::conflated)) coverage *= 0.9;
    if (flags.has(Flag::censored)) coverage *= 0.7;
    if (flags.has(Flag::kline_based)) coverage *= 0.7;
    if (flags.has(Flag::clock_suspect)) coverage *= 0.5;
    if (flags.has(Flag::spoof_like)) coverage *= 1 - 0.5 * spoof;
    return coverage;
}

}  // namespace vt::analysis
