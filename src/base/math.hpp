#pragma once

#include <span>

namespace vt::math {

/// The transcendental functions of the core. glibc's pick an implementation by CPU and differ in the last bit; these
/// (SLEEF's pure-C variants, at most 1 ulp) give the same bits everywhere. docs/adr/0003.
[[nodiscard]] double exp(double x);
[[nodiscard]] double log(double x);
[[nodiscard]] double tanh(double x);
[[nodiscard]] double atanh(double x);
[[nodiscard]] double pow(double x, double y);
[[nodiscard]] double sin(double x);
[[nodiscard]] double cos(double x);
[[nodiscard]] double atan(double x);
/// 2^x.
[[nodiscard]] double exp2(double x);
[[nodiscard]] double log2(double x);
/// The complementary error function, at most 1.5 ulp.
[[nodiscard]] double erfc(double x);

/// The arithmetic mean, summed in order; `values` is not empty.
[[nodiscard]] double mean(std::span<const double> values);
/// Of a turn: its multiples fill the circle evenly however many there are.
inline constexpr double kGoldenFraction = 0.6180339887498949;

}  // namespace vt::math
