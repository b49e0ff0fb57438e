#pragma once

#include "base/time.hpp"

namespace vt::indicators {

/// A sum in which what was added halves with each half-life, so that old events fade instead of dropping out.
/// Kept as its value at the newest addition: an event costs one exp2, whatever the number of events.
///   source: w = 2^(-age/half_life); A4.2
class DecayedSum {
public:
    /// in: half_life > 0
    explicit DecayedSum(Nanos half_life);

    /// in: times ascend; an earlier one counts as of the newest
    void add(Timestamp at, double amount);
    /// Takes back what was added then. in: at most the newest time
    void remove(Timestamp at, double amount);
    /// out: 0 while empty. in: u at or after the newest addition
    [[nodiscard]] double at(Timestamp u) const;
    void clear();

    template <class Archive>
    void archive(Archive& a) {
        a(value_, newest_);
    }

private:
    [[nodiscard]] double weight(Nanos age) const;

    Nanos half_life_;
    double value_ = 0;    // at newest_
    Timestamp newest_{};  // of the first addition, or later
};

}  // namespace vt::indicators
