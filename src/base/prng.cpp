#include "base/prng.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <bit>
#include <cmath>

namespace vt {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

}  // namespace

Prng::Prng(std::uint64_t seed, std::string_view stream) {
    std::uint64_t mixed = seed;
    for (const char c : stream) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3U;  // FNV-1a
    for (auto& word : state_) word = split_mix(mixed);
}

std::uint64_t Prng::next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

double Prng::uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

std::uint64_t Prng::below(std::uint64_t bound) {
    VT_ASSERT(bound > 0);
    const std::uint64_t limit = -bound % bound;  // the first values that would favour small results
    for (;;) {
        const std::uint64_t draw = next();
        if (draw >= limit) return draw % bound;
    }
}

double Prng::normal() {
    if (has_spare_) {
        has_spare_ = false;
        return spare_;
    }
    for (;;) {
        const double u = 2 * uniform() - 1;
        const double v = 2 * uniform() - 1;
        const double s = u * u + v * v;
        if (s >= 1 || s == 0) continue;
        const double factor = std::sqrt(-2 * math::log(s) / s);
        spare_ = v * factor;
        has_spare_ = true;
        return u * factor;
    }
}

double Prng::exponential() { return -math::log(1 - uniform()); }

}  // namespace vt
