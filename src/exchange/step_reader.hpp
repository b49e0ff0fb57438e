#pragma once

#include "base/decimal.hpp"

#include <array>
#include <cstdint>

namespace vt::exchange {

/// Reads plain decimals in whole steps, fast: what parse_steps does for "61760.30", without its rarer forms.
class StepReader {
public:
    explicit StepReader(Decimal step) : size_(static_cast<std::uint64_t>(step.mantissa)), scale_(step.scale) {}

    /// Reads digits[.digits] at `at` and moves past them. Text must end in a byte that is neither digit nor point.
    ///   out: false where parse_steps has to decide: a sign, an exponent, more than 18 digits, not a multiple
    [[nodiscard]] bool read(const char*& at, std::int64_t& steps) const {
        const char* const start = at;
        std::uint64_t magnitude = 0;
        const char* p = at;
        unsigned digit = 0;
        while ((digit = static_cast<unsigned>(*p - '0')) < 10) {
            magnitude = magnitude * 10 + digit;
            ++p;
        }
        int missing = scale_;
        auto length = p - start;
        if (length == 0) return false;
        if (*p == '.') {
            const char* const fraction = ++p;
            while (missing > 0 && (digit = static_cast<unsigned>(*p - '0')) < 10) {
                magnitude = magnitude * 10 + digit;
                --missing;
                ++p;
            }
            while (*p == '0') ++p;
            if (p == fraction) return false;
            length += scale_ - missing;
        }
        if (length + missing > 18) return false;
        magnitude *= kPowers[static_cast<std::size_t>(missing)];
        if (size_ != 1) {
            const std::uint64_t quotient = magnitude / size_;
            if (quotient * size_ != magnitude) return false;
            magnitude = quotient;
        }
        steps = static_cast<std::int64_t>(magnitude);
        at = p;
        return true;
    }

private:
    static constexpr std::array<std::uint64_t, 19> kPowers = [] {
        std::array<std::uint64_t, 19> powers{};
        std::uint64_t power = 1;
        for (auto& p : powers) {
            p = power;
            power *= 10;
        }
        return powers;
    }();

    std::uint64_t size_;
    int scale_;
};

}  // namespace vt::exchange
