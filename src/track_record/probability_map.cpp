#include "track_record/probability_map.hpp"

#include "base/assert.hpp"
#include "statistics/calibration_error.hpp"
#include "statistics/probability_scores.hpp"
#include "statistics/purged_folds.hpp"

#include <algorithm>
#include <numeric>

namespace vt::track_record {
namespace {

using statistics::Forecast;
using statistics::Observation;

constexpr std::size_t kFolds = 5;
constexpr std::size_t kReliabilityBins = 10;

/// Both shapes of the same examples, and the plain rate.
struct Shapes {
    std::vector<statistics::IsotonicBlock> blocks;
    std::optional<statistics::PlattMap> sigmoid;
    double rate = 0.5;  ///< (hits + 1)/(weight + 2)

    [[nodiscard]] double isotonic(double x) const {
        return blocks.empty() ? rate : statistics::isotonic_value(blocks, x);
    }
    [[nodiscard]] double platt(double x) const { return sigmoid ? sigmoid->value(x) : rate; }
};

/// in: ascending by x
Shapes fit_shapes(std::span<const Observation> by_x) {
    Shapes shapes{.blocks = statistics::fit_isotonic(by_x), .sigmoid = statistics::fit_platt(by_x)};
    statistics::soften_certainty(shapes.blocks);
    double hits = 0, weight = 0;
    for (const Observation& one : by_x) {
        hits += one.weight * one.y;
        weight += one.weight;
    }
    shapes.rate = (hits + 1) / (weight + 2);
    return shapes;
}

/// What each shape claimed of every example, made without it and without all that lived with it.
struct OutOfFold {
    std::vector<Forecast> isotonic, platt, base;
};

OutOfFold forecast_out_of_fold(std::span<const Example> examples, std::span<const std::size_t> by_strength) {
    std::vector<statistics::Life> lives;
    lives.reserve(examples.size());
    std::int64_t end = 0;
    for (const Example& one : examples) {
        lives.push_back(one.life);
        end = std::max(end, one.life.end);
    }
    OutOfFold found;
    std::vector<bool> is_trained(examples.size());
    std::vector<Observation> by_x;
    for (const auto& fold : statistics::purged_folds(lives, kFolds, (end - lives.front().begin) / 100)) {
        std::fill(is_trained.begin(), is_trained.end(), false);
        for (const std::size_t i : fold.train) is_trained[i] = true;
        by_x.clear();
        for (const std::size_t i : by_strength) {
            if (is_trained[i]) by_x.push_back(examples[i].observation);
        }
        const Shapes shapes = fit_shapes(by_x);
        for (std::size_t i = fold.test_begin; i < fold.test_end; ++i) {
            const auto& [x, y, weight] = examples[i].observation;
            found.isotonic.push_back({shapes.isotonic(x), y, weight});
            found.platt.push_back({shapes.platt(x), y, weight});
            found.base.push_back({shapes.rate, y, weight});
        }
    }
    return found;
}

}  // namespace

std::string_view name(MapShape shape) {
    switch (shape) {
        case MapShape::isotonic: return "isotonic";
        case MapShape::platt: return "platt";
    }
    VT_ASSERT(false);
    return {};
}

double ProbabilityMap::value(double strength) const {
    return shape == MapShape::isotonic ? statistics::isotonic_value(blocks, strength) : sigmoid.value(strength);
}

std::optional<ProbabilityMap> fit_probability(std::span<const Example> examples, double fewest) {
    double hits = 0, n_eff = 0;
    for (const Example& one : examples) {
        hits += one.observation.weight * one.observation.y;
        n_eff += one.observation.weight;
    }
    if (examples.empty() || n_eff < fewest || !(hits > 0) || !(hits < n_eff)) return std::nullopt;
    std::vector<std::size_t> by_strength(examples.size());
    std::iota(by_strength.begin(), by_strength.end(), std::size_t{0});
    std::ranges::stable_sort(by_strength, {}, [&](std::size_t i) { return examples[i].observation.x; });

    const OutOfFold unseen = forecast_out_of_fold(examples, by_strength);
    std::vector<Observation> by_x;
    by_x.reserve(examples.size());
    for (const std::size_t i : by_strength) by_x.push_back(examples[i].observation);
    Shapes shapes = fit_shapes(by_x);

    ProbabilityMap map{.n = examples.size(), .n_eff = n_eff};
    map.log_loss_isotonic = *statistics::log_loss(unseen.isotonic);
    map.log_loss_platt = *statistics::log_loss(unseen.platt);
    map.log_loss_base = *statistics::log_loss(unseen.base);
    map.shape = map.log_loss_isotonic < map.log_loss_platt || !shapes.sigmoid ? MapShape::isotonic : MapShape::platt;
    const auto& chosen = map.shape == MapShape::isotonic ? unseen.isotonic : unseen.platt;
    if (map.shape == MapShape::isotonic) map.blocks = std::move(shapes.blocks);
    else map.sigmoid = *shapes.sigmoid;
    map.brier = *statistics::brier_score(chosen);
    const auto bins = statistics::bins_of_equal_mass(chosen, kReliabilityBins);
    map.calibration_error = *statistics::expected_calibration_error(bins);
    map.area_under_curve = statistics::area_under_curve(chosen);
    map.line = statistics::calibration_line(chosen);
    return map;
}

}  // namespace vt::track_record
