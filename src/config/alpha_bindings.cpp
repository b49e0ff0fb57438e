#include "alpha/params.hpp"
#include "config/binding.hpp"

#include <array>

namespace vt::config {
namespace {

/// By alpha::Strategy.
constexpr std::array<std::string_view, alpha::kStrategyCount> kSayings{
    "Bitcoin moved, and what follows it has not yet",
    "what moved by itself for a day goes on",
    "what went far from the level that it goes back to, goes back",
    "a drift that chance hardly explains, and that goes on now",
    "what always followed Bitcoin moves by itself",
    "a beta that became another: expansion or compression",
    "today's beta beside the week's, without a break",
    "the coins of a sector moved, and this one lags",
};

Binding mode_of(std::size_t strategy) {
    const std::string key = "alpha." + std::string(alpha::kStrategyNames[strategy]);
    const auto field = [strategy](Config& config) -> alpha::Mode& { return config.alpha.modes[strategy]; };
    return {.knob = {kept_text(key), "", kept_text(std::string(kSayings[strategy]) + ": on, shadow or off")},
            .set = [field](Config& config, const Value& value) -> Result<void> {
                const auto* given = std::get_if<std::string>(&value);
                const auto mode = given != nullptr ? alpha::mode_named(*given) : std::nullopt;
                if (!mode) return fail(Errc::configuration, R"(must be "on", "shadow" or "off")");
                field(config) = *mode;
                return {};
            },
            .text =
                [field](const Config& config) {
                    return quoted_text(std::string(alpha::name(field(const_cast<Config&>(config)))));
                }};
}

Binding sector_of(std::size_t index, const std::string& name) {
    return text_list({kept_text("alpha.sectors." + name), "", "coins of this sector, for sector_rotation"},
                     [index](Config& config) -> Texts& { return config.alpha.sectors[index].coins; });
}

std::vector<Binding> thresholds() {
    return {
        real_number(
            {"alpha.coverage_min", "", "share of the evidence that has to be alive"},
            [](Config& c) -> double& { return c.alpha.coverage_min; }, 0, 1),
        real_number(
            {"alpha.chance_max", "", "share of false ones among what stands, over all instruments"},
            [](Config& c) -> double& { return c.alpha.chance_max; }, 0.0001, 0.5),
        real_number(
            {"alpha.worth_min", "",
             "round trips that the move still to come has to be worth (lead_lag, residual_reversion)"},
            [](Config& c) -> double& { return c.alpha.worth_min; }, 0, 100),
        real_number(
            {"alpha.gap_sd", "", "lead_lag: the gap, in standard deviations of the own move over the lag"},
            [](Config& c) -> double& { return c.alpha.gap_sd; }, 0.1, 20),
        whole_number(
            {"alpha.momentum_bars", "", "residual_momentum: bars of 30 minutes that the move is made of"},
            [](Config& c) -> std::uint32_t& { return c.alpha.momentum_bars; }, 12, 240),
        whole_number(
            {"alpha.momentum_skip", "", "residual_momentum: the newest bars that are left out"},
            [](Config& c) -> std::uint32_t& { return c.alpha.momentum_skip; }, 0, 48),
        real_number(
            {"alpha.momentum_sd", "", "residual_momentum: the move beside Bitcoin, in standard deviations of a walk"},
            [](Config& c) -> double& { return c.alpha.momentum_sd; }, 0.1, 20),
        real_number(
            {"alpha.reversion_sd", "", "residual_reversion: the distance from the level, in standard deviations"},
            [](Config& c) -> double& { return c.alpha.reversion_sd; }, 0.1, 20),
        real_number(
            {"alpha.half_life_max_minutes", "",
             "residual_reversion: a distance that halves more slowly is not waited for"},
            [](Config& c) -> double& { return c.alpha.half_life_max_minutes; }, 5, 1440),
        real_number(
            {"alpha.alpha_t", "", "alpha_breakout: Newey and West's t of alpha"},
            [](Config& c) -> double& { return c.alpha.alpha_t; }, 0.1, 20),
        real_number(
            {"alpha.breakout_sd", "",
             "alpha_breakout: the residual of the last half hour in alpha's direction, in standard deviations"},
            [](Config& c) -> double& { return c.alpha.breakout_sd; }, 0, 20),
        real_number(
            {"alpha.correlation_before", "", "correlation_breakdown: the correlation before, at least"},
            [](Config& c) -> double& { return c.alpha.correlation_before; }, 0, 1),
        real_number(
            {"alpha.correlation_now", "", "correlation_breakdown: and now, at most"},
            [](Config& c) -> double& { return c.alpha.correlation_now; }, -1, 1),
        whole_number(
            {"alpha.breakdown_bars", "", "correlation_breakdown: bars of 5 minutes that \"now\" is made of"},
            [](Config& c) -> std::uint32_t& { return c.alpha.breakdown_bars; }, 12, 144),
        real_number(
            {"alpha.breakdown_sd", "", "correlation_breakdown: the own move meanwhile, in standard deviations"},
            [](Config& c) -> double& { return c.alpha.breakdown_sd; }, 0, 20),
        real_number(
            {"alpha.beta_change", "",
             "beta_shift and beta_divergence: a smaller difference of beta is nothing to act on"},
            [](Config& c) -> double& { return c.alpha.beta_change; }, 0, 10),
        real_number(
            {"alpha.shift_sd", "", "beta_shift: the change, in its standard error"},
            [](Config& c) -> double& { return c.alpha.shift_sd; }, 0.1, 20),
        real_number(
            {"alpha.kalman_share", "", "beta_shift: share of the change that the Kalman beta has to have followed"},
            [](Config& c) -> double& { return c.alpha.kalman_share; }, 0, 1),
        real_number(
            {"alpha.divergence_sd", "", "beta_divergence: the difference, in its standard error"},
            [](Config& c) -> double& { return c.alpha.divergence_sd; }, 0.1, 20),
        real_number(
            {"alpha.bitcoin_sd", "", "beta_divergence: Bitcoin's move of the last hour, in standard deviations"},
            [](Config& c) -> double& { return c.alpha.bitcoin_sd; }, 0, 20),
        real_number(
            {"alpha.rotation_sd", "",
             "sector_rotation: the others' mean move, in standard deviations of such a mean"},
            [](Config& c) -> double& { return c.alpha.rotation_sd; }, 0.1, 20),
        real_number(
            {"alpha.sector_correlation", "", "sector_rotation: of the moves of two coins of a sector beside Bitcoin"},
            [](Config& c) -> double& { return c.alpha.sector_correlation; }, 0, 1),
        whole_number(
            {"alpha.sector_coins_min", "", "sector_rotation: coins of a sector that have to be known beside the one"},
            [](Config& c) -> std::uint32_t& { return c.alpha.sector_coins_min; }, 1, 50),
    };
}

}  // namespace

std::vector<Binding> alpha_bindings() {
    std::vector<Binding> all;
    for (std::size_t strategy = 0; strategy < alpha::kStrategyCount; ++strategy) all.push_back(mode_of(strategy));
    for (Binding& binding : thresholds()) all.push_back(std::move(binding));
    const std::vector<alpha::Sector> sectors = alpha::usual_sectors();
    for (std::size_t i = 0; i < sectors.size(); ++i) all.push_back(sector_of(i, sectors[i].name));
    return all;
}

}  // namespace vt::config
