#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace vt {

/// A seeded generator (xoshiro256**, Blackman and Vigna 2018), for generators, tests and resampling; the core draws
/// from fixed seeds only. One stream for each (seed, name): adding a stream changes no other.
class Prng {
public:
    explicit Prng(std::uint64_t seed, std::string_view stream = {});

    [[nodiscard]] std::uint64_t next();
    /// [0, 1), 53 bits.
    [[nodiscard]] double uniform();
    /// 0 .. bound-1 without bias; bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    /// Standard normal (polar method).
    [[nodiscard]] double normal();
    /// Mean 1.
    [[nodiscard]] double exponential();

private:
    std::array<std::uint64_t, 4> state_;
    double spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace vt
