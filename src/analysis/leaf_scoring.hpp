#pragma once

#include "analysis/coverage.hpp"
#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <vector>

namespace vt::analysis {

/// How old one input of a leaf is. `age` absent: never seen, or gone.
struct InputAge {
    Input input = Input::book;
    std::optional<Nanos> age;
};

/// What was observed in a leaf's window. The leaf's frame, weight and, through its component, sign are set already.
struct Observation {
    std::optional<double> value;
    double events = 0;         ///< records in the window
    double events_min = 0;     ///< the component's minimum
    double missing_share = 0;  ///< of the window, 0..1
    double covered_share = 1;  ///< further factor, e.g. the share of the band that the book covers
    double spoof = 0;          ///< 0..1, where flags hold spoof_like
    Flags flags;
    std::uint64_t source_sequence = 0;
};

/// Scores a leaf by its own past: fills everything but frame and weight.
///   in:  `ages` of all its inputs, the oldest (by coverage) counts; leaf.map holds kind and sign; a value with flag
///        no_event counts as observed in full (minimum 1)
///   out: score absent and coverage 0 where n < n_min, an input is gone or stale, more than half the window is
///        missing, the value is absent, or the samples have no spread (degenerate; a value of 0 about 0 is 50 all the
///        same)
void score_by_history(Leaf& leaf, const Observation& observation, std::initializer_list<InputAge> ages,
                      const Normaliser& normaliser);
/// Scores a leaf whose value is a strength in -1..1 already: n counts events, n_min is the minimum.
void score_by_strength(Leaf& leaf, const Observation& observation, std::initializer_list<InputAge> ages);

/// Scores a leaf whose value is made of several, each judged by its own past already: the shortest past counts.
///   out: as score_by_strength; below n_min flag warming and coverage 0, else degenerate where one has no spread
void score_by_histories(Leaf& leaf, const Observation& observation, std::initializer_list<InputAge> ages,
                        std::initializer_list<std::reference_wrapper<const Normaliser>> pasts, Timestamp u);

/// What a leaf's value is worth as a sample: absent where its input is gone or stale, or the value is absent.
[[nodiscard]] std::optional<double> sample_of(const Leaf& leaf);

/// One grid second.
struct GridSecond {
    Timestamp u;
    std::vector<float>& scratch;
};
/// The whole turn of a normalised leaf at u: takes in the waiting sample, scores, notes the countdown while warming,
/// and offers the value as the next sample.
void judge(Leaf& leaf, Normaliser& normaliser, const Observation& observation, std::initializer_list<InputAge> ages,
           const GridSecond& second);

}  // namespace vt::analysis
