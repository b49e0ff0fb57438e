#pragma once

#include "analysis/input_log.hpp"
#include "analysis/leaf.hpp"
#include "analysis/market_quality.hpp"
#include "analysis/membership.hpp"
#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "confluence/regime.hpp"
#include "confluence/weights.hpp"
#include "market/instrument.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vt::confluence {

enum class Direction : std::uint8_t { neutral, rising, falling };
/// "neutral", "long", "short".
[[nodiscard]] std::string_view name(Direction direction);

/// Why a record was written; several can hold at once.
enum class Cause : std::uint8_t {
    minute,     ///< it closed
    move,       ///< of the score or of a dimension's, since the last record
    direction,  ///< it changed
    dimension,  ///< one came to a score or lost it
    stream,     ///< one went stale or live
    regime,     ///< its label changed
    weights,    ///< another profile, or another version of the weights
    resync,     ///< the book began or ended to be fetched anew
};
inline constexpr std::size_t kCauseCount = 8;
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
    double weight = 0;         ///< W_d; the members' weights add up to 1
    double regime_weight = 0;  ///< Wreg_d = sum over regimes of p W^r_d; W_d where the regime is not known
    double contribution = 0;   ///< k_d = W_d c_d (s_d - 50); 0 without a score
    analysis::DimensionScore opinion;
};

/// Bars that weigh what the dimensions say, without a direction of their own.
struct Adjustments {
    double regime = 0;     ///< R = sum (Wreg_d - W_d) c_d (s_d - 50); 0 while the regimes weigh the dimensions alike
    double data = 0;       ///< (q_data - 1) (B + R)
    double liquidity = 0;  ///< q_data (q_liquidity - 1) (B + R)
    double toxicity = 0;   ///< q_data q_liquidity (q_toxicity - 1) (B + R)
    [[nodiscard]] double sum() const { return regime + data + liquidity + toxicity; }
};

/// What made a score: enough to make it again.
struct Versions {
    std::string weights;
    std::string configuration;  ///< hash of everything that changes what the engine computes; empty: not known
    std::string binary;         ///< the program's version
    bool operator==(const Versions&) const = default;
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
    Regime regime;
    Causes causes;
    std::uint32_t members = 0;                   ///< dimensions in the weight profile
    std::string_view profile;                    ///< its name, a literal
    analysis::FrameSequences first_sequences{};  ///< where each frame's inputs begin in the run's journal; 0: none
    std::shared_ptr<const Versions> versions;    ///< null: of a record that no Confluence made
    /// Until the coverage allows a score, at the pace of the slowest sample that is needed; absent when it does, or
    /// when more than samples is missing.
    std::optional<Nanos> ready_in;

    [[nodiscard]] bool is_evaluated() const { return at != Timestamp{}; }
    [[nodiscard]] const Part& part(analysis::Dimension dimension) const {
        return parts[static_cast<std::size_t>(dimension)];
    }
    /// Q: what the adjustments multiply the contributions by.
    [[nodiscard]] double quality_factor() const { return quality.q_data * quality.q_liquidity * quality.q_toxicity; }
};

/// How many points the dimension's contribution moves when the leaf's score moves by one: W_d w_i w_f c.
[[nodiscard]] double leaf_gain(const Part& part, const analysis::Component& component, const analysis::Leaf& leaf);

/// The points of the dimension's contribution that are the leaf's, or all of the component's leaves'. 0 without a
/// score.
[[nodiscard]] double contribution_of(const Part& part, const analysis::Component& component,
                                     const analysis::Leaf& leaf);
[[nodiscard]] double contribution_of(const Part& part, const analysis::Component& component);

/// How many points the score moves when the leaf's score moves by one: Wreg_d w_i w_f c Q.
[[nodiscard]] double score_gain(const ScoreRecord& record, const Part& part, const analysis::Component& component,
                                const analysis::Leaf& leaf);

/// The `contributions` array of the API and of recorded scores: six dimensions with components and leaves, then the
/// adjustments. A page also wants to know which test holds each component to its definition.
enum class TestNames : std::uint8_t { left_out, written };
void write_contributions(JsonWriter& out, const ScoreRecord& record, TestNames tests = TestNames::left_out);
/// The members `regime` and `versions` of the API and of recorded scores.
void write_regime(JsonWriter& out, const Regime& regime);
void write_versions(JsonWriter& out, const ScoreRecord& record);
/// One record as a JSON object (no line end).
void write_record(JsonWriter& out, const ScoreRecord& record, const market::Instrument& instrument);

}  // namespace vt::confluence
