#pragma once

#include "analysis/frame.hpp"
#include "analysis/grid.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace vt::analysis {

/// Where each frame's window begins in the run's journal: the sequence of the first input of the instrument that
/// belongs to it; 0: none. By Frame.
using FrameSequences = std::array<std::uint64_t, kFrames.size()>;

/// Which inputs lie in the windows that end now, so that a score can be traced to a range of a recording. Not part of
/// a saved state: the sequences of another run's journal mean nothing in this one.
class InputLog {
public:
    /// One input of the instrument. cost: O(1)
    void note(Timestamp time, std::uint64_t sequence) {
        First* bin = sequence > 0 ? seconds_.at(time) : nullptr;
        if (bin != nullptr && (bin->sequence == 0 || sequence < bin->sequence)) bin->sequence = sequence;
    }
    /// Takes over the second that ends at u; at a whole minute, that minute. cost: O(300)
    void close_second(Timestamp u) {
        (void)seconds_.at(u);
        if (floor_to(u, kMinute) == u) {
            minutes_.push(first_of_seconds(u, 60));
            firsts_[static_cast<std::size_t>(Frame::m30)] = first_of_minutes(30);
            firsts_[static_cast<std::size_t>(Frame::h1)] = first_of_minutes(60);
            firsts_[static_cast<std::size_t>(Frame::h4)] = first_of_minutes(240);
        }
        firsts_[static_cast<std::size_t>(Frame::m1)] = first_of_seconds(u, 60);
        firsts_[static_cast<std::size_t>(Frame::m5)] = first_of_seconds(u, kSecondsKept);
    }
    /// Nothing was seen after `from` until `to`, both whole seconds: the minutes that ended meanwhile hold what was
    /// noted before, so that no window reaches further back than its length. cost: O(minutes passed), 240 at most
    void skip_minutes(Timestamp from, Timestamp to) {
        const Timestamp last = floor_to(to, kMinute);
        Timestamp end = floor_to(from, kMinute) + kMinute;
        if (last - end >= kMinute * static_cast<std::int64_t>(minutes_.capacity())) {
            minutes_.clear();  // none of the windows reaches beyond the hole
            end = last;
        }
        for (; end <= last; end += kMinute) {
            (void)seconds_.at(end);
            minutes_.push(first_of_seconds(end, 60));
        }
    }
    [[nodiscard]] const FrameSequences& firsts() const { return firsts_; }

private:
    struct First {
        std::uint64_t sequence = 0;
    };
    [[nodiscard]] std::uint64_t first_of_seconds(Timestamp u, std::size_t count) const {
        std::uint64_t first = 0;
        seconds_.visit(u, count, [&](const First& second) {
            if (first == 0 || (second.sequence > 0 && second.sequence < first)) first = second.sequence;
        });
        return first;
    }
    [[nodiscard]] std::uint64_t first_of_minutes(std::size_t count) const {
        for (std::size_t i = minutes_.size() - std::min(count, minutes_.size()); i < minutes_.size(); ++i) {
            if (minutes_[i] > 0) return minutes_[i];
        }
        return 0;
    }

    SecondBins<First> seconds_;
    Ring<std::uint64_t> minutes_{240};
    FrameSequences firsts_{};
};

}  // namespace vt::analysis
