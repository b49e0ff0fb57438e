#include "base/math.hpp"

#include <sleef.h>  // layer-ok: pure functions, one fixed implementation

namespace vt::math {

// The vector-of-one "purec" entry points (suffix _u10purec) never dispatch on the CPU; the plain names do.
double exp(double x) { return Sleef_expd1_u10purec(x); }
double log(double x) { return Sleef_logd1_u10purec(x); }
double tanh(double x) { return Sleef_tanhd1_u10purec(x); }
double atanh(double x) { return Sleef_atanhd1_u10purec(x); }
double pow(double x, double y) { return Sleef_powd1_u10purec(x, y); }
double sin(double x) { return Sleef_sind1_u10purec(x); }
double cos(double x) { return Sleef_cosd1_u10purec(x); }
double atan(double x) { return Sleef_atand1_u10purec(x); }
double exp2(double x) { return Sleef_exp2d1_u10purec(x); }
double log2(double x) { return Sleef_log2d1_u10purec(x); }
double erfc(double x) { return Sleef_erfcd1_u15purec(x); }

double mean(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

}  // namespace vt::math
