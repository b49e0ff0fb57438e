#pragma once

// For tests only: the returns that the published beta figures were computed on, and random ones like them.

#include "base/prng.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vt::indicators::test {

inline const std::vector<double> kBitcoinReturns{.010,  -.005, .008,  -.012, .004, .015,
                                                 -.007, .003,  -.010, .006,  .002, -.004};
inline const std::vector<double> kAltReturns{.013,  -.009, .012,  -.020, .003, .024,
                                             -.010, .006,  -.013, .007,  .006, -.008};

struct Returns {
    std::vector<double> x, y;
};
/// y = a + b x + noise, with a, b, the noise and the length drawn from the seed.
inline Returns random_returns(std::uint64_t seed, std::size_t shortest = 8, std::size_t spread = 60) {
    Prng prng(seed, "returns");
    Returns made;
    const double a = prng.normal() * 1e-4;
    const double b = 1 + prng.normal();
    const double noise = 1e-4 + prng.uniform() * 2e-3;
    for (std::size_t i = 0, n = shortest + prng.below(spread); i < n; ++i) {
        made.x.push_back(prng.normal() * 2e-3);
        made.y.push_back(a + b * made.x.back() + prng.normal() * noise);
    }
    return made;
}

}  // namespace vt::indicators::test
