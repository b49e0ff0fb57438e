#pragma once

#include "base/assert.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace vt::analysis {

inline constexpr Nanos kSecond = std::chrono::seconds{1};
inline constexpr Nanos kMinute = std::chrono::minutes{1};
/// Second bins that are kept: the longest rolling window made of seconds.
inline constexpr std::size_t kSecondsKept = 300;
/// How far a stream may run ahead of the last evaluated second.
inline constexpr std::size_t kSecondsAhead = 8;

/// The clock of one stream. "State at u" is the state after the last record with time < u, so before a record of u or
/// later is applied, what is due at u must be taken; an evaluation at u takes it too if no record did.
/// Time never runs backwards inside a stream: a record older than its predecessor takes its predecessor's time.
class StreamClock {
public:
    /// Calls due(u) for each whole second u in (last, floor(time)], oldest first, then moves on to `time`. A stream's
    /// first call only starts the clock. cost: O(seconds passed)
    template <class Due>
    void advance(Timestamp time, Due&& due) {
        if (!now_) {
            now_ = time;
            return;
        }
        if (time <= *now_) return;
        for (Timestamp u = floor_to(*now_, kSecond) + kSecond; u <= time; u += kSecond) due(u);
        now_ = time;
    }
    [[nodiscard]] std::optional<Timestamp> now() const { return now_; }
    /// The time a record counts at.
    [[nodiscard]] Timestamp effective(Timestamp time) const { return now_ ? std::max(time, *now_) : time; }
    void restart(Timestamp time) { now_ = time; }

    template <class Archive>
    void archive(Archive& a) {
        a(now_);
    }

private:
    std::optional<Timestamp> now_;
};

/// One bin for each second, the last `Kept` before the open ones. The bin of second s collects [s, s + 1 s).
template <class Bin, std::size_t Kept = kSecondsKept>
class SecondBins {
public:
    SecondBins() : bins_(kSize) {}

    /// The bin that a record at `time` belongs to; clears the bins that come into use.
    ///   out: nullptr for a record older than what is kept
    [[nodiscard]] Bin* at(Timestamp time) {
        const Timestamp second = floor_to(time, kSecond);
        if (!newest_ || second - *newest_ > kSecond * kModulus) {
            bins_.assign(kSize, Bin{});
            newest_ = second;
        }
        while (*newest_ < second) {
            *newest_ += kSecond;
            bins_[slot(*newest_)] = Bin{};
        }
        if (*newest_ - second >= kSecond * kModulus) return nullptr;
        return &bins_[slot(second)];
    }
    /// Calls visit(const Bin&) for the `count` seconds that end at u, oldest first. Seconds before the first are
    /// empty bins.
    ///   in: u has been reached: at(u) or a later instant was asked for
    template <class Visit>
    void visit(Timestamp u, std::size_t count, Visit&& visit) const {
        VT_ASSERT(count <= Kept);
        std::size_t at = slot(u - kSecond * static_cast<std::int64_t>(count));
        for (std::size_t i = 0; i < count; ++i) {
            visit(bins_[at]);
            at = at + 1 == kSize ? 0 : at + 1;
        }
    }
    /// The bin of the second that ends at u. in: as for visit()
    [[nodiscard]] const Bin& ending_at(Timestamp u) const { return bins_[slot(u - kSecond)]; }
    /// Calls change(Bin&) for each bin that is kept, in no order that means anything.
    template <class Change>
    void change_each(Change&& change) {
        for (Bin& bin : bins_) change(bin);
    }
    void clear() {
        bins_.assign(kSize, Bin{});
        newest_.reset();
    }

    template <class Archive>
    void archive(Archive& a) {
        // Stored by age, not by slot: a shift in time moves the slots.
        a(newest_);
        const Timestamp newest = newest_.value_or(Timestamp{});
        for (std::size_t i = 0; i < kSize; ++i) a(bins_[slot(newest - kSecond * static_cast<std::int64_t>(i))]);
    }

private:
    static constexpr std::size_t kSize = Kept + kSecondsAhead;
    [[nodiscard]] static std::size_t slot(Timestamp second) {
        const auto index = std::chrono::floor<std::chrono::seconds>(second).time_since_epoch().count();
        return static_cast<std::size_t>(((index % kModulus) + kModulus) % kModulus);
    }
    static constexpr std::int64_t kModulus = static_cast<std::int64_t>(kSize);

    std::vector<Bin> bins_;
    std::optional<Timestamp> newest_;
};

}  // namespace vt::analysis
