#include "analysis/score_map.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis {
std::string_view name(MapKind kind) {
    switch (kind) {
        case MapKind::z0: return "z0";
        case MapKind::zm: return "zm";
        case MapKind::pr: return "pr";
        case MapKind::lb: return "lb";
    }
    return "unknown";
}

Spread measure_spread(MapKind kind, const OrderedSamples<float>& ordered, std::span<const float> samples) {
    Spread result;
    if (ordered.empty()) return result;
    if (kind == MapKind::zm) result.centre = ordered.median();
    const double middle = kind == MapKind::zm ? ordered.median_distance(result.centre) : ordered.median();
    if (middle > 0) {
        result.spread = middle / kMadOfNormal;
    } else {
        double sum = 0;
        for (const float sample : samples) sum += std::abs(static_cast<double>(sample) - result.centre);
        result.spread = kSigmaPerMeanAbsolute * sum / static_cast<double>(samples.size());
    }
    result.is_degenerate = !(result.spread > 0);
    return result;
}

std::optional<double> clipped_z(const Spread& spread, double value) {
    if (spread.is_degenerate) return std::nullopt;
    return std::clamp((value - spread.centre) / spread.spread, -kZClip, kZClip);
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

}  // namespace vt::analysis
