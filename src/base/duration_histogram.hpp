#pragma once

#include "base/time.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt {

/// How many times fell into each step of a scale whose powers of two are split into 2^kSplitBits steps: a percentile
/// is at most 1 / 2^kSplitBits above the truth (12.5 % with 3 bits, 0.8 % with 7), and nothing is allocated.
///   in: Count: a whole number; std::atomic of one where several threads add
template <class Count, unsigned kSplitBits>
class DurationHistogram {
public:
    void add(Nanos taken) {
        const auto ns = static_cast<std::uint64_t>(taken.count() > 0 ? taken.count() : 0);
        ++counts_[bucket_of(ns)];
    }
    void add(const DurationHistogram& other) {
        for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
    }
    [[nodiscard]] std::uint64_t count() const {
        std::uint64_t total = 0;
        for (const auto& each : counts_) total += each;
        return total;
    }
    /// The upper end of the step that holds this part of the times; nothing before the first.
    ///   in: part: 0 .. 1
    [[nodiscard]] std::optional<Nanos> percentile(double part) const {
        const std::uint64_t total = count();
        if (total == 0) return std::nullopt;
        const auto rank = static_cast<std::uint64_t>(part * static_cast<double>(total - 1)) + 1;
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < kBuckets; ++i) {
            seen += counts_[i];
            if (seen >= rank) return Nanos{static_cast<std::int64_t>(upper_end(i))};
        }
        return Nanos{static_cast<std::int64_t>(upper_end(kBuckets - 1))};
    }

private:
    static constexpr std::size_t kSteps = std::size_t{1} << kSplitBits;
    static constexpr std::size_t kBuckets =
        kSteps * (43 - kSplitBits);  // to 2^42 ns, over an hour; longer counts there

    static std::size_t bucket_of(std::uint64_t ns) {
        if (ns < kSteps) return static_cast<std::size_t>(ns);
        // ns >> exponent is kSteps .. 2 kSteps - 1
        const auto exponent = static_cast<std::size_t>(std::bit_width(ns)) - (kSplitBits + 1);
        const std::size_t bucket = exponent * kSteps + static_cast<std::size_t>(ns >> exponent);
        return bucket < kBuckets ? bucket : kBuckets - 1;
    }
    static std::uint64_t upper_end(std::size_t bucket) {
        if (bucket < 2 * kSteps) return bucket;
        const std::size_t exponent = bucket / kSteps - 1;
        return (std::uint64_t{bucket % kSteps + kSteps + 1} << exponent) - 1;
    }

    std::array<Count, kBuckets> counts_{};
};

}  // namespace vt
