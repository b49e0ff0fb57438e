#pragma once

// For tests only: opinions as they could be, with everything that can be missing.

#include "analysis/coverage.hpp"
#include "base/prng.hpp"
#include "confluence/confluence.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace vt::confluence::test {

/// Six opinions of several components, frames and a shadow each, with holes of every kind.
class RandomOpinions {
public:
    /// in: 3 components, or 1 where there are many records to make
    explicit RandomOpinions(std::uint64_t seed, std::size_t components = 3) : prng_(seed), components_(components) {}

    /// The next opinions, in the same memory: valid until the next call.
    const Opinions& next() {
        constexpr std::array<std::string_view, 3> kNames = {"first", "second", "third"};
        input_ = {.at = from_ms(60'000)};
        for (std::size_t d = 0; d < analysis::kDimensionCount; ++d) {
            analysis::DimensionScore& opinion = opinions_[d];
            opinion.dimension = static_cast<analysis::Dimension>(d);
            opinion.components.resize(components_);
            for (std::size_t i = 0; i < components_; ++i) {
                analysis::Component& component = opinion.components[i];
                component.name = kNames[i];
                component.unit = "bps";
                component.is_shadow = i == 2;
                component.weight = components_ == 1 ? 1 : i == 2 ? 0 : i == 0 ? 0.7 : 0.3;
                fill(component);
            }
            analysis::combine(opinion);
            input_.memberships[d] =
                prng_.below(8) == 0 ? analysis::Membership::not_applicable : analysis::Membership::member;
            input_.dimensions[d] = input_.memberships[d] == analysis::Membership::member ? &opinion : nullptr;
        }
        input_.quality = {.q_data = prng_.below(3) == 0 ? 0.5 : 1.0,
                          .q_liquidity = 0.5 + 0.5 * prng_.uniform(),
                          .q_toxicity = 0.7 + 0.3 * prng_.uniform()};
        return input_;
    }
    Regime regime() {
        Regime made;
        if (prng_.below(3) > 0) made.p_stress = prng_.uniform();
        if (prng_.below(3) > 0) made.p_trend = prng_.uniform();
        return made;
    }
    Prng& prng() { return prng_; }

    /// Weights that differ by regime, so that R is not 0.
    static Params uneven() {
        Params params;
        for (ProfileWeights& profile : params.weights.profiles) {
            for (std::size_t r = 0; r < kRegimeCount; ++r) {
                double total = 0;
                for (std::size_t d = 0; d < profile.base.size(); ++d) {
                    profile.by_regime[r][d] *= 1 + 0.5 * static_cast<double>((d + r) % 3);
                    total += profile.by_regime[r][d];
                }
                for (double& weight : profile.by_regime[r]) weight /= total;
            }
        }
        return params;
    }

private:
    void fill(analysis::Component& component) {
        constexpr std::array<analysis::Frame, 2> kFrames = {analysis::Frame::m1, analysis::Frame::m30};
        component.leaves.resize(kFrames.size());
        for (std::size_t f = 0; f < kFrames.size(); ++f) {
            analysis::Leaf& leaf = component.leaves[f];
            leaf = {.frame = kFrames[f], .weight = f == 0 ? 0.6 : 0.4};
            leaf.n = leaf.n_min = 60;
            leaf.map = {.kind = analysis::MapKind::z0,
                        .sign = 1,
                        .spread = {.centre = 0, .spread = 2, .is_degenerate = false}};
            if (prng_.below(4) == 0) {
                leaf.flags.set(analysis::Flag::no_input);
                continue;
            }
            leaf.coverage = prng_.below(2) == 0 ? 1.0 : prng_.uniform();
            leaf.value = 8 * prng_.uniform() - 4;
            leaf.score = analysis::score_of(leaf.map, *leaf.value);
            if (leaf.coverage == 0) leaf.score.reset();
        }
    }

    Prng prng_;
    std::size_t components_;
    std::array<analysis::DimensionScore, analysis::kDimensionCount> opinions_;
    Opinions input_;
};

}  // namespace vt::confluence::test
