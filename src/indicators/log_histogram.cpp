#include "indicators/log_histogram.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {

int LogHistogram::bin_of(double value) {
    if (!(value >= 1)) return kLowestBin;
    const double bin = std::floor(kBinsPerOctave * math::log2(value));
    return bin < kHighestBin ? static_cast<int>(bin) : kHighestBin;
}

double LogHistogram::upper_edge(int bin) {
    VT_ASSERT(bin >= kLowestBin);
    VT_ASSERT(bin <= kHighestBin);
    return math::exp2(static_cast<double>(std::min(bin + 1, kHighestBin)) / kBinsPerOctave);
}

void LogHistogram::add(double value, std::uint32_t count) {
    counts_[place(bin_of(value))] += count;
    n_ += count;
}

void LogHistogram::remove(double value, std::uint32_t count) {
    std::uint32_t& held = counts_[place(bin_of(value))];
    VT_ASSERT(held >= count);
    held -= count;
    n_ -= count;
}

LogHistogram& LogHistogram::operator+=(const LogHistogram& other) {
    for (std::size_t i = 0; i < kBinCount; ++i) counts_[i] += other.counts_[i];
    n_ += other.n_;
    return *this;
}

LogHistogram& LogHistogram::operator-=(const LogHistogram& other) {
    for (std::size_t i = 0; i < kBinCount; ++i) {
        VT_ASSERT(counts_[i] >= other.counts_[i]);
        counts_[i] -= other.counts_[i];
    }
    n_ -= other.n_;
    return *this;
}

void LogHistogram::clear() {
    counts_.fill(0);
    n_ = 0;
}

std::optional<double> LogHistogram::quantile(double share) const {
    VT_ASSERT(share > 0);
    VT_ASSERT(share <= 1);
    if (n_ == 0) return std::nullopt;
    const double wanted = std::ceil(share * static_cast<double>(n_));
    std::uint64_t seen = 0;
    for (int bin = kLowestBin; bin <= kHighestBin; ++bin) {
        seen += counts_[place(bin)];
        if (static_cast<double>(seen) >= wanted) return upper_edge(bin);
    }
    return upper_edge(kHighestBin);
}

}  // namespace vt::indicators
