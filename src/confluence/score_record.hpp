#pragma once

#include "analysis/leaf.hpp"
#include "analysis/market_quality.hpp"
#include "analysis/membership.hpp"
#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vt::confluence {

enum class Direction : std::uint8_t { neutral, rising, falling };
/// "neutral", "long", "short".
[[nodiscard]] std::string_view name(Direction direction);

/// Why a record was written; several can hold at once.
enum class Cause : std::uint8_t { minute, move, direction, dimension, stream };
inline constexpr std::size_t kCauseCount = 5;
[[nodiscard]] std::string_view name(Cause cause);
class Causes {
public:
    void set(Cause cause) { bits_ = static_cast<std::uint8_t>(bits_ | (1U << static_cast<unsigned>(cause))); }
    [[nodiscard]] bool has(Cause cause) const { return (bits_ & (1U << static_cast<unsigned>(cause))) != 0; }
    [[nodiscard]] bool empty() const { return bits_ == 0; }

private:
    std::uint8_t bits_ = 0;
};

/// One dimension's place in the sum.
struct Part {
    analysis::Membership membership = analysis::Membership::not_installed;
    double weight = 0;        ///< W_d; the members' weights add up to 1
    double contribution = 0;  ///< k_d = W_d c_d (s_d - 50); 0 without a score
    analysis::DimensionScore opinion;
};

/// Bars that shrink the sum towards 50 without a direction of their own.
struct Adjustments {
    double data = 0;       ///< (q_data - 1) B
    double liquidity = 0;  ///< q_data (q_liquidity - 1) B
    double toxicity = 0;   ///< q_data q_liquidity (q_toxicity - 1) B
    [[nodiscard]] double sum() const { return data + liquidity + toxicity; }
};

/// A coverage this close to the minimum has reached it: it is a sum of rounded shares.
inline constexpr double kCoverageTolerance = 1e-9;

/// One score with everything it is made of. 50 plus all contributions plus all adjustments is `sum` to 1e-9.
struct ScoreRecord {
    Timestamp at;                        ///< the epoch before the first evaluation
    double sum = 50;                     ///< what the live evidence says, whatever its coverage
    std::optional<double> score;         ///< the sum, where the coverage allows to speak of a score; 0..100
    double coverage = 0;                 ///< C = sum of W_d c_d over the dimensions that have a score
    std::optional<double> confidence;    ///< C A min(1, N_ind/2) in 0..1, no probability
    std::optional<Direction> direction;  ///< absent below the coverage minimum
    double agreement = 0;                ///< A: |sum k| / (sum |k| + 1)
    double independent_sides = 0;        ///< N_ind
    std::array<Part, analysis::kDimensionCount> parts;
    Adjustments adjustments;
    analysis::MarketQuality quality;
    Causes causes;
    std::uint32_t members = 0;  ///< dimensions in the weight profile
    /// Until the coverage allows a score, at the pace of the slowest sample that is needed; absent when it does, or
    /// when more than samples is missing.
    std::optional<Nanos> ready_in;

    [[nodiscard]] const Part& part(analysis::Dimension dimension) const {
        return parts[static_cast<std::size_t>(dimension)];
    }
    /// Q: what the adjustments multiply the contributions by.
    [[nodiscard]] double quality_factor() const { return quality.q_data * quality.q_liquidity * quality.q_toxicity; }
};

/// How many points the dimension's contribution moves when the leaf's score moves by one: W_d w_i w_f c.
[[nodiscard]] double leaf_gain(const Part& part, const analysis::Component& component, const analysis::Leaf& leaf);

/// The `contributions` array of the API and of recorded scores: six dimensions with components and leaves, then the
/// adjustments.
void write_contributions(JsonWriter& out, const ScoreRecord& record);
/// One record as a JSON object (no line end).
void write_record(JsonWriter& out, const ScoreRecord& record, const market::Instrument& instrument);

}  // namespace vt::confluence
