#include "alpha/sector_rotation.hpp"

#include "alpha/facts.hpp"
#include "confluence/wording.hpp"
#include "indicators/confidence.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

namespace vt::alpha {
namespace {

using confluence::number;
using signals::at_least;
using signals::at_most;

constexpr Nanos kRotationHorizon = std::chrono::hours{4};
constexpr std::size_t kRotationBars = 48;  // of five minutes

const Sector* sector_of(std::string_view coin, const Params& params) {
    const auto found = std::ranges::find_if(params.sectors, [&](const Sector& sector) {
        return std::ranges::find(sector.coins, coin) != sector.coins.end();
    });
    return found == params.sectors.end() ? nullptr : &*found;
}

}  // namespace

std::optional<OwnMove> measure_own_move(const Bars& five_minutes) {
    const auto residuals = residuals_of(five_minutes);
    if (!residuals) return std::nullopt;
    const Bars last = five_minutes.part(five_minutes.size() - kRotationBars, kRotationBars);
    return OwnMove{.move = residual_move(last, *residuals), .coverage = five_minutes.coverage};
}

std::optional<SectorMove> measure_sector(std::string_view coin, const std::vector<CoinMove>& coins,
                                         const Params& params) {
    const Sector* sector = sector_of(coin, params);
    if (sector == nullptr || coins.empty()) return std::nullopt;
    double all = 0;
    for (const CoinMove& one : coins) all += one.move.move / static_cast<double>(coins.size());
    SectorMove found{.sector = sector->name, .coverage = 1};
    bool is_known = false;
    for (const CoinMove& one : coins) {
        if (one.coin == coin) {
            found.own = one.move.move - all;
            found.coverage = std::min(found.coverage, one.move.coverage);
            is_known = true;
        } else if (std::ranges::find(sector->coins, one.coin) != sector->coins.end()) {
            found.others += one.move.move - all;
            found.coverage = std::min(found.coverage, one.move.coverage);
            ++found.coins;
        }
    }
    if (!is_known || found.coins < std::max<std::size_t>(1, params.sector_coins_min)) return std::nullopt;
    const auto n = static_cast<double>(found.coins);
    found.others /= n;
    found.rotation = found.others / std::sqrt((1 + (n - 1) * params.sector_correlation) / n);
    found.p = indicators::two_sided_p(found.rotation);
    return found;
}

Verdict judge_sector_rotation(const Facts& facts, const Params& params) {
    if (!facts.is_applicable) return not_applicable(Strategy::sector_rotation);
    const auto& found = facts.measured.sector;
    if (!found) {
        return {.strategy = Strategy::sector_rotation,
                .conditions = {{.name = "sector", .unit = "it has no sector, or too few others of it are known"}}};
    }
    Verdict verdict{.strategy = Strategy::sector_rotation, .coverage = found->coverage};
    const double sign = found->rotation < 0 ? -1 : 1;
    verdict.conditions = {
        at_least("coverage", found->coverage, params.coverage_min, "of the evidence"),
        at_least("rotation", std::abs(found->rotation), params.rotation_sd, "sd of the sector's other coins"),
        at_most("chance", found->q, params.chance_max, "of such rotations would be chance"),
        at_most("lag", sign * (found->own - found->others), 0, "sd ahead of the others of its sector"),
    };
    conclude(verdict, found->rotation, params.rotation_sd, kRotationHorizon,
             {std::to_string(found->coins) + " other coins of " + std::string(found->sector) + " moved " +
                  number(found->others, 1) + " sd beyond all coins in 4 h",
              "it moved " + number(found->own, 1) + " sd itself"});
    return verdict;
}

}  // namespace vt::alpha
