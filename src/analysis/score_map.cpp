#include "analysis/score_map.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vt::analysis {
namespace {

/// The middle value, or the mean of the two middle ones. Reorders the values.
template <class T>
double median_in_place(std::vector<T>& values) {
    const auto half = static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), values.begin() + half, values.end());
    const double upper = static_cast<double>(values[static_cast<std::size_t>(half)]);
    if (values.size() % 2 == 1) return upper;
    return (static_cast<double>(*std::max_element(values.begin(), values.begin() + half)) + upper) / 2;
}

template <class T>
Spread measure(MapKind kind, std::span<const T> samples, std::vector<T>& scratch) {
    Spread result;
    if (samples.empty()) return result;
    if (kind == MapKind::zm) {
        scratch.assign(samples.begin(), samples.end());
        result.centre = median_in_place(scratch);
    }
    scratch.clear();
    double sum = 0;
    for (const T sample : samples) {
        const double deviation = std::abs(static_cast<double>(sample) - result.centre);
        scratch.push_back(static_cast<T>(deviation));
        sum += deviation;
    }
    const double middle = median_in_place(scratch);
    result.spread =
        middle > 0 ? middle / kMadOfNormal : kSigmaPerMeanAbsolute * sum / static_cast<double>(samples.size());
    result.is_degenerate = !(result.spread > 0);
    return result;
}

}  // namespace

std::string_view name(MapKind kind) {
    switch (kind) {
        case MapKind::z0: return "z0";
        case MapKind::zm: return "zm";
        case MapKind::pr: return "pr";
        case MapKind::lb: return "lb";
    }
    return "unknown";
}

Spread measure_spread(MapKind kind, std::span<const float> samples, std::vector<float>& scratch) {
    return measure<float>(kind, samples, scratch);
}

Spread measure_spread(MapKind kind, std::span<const double> samples) {
    std::vector<double> scratch;
    return measure<double>(kind, samples, scratch);
}

std::optional<double> z_of(const ScoreMap& map, double value) {
    if (map.kind == MapKind::pr || map.kind == MapKind::lb || map.spread.is_degenerate) return std::nullopt;
    return (value - map.spread.centre) / map.spread.spread;
}

double score_of_z(double z) { return 50 + 50 * math::tanh(std::clamp(z, -kZClip, kZClip) / 2); }

std::optional<double> score_of(const ScoreMap& map, double value) {
    if (map.kind == MapKind::lb) return 50 + 50 * map.gain * map.sign * std::clamp(value, -1.0, 1.0);
    const auto z = z_of(map, value);
    if (!z) return std::nullopt;
    return 50 + map.gain * (score_of_z(map.sign * *z) - 50);
}

std::optional<double> value_at(const ScoreMap& map, double at) {
    const double score = 50 + (at - 50) / map.gain;
    if (map.kind == MapKind::lb) {
        if (score < 0 || score > 100) return std::nullopt;
        return map.sign * (score - 50) / 50;
    }
    if (map.kind == MapKind::pr || map.spread.is_degenerate) return std::nullopt;
    if (score < score_of_z(-kZClip) || score > score_of_z(kZClip)) return std::nullopt;
    return map.sign * math::log(score / (100 - score)) * map.spread.spread + map.spread.centre;
}

std::optional<double> percentile_of(std::span<const float> samples, double value) {
    if (samples.empty()) return std::nullopt;
    std::size_t less = 0;
    std::size_t equal = 0;
    for (const float sample : samples) {
        less += static_cast<double>(sample) < value ? 1U : 0U;
        equal += static_cast<double>(sample) == value ? 1U : 0U;
    }
    return 100 * (static_cast<double>(less) + 0.5 * static_cast<double>(equal)) / static_cast<double>(samples.size());
}

std::optional<double> sample_at(std::span<const float> samples, double percentile, std::vector<float>& scratch) {
    if (samples.empty()) return std::nullopt;
    scratch.assign(samples.begin(), samples.end());
    const double position = std::floor(percentile / 100 * static_cast<double>(samples.size()));
    const auto rank = static_cast<std::ptrdiff_t>(std::clamp(position, 0.0, static_cast<double>(samples.size() - 1)));
    std::nth_element(scratch.begin(), scratch.begin() + rank, scratch.end());
    return scratch[static_cast<std::size_t>(rank)];
}

}  // namespace vt::analysis
