#pragma once

#include "base/time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::alpha {

/// What is done with what a strategy finds.
enum class Mode : std::uint8_t {
    off,     ///< it is not asked
    shadow,  ///< followed and written down like any other, but held back: nothing is shown as a signal
    on,      ///< a signal where the gates let it through
};
inline constexpr std::array<std::string_view, 3> kModeNames{"off", "shadow", "on"};
[[nodiscard]] constexpr std::string_view name(Mode mode) { return kModeNames[static_cast<std::size_t>(mode)]; }
[[nodiscard]] std::optional<Mode> mode_named(std::string_view text);

/// The strategies beside the score, in the order in which they are judged and shown.
enum class Strategy : std::uint8_t {
    lead_lag,
    residual_momentum,
    residual_reversion,
    alpha_breakout,
    correlation_breakdown,
    beta_shift,
    beta_divergence,
    sector_rotation,
};
inline constexpr std::size_t kStrategyCount = 8;
inline constexpr std::array<std::string_view, kStrategyCount> kStrategyNames{
    "lead_lag",   "residual_momentum", "residual_reversion", "alpha_breakout", "correlation_breakdown",
    "beta_shift", "beta_divergence",   "sector_rotation"};
/// As the ledger and the API name it. A literal.
[[nodiscard]] constexpr std::string_view name(Strategy strategy) {
    return kStrategyNames[static_cast<std::size_t>(strategy)];
}

/// Coins that are taken to move for a reason of their own.
struct Sector {
    std::string name;
    std::vector<std::string> coins;  ///< bases, "SOL"
    bool operator==(const Sector&) const = default;
};

/// The lists that the configuration begins with. A coin of two lists is of the first.
[[nodiscard]] std::vector<Sector> usual_sectors();

/// On: what asks for a move still to come that is larger than its costs. In shadow: what has no evidence yet but its
/// own record to come (docs/adr/0025-strategies-beside-the-score.md).
inline constexpr std::array<Mode, kStrategyCount> kUsualModes{Mode::on,     Mode::shadow, Mode::on,     Mode::shadow,
                                                              Mode::shadow, Mode::shadow, Mode::shadow, Mode::shadow};

/// The knobs of the strategies. Thresholds that are in standard deviations are where a score reads 70 or 30.
struct Params {
    /// By Strategy.
    std::array<Mode, kStrategyCount> modes = kUsualModes;
    double coverage_min = 0.60;  ///< share of the evidence that has to be alive; full windows of candles have .7
    double chance_max = 0.05;    ///< share of false ones among what stands (Benjamini-Hochberg)
    double worth_min = 1;        ///< round trips that the move still to come has to be worth

    double gap_sd = 1;  ///< lead_lag: of the own move over the lag

    std::uint32_t momentum_bars = 48;  ///< residual_momentum: of 30 minutes
    std::uint32_t momentum_skip = 8;   ///< the newest, over which residuals revert
    double momentum_sd = 3;

    double reversion_sd = 2;             ///< residual_reversion: distance from where it reverts to
    double half_life_max_minutes = 240;  ///< slower than that it is not waited for

    double alpha_t = 3;      ///< alpha_breakout: Newey-West's t
    double breakout_sd = 1;  ///< of the residual of the last half hour, in alpha's direction

    double correlation_before = 0.60;   ///< correlation_breakdown: at least, over the day before
    double correlation_now = 0.30;      ///< at most, over the last hours
    std::uint32_t breakdown_bars = 48;  ///< of 5 minutes: what "the last hours" are
    double breakdown_sd = 2;            ///< of the own move meanwhile

    double beta_change = 0.25;  ///< beta_shift and beta_divergence: less is nothing to act on
    double shift_sd = 3;        ///< beta_shift: of the change
    double kalman_share = 0.5;  ///< of the change that the Kalman beta has to have followed

    double divergence_sd = 3;  ///< beta_divergence: of the difference between the frames
    double bitcoin_sd = 1;     ///< of Bitcoin's move of the last hour: without one there is nothing to give back

    double rotation_sd = 2.5;            ///< sector_rotation: of the others' mean move
    double sector_correlation = 0.3;     ///< of residuals within a sector: as many coins count for fewer
    std::uint32_t sector_coins_min = 3;  ///< beside the coin itself
    std::vector<Sector> sectors = usual_sectors();

    [[nodiscard]] Mode mode(Strategy strategy) const { return modes[static_cast<std::size_t>(strategy)]; }
    [[nodiscard]] Mode& mode(Strategy strategy) { return modes[static_cast<std::size_t>(strategy)]; }
    bool operator==(const Params&) const = default;
};

}  // namespace vt::alpha
