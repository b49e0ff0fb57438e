#include "paper/latency.hpp"

#include "base/prng.hpp"

#include <algorithm>

namespace vt::paper {

Nanos round_trip(const LatencyParams& params, std::uint64_t seed, std::uint64_t number) {
    Prng prng(seed + number, "paper.latency");
    if (!params.measured.empty()) return params.measured[prng.below(params.measured.size())];
    // the tail is cut as a double: e.g. 40 ms x 40 would still fit, but a parameter of an hour would not
    const double above = std::min(static_cast<double>(params.mean_above.count()) * prng.exponential(),
                                  static_cast<double>(params.most.count()));
    return std::min(params.most, params.least + Nanos{static_cast<std::int64_t>(above)});
}

}  // namespace vt::paper
