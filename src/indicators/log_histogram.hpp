#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::indicators {

/// Counts of values in bins of equal ratio, 32 to each doubling (2.2 % wide): quantiles of a heavy tail in 3 kB.
/// Covers 1 .. 2^25, so amounts of money up to 33 million are resolved, and one bin beyond each end: what is smaller
/// (0 and negative too) or larger is counted there. Histograms of several hours add up; an hour that leaves the
/// window is subtracted exactly.
class LogHistogram {
public:
    static constexpr int kBinsPerOctave = 32;
    static constexpr int kLowestBin = -1;                    ///< everything below 1
    static constexpr int kHighestBin = 25 * kBinsPerOctave;  ///< everything from 2^25 on
    static constexpr std::size_t kBinCount = static_cast<std::size_t>(kHighestBin - kLowestBin) + 1;

    /// k = floor(32 log2 value), held to kLowestBin .. kHighestBin.
    [[nodiscard]] static int bin_of(double value);
    /// 2^((k+1)/32): what every value of bin k is below. For kHighestBin, which has no end, where it begins.
    [[nodiscard]] static double upper_edge(int bin);

    /// cost: O(1)
    void add(double value, std::uint32_t count = 1);
    /// Takes back what was added. in: at least `count` values of this bin were added
    void remove(double value, std::uint32_t count = 1);
    LogHistogram& operator+=(const LogHistogram& other);
    /// in: every bin holds at least what `other` holds. cost: O(bins)
    LogHistogram& operator-=(const LogHistogram& other);
    void clear();

    [[nodiscard]] std::uint64_t n() const { return n_; }
    /// The upper edge of the first bin whose cumulative count reaches ceil(share n), so at least `share` of the
    /// values lie below it.
    ///   in:   0 < share <= 1
    ///   out:  absent when empty
    ///   cost: O(octaves + bins of one)
    [[nodiscard]] std::optional<double> quantile(double share) const;

    template <class Archive>
    void archive(Archive& a) {
        a(counts_);
        if constexpr (Archive::kIsReader) add_up();
    }

private:
    [[nodiscard]] static std::size_t place(int bin) { return static_cast<std::size_t>(bin - kLowestBin); }

    /// The bins of one octave are neighbours; the two beyond the ends have groups of their own.
    [[nodiscard]] static std::size_t group(int bin) {
        return static_cast<std::size_t>((bin + kBinsPerOctave) / kBinsPerOctave);
    }
    static constexpr std::size_t kGroupCount = kHighestBin / kBinsPerOctave + 2;
    void add_up();

    std::array<std::uint32_t, kBinCount> counts_{};
    std::array<std::uint64_t, kGroupCount> groups_{};  // sums of counts_
    std::uint64_t n_ = 0;
};

}  // namespace vt::indicators
