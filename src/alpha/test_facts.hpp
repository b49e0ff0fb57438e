#pragma once

// For tests only: an instrument of which every strategy finds that it goes up, and bars made by a law.

#include "alpha/facts.hpp"
#include "alpha/residuals.hpp"
#include "base/prng.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace vt::alpha::test {

inline Facts all_up() {
    Facts facts{.is_applicable = true,
                .lead_q = .01,
                .gap_bps = 30,
                .gap_coverage = .9,
                .residual_30m = 1.5,
                .round_trip_bps = 12};
    facts.lead_lag.emplace();
    facts.lead_lag->lag_s = 2;
    facts.lead_lag->lambda = .6;
    facts.lead_lag->beta = 1.4;
    facts.lead_lag->t_hac = 12;
    facts.lead_lag->own_sd_bps = 12;
    facts.alphas[1] = Alpha{.t = 4, .q = .01, .n = 288, .coverage = .9};
    Measured& measured = facts.measured;
    measured.momentum = ResidualMomentum{.move = 4, .beta = 1.2, .p = 6e-5, .q = .01, .coverage = .9};
    measured.level = ResidualLevel{.distance = -3,
                                   .distance_bps = -80,
                                   .half_life_bars = 6,
                                   .t = -5,
                                   .p = 1e-4,
                                   .q = .01,
                                   .beta = 1.2,
                                   .coverage = .9};
    measured.correlation =
        CorrelationChange{.before = .8, .now = .1, .move = 3, .p = 1e-4, .q = .001, .bars_now = 48, .coverage = .9};
    measured.shift = BetaShift{.before = .5,
                               .after = 1.5,
                               .change_sd = 5,
                               .move = 2,
                               .p = 1e-4,
                               .q = .001,
                               .kalman_share = .8,
                               .bars_after = 60,
                               .coverage = .9};
    measured.divergence = BetaDivergence{.day = 2,
                                         .week = 1.2,
                                         .difference_sd = 4,
                                         .bitcoin = -1.5,
                                         .p = 6e-5,
                                         .q = .001,
                                         .break_p = .5,
                                         .coverage = .9};
    measured.sector = SectorMove{
        .sector = "layer_1", .others = 2, .rotation = 3, .own = .5, .coins = 5, .p = .003, .q = .01, .coverage = .9};
    return facts;
}

/// The same the other way up.
inline Facts all_down() {
    Facts facts = all_up();
    for (std::optional<double>* one : {&facts.gap_bps, &facts.residual_30m}) **one = -**one;
    facts.alphas[1]->t *= -1;
    facts.measured.momentum->move *= -1;
    facts.measured.level->distance *= -1;
    facts.measured.level->distance_bps *= -1;
    facts.measured.correlation->move *= -1;
    facts.measured.shift->move *= -1;
    facts.measured.divergence->bitcoin *= -1;
    SectorMove& sector = *facts.measured.sector;
    for (double* one : {&sector.others, &sector.rotation, &sector.own}) *one = -*one;
    return facts;
}

/// Student's t with four degrees of freedom, scaled to a standard deviation of one: returns have such tails.
inline double heavy(Prng& prng) {
    double squares = 0;
    for (int i = 0; i < 4; ++i) {
        const double one = prng.normal();
        squares += one * one;
    }
    return prng.normal() / std::sqrt(squares / 4) / std::sqrt(2.0);
}

/// Returns of bars, oldest first.
struct Walk {
    std::vector<double> bitcoin, own;
    [[nodiscard]] Bars bars(std::size_t newest) const {
        const Bars all{bitcoin, own, 1};
        return all.part(all.size() - newest, newest);
    }
    /// One more bar with this beta and this own part.
    void add(double x, double beta, double residual) {
        bitcoin.push_back(x);
        own.push_back(beta * x + residual);
    }
};

inline constexpr double kBitcoinSd = 12e-4;
inline constexpr double kOwnSd = 15e-4;

/// `n` bars with heavy tails and no edge.
inline Walk plain_walk(std::uint64_t seed, std::size_t n, double beta = 1.3) {
    Prng prng(seed, "plain walk");
    Walk walk;
    for (std::size_t i = 0; i < n; ++i) {
        const double x = kBitcoinSd * heavy(prng);
        walk.add(x, beta, kOwnSd * heavy(prng));
    }
    return walk;
}

inline std::string_view failing(const Verdict& verdict) {
    const signals::Gate* held = signals::holding_gate(verdict.conditions);
    return held == nullptr ? "" : held->name;
}

}  // namespace vt::alpha::test
