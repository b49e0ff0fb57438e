#pragma once

#include "base/time.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <optional>

namespace vt::cache {

/// How long calls took, in steps of an eighth: each power of two is split in eight. Any thread; a percentile is at
/// most 12.5 % above the truth.
class LatencyHistogram {
public:
    void add(Nanos taken) {
        const auto ns = static_cast<std::uint64_t>(taken.count() > 0 ? taken.count() : 0);
        counts_[bucket_of(ns)].fetch_add(1, std::memory_order_relaxed);
    }
    /// The upper end of the step that holds this part of the calls; nothing before the first call.
    ///   in: part: 0 .. 1
    [[nodiscard]] std::optional<Nanos> percentile(double part) const {
        std::uint64_t total = 0;
        for (const auto& count : counts_) total += count.load(std::memory_order_relaxed);
        if (total == 0) return std::nullopt;
        const auto rank = static_cast<std::uint64_t>(part * static_cast<double>(total - 1)) + 1;
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < kBuckets; ++i) {
            seen += counts_[i].load(std::memory_order_relaxed);
            if (seen >= rank) return Nanos{static_cast<std::int64_t>(upper_end(i))};
        }
        return Nanos{static_cast<std::int64_t>(upper_end(kBuckets - 1))};
    }

private:
    static constexpr std::size_t kBuckets = 8 * 40;  // up to 2^42 ns, over an hour; longer counts there

    static std::size_t bucket_of(std::uint64_t ns) {
        if (ns < 8) return static_cast<std::size_t>(ns);
        const auto exponent = static_cast<std::size_t>(std::bit_width(ns)) - 4;  // ns >> exponent is 8 .. 15
        const std::size_t bucket = exponent * 8 + static_cast<std::size_t>(ns >> exponent);
        return bucket < kBuckets ? bucket : kBuckets - 1;
    }
    static std::uint64_t upper_end(std::size_t bucket) {
        if (bucket < 16) return bucket;
        const std::size_t exponent = bucket / 8 - 1;
        return ((bucket % 8 + 9) << exponent) - 1;
    }

    std::array<std::atomic<std::uint64_t>, kBuckets> counts_{};
};

}  // namespace vt::cache
