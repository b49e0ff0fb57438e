#pragma once

#include "analysis/flag.hpp"
#include "analysis/frame.hpp"
#include "analysis/score_map.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::analysis {

/// The six opinions, in the order in which they are summed and shown.
enum class Dimension : std::uint8_t {
    order_flow,
    sentiment,
    liquidity,
    bitcoin_beta,
    smart_money,
    machine_learning,
};
inline constexpr std::size_t kDimensionCount = 6;
[[nodiscard]] std::string_view name(Dimension dimension);

/// The smallest opinion: one component over one frame.
struct Leaf {
    Frame frame = Frame::m1;
    double weight = 0;            ///< share of the component; a component's leaves add up to 1
    std::optional<double> score;  ///< 0..100
    std::optional<double> value;  ///< in the component's unit; shown even where it has no score yet
    double coverage = 0;          ///< 0..1; 0 without a score
    std::uint64_t n = 0;       ///< samples that judge the value (normaliser), or events behind it where there is none
    std::uint64_t n_min = 0;   ///< below this there is no score (normaliser), or full coverage (events)
    std::uint64_t events = 0;  ///< records in the window
    std::optional<Nanos> age;  ///< of the oldest of its inputs
    Flags flags;
    std::uint64_t source_sequence = 0;  ///< the newest input behind the value, as a position in the run's journal
    std::optional<Nanos> ready_in;      ///< while warming: until n_min is reached
    ScoreMap map;                       ///< value -> score, so that "what would change it" can be inverted

    template <class Archive>
    void archive(Archive& a) {
        a(frame, weight, score, value, coverage, n, n_min, events, age, flags, source_sequence, ready_in, map.kind,
          map.sign, map.gain, map.spread.centre, map.spread.spread, map.spread.is_degenerate);
    }
};

/// One way of looking, over one or several frames. `name` and `unit` point to literals.
struct Component {
    std::string_view name;
    std::string_view unit;
    double weight = 0;  ///< share of the dimension; the non-shadow components add up to 1
    MapKind map = MapKind::lb;
    double sign = 1;
    bool is_shadow = false;  ///< computed and shown, outside all sums
    std::vector<Leaf> leaves;
    std::optional<double> score;  ///< by combine()
    double coverage = 0;          ///< by combine()
};

/// One dimension's opinion with everything it is made of.
struct DimensionScore {
    Dimension dimension = Dimension::order_flow;
    std::vector<Component> components;
    std::optional<double> score;  ///< absent below kMinDimensionCoverage
    double coverage = 0;
};

/// Sums leaves into components and components into the dimension:
///   C_i = sum w_f c_f, s_i = 50 + sum w_f c_f (s_f - 50)/C_i; c_d = sum w_i C_i, s_d = 50 + sum w_i C_i (s_i -
///   50)/c_d.
/// So c_d (s_d - 50) is exactly the sum of all leaf terms w_i w_f c (s - 50).
///   in:   leaves scored; a leaf without a score has coverage 0; weights of components and of leaves each add up to 1
///   cost: O(leaves), does not allocate
void combine(DimensionScore& dimension);

/// A leaf's term in c_d (s_d - 50): w_i w_f c (s - 50); 0 without a score or in the shadow.
[[nodiscard]] double leaf_term(const Component& component, const Leaf& leaf);

}  // namespace vt::analysis
