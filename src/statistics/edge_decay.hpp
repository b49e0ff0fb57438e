#pragma once

#include <cstdint>

namespace vt::statistics {

/// When outcomes are held to have become worse than was claimed. Both figures count standard deviations of one
/// outcome.
struct EdgeDecayLimits {
    /// What is forgiven each outcome: half the loss of edge that is to be found. .125 finds .25 soonest: at even
    /// odds a hit rate 12.5 points below the claim.
    double allowance = 0.125;
    /// Where the alarm is: with .125 a false one comes after 230 outcomes or more on average, whatever is claimed
    /// between .05 and .95 (docs/statistics.md has the table).
    double threshold = 10;
    /// Share of the threshold to which the sum has to fall before the alarm is over: claims that are true take it
    /// back so far within some 25 outcomes, and it does not flicker.
    double recovery = 0.5;
};

/// Watches whether what was claimed still comes true: a one-sided cumulative sum of (claim - outcome), each in
/// units of its own standard deviation, less the allowance. The sum never falls below 0 nor climbs above the
/// threshold: how bad it was behind the alarm does not make the way back longer.
/// Invariant: 0 <= level <= threshold; decayed from the threshold on until the level is down at its share `recovery`.
///   cost:   O(1), does not allocate
///   source: Page 1954; threshold by simulation of the run length
class EdgeDecay {
public:
    explicit EdgeDecay(EdgeDecayLimits limits = {}) : limits_(limits) {}

    /// The next outcome, in order of time.
    ///   in:  0 < probability < 1 as it was claimed beforehand; `weight` in (0, 1], what an overlapping outcome
    ///        counts
    void add(bool came, double probability, double weight = 1);

    /// How much worse than claimed the outcomes have been of late.
    [[nodiscard]] double level() const { return level_; }
    [[nodiscard]] bool is_decayed() const { return is_decayed_; }
    /// The level at which an alarm is over.
    [[nodiscard]] double recovery_level() const { return limits_.recovery * limits_.threshold; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] const EdgeDecayLimits& limits() const { return limits_; }

private:
    EdgeDecayLimits limits_;
    double level_ = 0;
    bool is_decayed_ = false;
    std::uint64_t count_ = 0;
};

}  // namespace vt::statistics
