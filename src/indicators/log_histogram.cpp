#include "indicators/log_histogram.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace vt::indicators {
namespace {

/// 2^(i/32), rounded to the nearest double.
constexpr std::array<double, LogHistogram::kBinsPerOctave> kEdges = {
    0x1p+0,
    0x1.059b0d3158574p+0,
    0x1.0b5586cf9890fp+0,
    0x1.11301d0125b51p+0,
    0x1.172b83c7d517bp+0,
    0x1.1d4873168b9aap+0,
    0x1.2387a6e756238p+0,
    0x1.29e9df51fdee1p+0,
    0x1.306fe0a31b715p+0,
    0x1.371a7373aa9cbp+0,
    0x1.3dea64c123422p+0,
    0x1.44e086061892dp+0,
    0x1.4bfdad5362a27p+0,
    0x1.5342b569d4f82p+0,
    0x1.5ab07dd485429p+0,
    0x1.6247eb03a5585p+0,
    0x1.6a09e667f3bcdp+0,
    0x1.71f75e8ec5f74p+0,
    0x1.7a11473eb0187p+0,
    0x1.82589994cce13p+0,
    0x1.8ace5422aa0dbp+0,
    0x1.93737b0cdc5e5p+0,
    0x1.9c49182a3f090p+0,
    0x1.a5503b23e255dp+0,
    0x1.ae89f995ad3adp+0,
    0x1.b7f76f2fb5e47p+0,
    0x1.c199bdd85529cp+0,
    0x1.cb720dcef9069p+0,
    0x1.d5818dcfba487p+0,
    0x1.dfc97337b9b5fp+0,
    0x1.ea4afa2a490dap+0,
    0x1.f50765b6e4540p+0,
};

}  // namespace

int LogHistogram::bin_of(double value) {
    if (!(value >= 1)) return kLowestBin;
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const int octave = static_cast<int>(bits >> 52) - 1023;
    if (octave >= kHighestBin / kBinsPerOctave) return kHighestBin;
    constexpr std::uint64_t kFraction = (std::uint64_t{1} << 52) - 1;
    constexpr std::uint64_t kOne = std::uint64_t{1023} << 52;
    const auto mantissa = std::bit_cast<double>((bits & kFraction) | kOne);
    // log2(1 + f) >= f, and by less than 3/32 more: the thirty-second of f is at most three bins low.
    auto bin = static_cast<std::size_t>((bits & kFraction) >> 47);
    while (bin + 1 < kEdges.size() && mantissa >= kEdges[bin + 1]) ++bin;
    return octave * kBinsPerOctave + static_cast<int>(bin);
}

double LogHistogram::upper_edge(int bin) {
    VT_ASSERT(bin >= kLowestBin);
    VT_ASSERT(bin <= kHighestBin);
    const int end = std::min(bin + 1, kHighestBin);
    return std::ldexp(kEdges[static_cast<std::size_t>(end % kBinsPerOctave)], end / kBinsPerOctave);
}

void LogHistogram::add(double value, std::uint32_t count) {
    const int bin = bin_of(value);
    counts_[place(bin)] += count;
    groups_[group(bin)] += count;
    n_ += count;
}

void LogHistogram::remove(double value, std::uint32_t count) {
    const int bin = bin_of(value);
    std::uint32_t& held = counts_[place(bin)];
    VT_ASSERT(held >= count);
    held -= count;
    groups_[group(bin)] -= count;
    n_ -= count;
}

LogHistogram& LogHistogram::operator+=(const LogHistogram& other) {
    for (std::size_t i = 0; i < kBinCount; ++i) counts_[i] += other.counts_[i];
    for (std::size_t i = 0; i < kGroupCount; ++i) groups_[i] += other.groups_[i];
    n_ += other.n_;
    return *this;
}

LogHistogram& LogHistogram::operator-=(const LogHistogram& other) {
    for (std::size_t i = 0; i < kBinCount; ++i) {
        VT_ASSERT(counts_[i] >= other.counts_[i]);
        counts_[i] -= other.counts_[i];
    }
    for (std::size_t i = 0; i < kGroupCount; ++i) groups_[i] -= other.groups_[i];
    n_ -= other.n_;
    return *this;
}

void LogHistogram::clear() {
    counts_.fill(0);
    groups_.fill(0);
    n_ = 0;
}

void LogHistogram::add_up() {
    groups_.fill(0);
    n_ = 0;
    for (int bin = kLowestBin; bin <= kHighestBin; ++bin) {
        groups_[group(bin)] += counts_[place(bin)];
        n_ += counts_[place(bin)];
    }
}

std::optional<double> LogHistogram::quantile(double share) const {
    VT_ASSERT(share > 0);
    VT_ASSERT(share <= 1);
    if (n_ == 0) return std::nullopt;
    const double wanted = std::ceil(share * static_cast<double>(n_));
    std::uint64_t seen = 0;
    int bin = kLowestBin;
    for (const std::uint64_t count : groups_) {
        if (static_cast<double>(seen + count) >= wanted) break;
        seen += count;
        bin = bin == kLowestBin ? 0 : bin + kBinsPerOctave;
    }
    seen += counts_[place(bin)];
    while (bin < kHighestBin && static_cast<double>(seen) < wanted) seen += counts_[place(++bin)];
    return upper_edge(bin);
}

}  // namespace vt::indicators
