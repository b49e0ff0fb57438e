#pragma once

#include "analysis/ordered_samples.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace vt::analysis {

/// How a raw value becomes a score. Each map is continuous, monotone, 0..100, and 50 says nothing.
enum class MapKind : std::uint8_t {
    z0,  ///< robust z about zero: for values whose zero is neutral
    zm,  ///< robust z about the median: for values without a natural zero
    pr,  ///< mid-rank percentile: for ties, plateaus and heavy tails
    lb,  ///< the value is already a strength in -1..1
};
[[nodiscard]] std::string_view name(MapKind kind);

/// z is clipped here: beyond it, only the tail's luck differs.
inline constexpr double kZClip = 4.0;
/// A scale in standard deviations: the median absolute deviation of a normal is this many of them ...
inline constexpr double kMadOfNormal = 0.67449;
/// ... and this many times the mean absolute deviation is one. Used where more than half of the samples are equal.
inline constexpr double kSigmaPerMeanAbsolute = 1.2533;

/// Centre and spread of the samples: z = (x - centre) / spread.
struct Spread {
    double centre = 0;
    double spread = 0;
    bool is_degenerate = true;  ///< no samples, or all the same: nothing can be said
    bool operator==(const Spread&) const = default;
};

/// The spread of the samples about zero (z0: median absolute value) or about their median (zm).
///   in:   `ordered`: the samples, for z0 their magnitudes
///   cost: z0 O(1), zm O(n); where more than half are equal O(n)
[[nodiscard]] Spread measure_spread(MapKind kind, const OrderedSamples<float>& ordered,
                                    std::span<const float> samples);

/// How many spreads a value is from the centre, held to +-kZClip. out: absent for a degenerate spread
[[nodiscard]] std::optional<double> clipped_z(const Spread& spread, double value);

/// What a leaf needs to go from value to score and back.
struct ScoreMap {
    MapKind kind = MapKind::lb;
    double sign = 1;  ///< +1: a high value is a high score; -1: the reverse
    Spread spread;    ///< z0 and zm only
    double gain = 1;  ///< in (0, 1]: the share of the way from 50 to the ends that the score can go
    bool operator==(const ScoreMap&) const = default;
};

/// z, not clipped. out: absent for pr and lb, and where the spread is degenerate.
[[nodiscard]] std::optional<double> z_of(const ScoreMap& map, double value);
/// 50 + 50 g tanh(z/2) with z clipped, or 50 + 50 g x for lb (x clipped to -1..1).
///   out: 0..100; absent for a degenerate spread and for pr, which needs the samples: see Normaliser::percentile
[[nodiscard]] std::optional<double> score_of(const ScoreMap& map, double value);
/// 50 + 50 tanh(z/2), z clipped.
[[nodiscard]] double score_of_z(double z);
/// The value whose score this is. out: absent outside the image of |z| <= 4 (1.8..98.2) for z0 and zm, outside 0..100
/// for lb, and for pr.
[[nodiscard]] std::optional<double> value_at(const ScoreMap& map, double score);

}  // namespace vt::analysis
