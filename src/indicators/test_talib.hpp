#pragma once

// For tests and benchmarks only: how TA-Lib's functions are called.

#include "indicators/test_series.hpp"

#include <ta_libc.h>

namespace vt::indicators::test {

/// The columns that TA-Lib reads.
struct TalibInput {
    /// `size` bars of a series from `begin` on.
    TalibInput(const Series& series, std::size_t begin, std::size_t size)
        : open(&series.open[begin]),
          high(&series.high[begin]),
          low(&series.low[begin]),
          close(&series.close[begin]),
          volume(&series.volume[begin]),
          last(static_cast<int>(size) - 1) {}

    const double* open;
    const double* high;
    const double* low;
    const double* close;
    const double* volume;
    int last;
};

/// What TA-Lib writes: N arrays, the first value of each at bar `begin`.
template <std::size_t N>
struct TalibOutput {
    explicit TalibOutput(std::size_t size) {
        for (auto& line : lines) line.resize(size);
    }
    double* operator[](std::size_t line) { return lines[line].data(); }

    int begin = 0;
    int count = 0;
    std::array<std::vector<double>, N> lines;
};

}  // namespace vt::indicators::test

// The arguments of a call, where `in` is a TalibInput and `out` a TalibOutput: which bars, which prices, and the
// places for one, two or three lines of values.
#define VT_CLOSE 0, in.last, in.close
#define VT_HL 0, in.last, in.high, in.low
#define VT_HLC VT_HL, in.close
#define VT_HLCV VT_HLC, in.volume
#define VT_OHLC 0, in.last, in.open, in.high, in.low, in.close
#define VT_OUT &out.begin, &out.count, out[0]
#define VT_OUT2 VT_OUT, out[1]
#define VT_OUT3 VT_OUT2, out[2]
