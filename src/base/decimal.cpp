#include "base/decimal.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace vt {
namespace {

constexpr int kMaxScale = 18;
constexpr std::array<std::int64_t, kMaxScale + 1> kPow10 = [] {
    std::array<std::int64_t, kMaxScale + 1> powers{};
    std::int64_t power = 1;
    for (auto& p : powers) {
        p = power;
        if (power <= std::numeric_limits<std::int64_t>::max() / 10) power *= 10;
    }
    return powers;
}();

struct Digits {
    std::uint64_t magnitude = 0;
    int scale = 0;
    bool is_negative = false;
};

enum class Scan : std::uint8_t { ok, malformed, out_of_range };

/// The digits of a plain or scientific decimal. Zeros at the end of the fraction are not counted.
Scan scan_digits(std::string_view text, Digits& out) {
    std::size_t at = 0;
    if (at < text.size() && text[at] == '-') {
        out.is_negative = true;
        ++at;
    }
    std::size_t digits = 0;
    int pending_zeros = 0;
    bool in_fraction = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.' && !in_fraction) {
            in_fraction = true;
            continue;
        }
        if (c < '0' || c > '9') break;
        ++digits;
        if (in_fraction && c == '0') {
            ++pending_zeros;
            continue;
        }
        for (; pending_zeros > 0; --pending_zeros) {
            if (out.magnitude > std::numeric_limits<std::int64_t>::max() / 10) return Scan::out_of_range;
            out.magnitude *= 10;
            ++out.scale;
        }
        if (out.magnitude > (static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - 9) / 10)
            return Scan::out_of_range;
        out.magnitude = out.magnitude * 10 + static_cast<std::uint64_t>(c - '0');
        if (in_fraction) ++out.scale;
    }
    if (digits == 0) return Scan::malformed;
    if (at == text.size()) return Scan::ok;
    if (text[at] != 'e' && text[at] != 'E') return Scan::malformed;
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
    if (error != std::errc{} || end != text.data() + text.size()) return Scan::malformed;
    if (exponent < -2 * kMaxScale || exponent > 2 * kMaxScale) return Scan::out_of_range;
    out.scale -= exponent;
    for (; out.scale < 0; ++out.scale) {
        if (out.magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 10)
            return Scan::out_of_range;
        out.magnitude *= 10;
    }
    return Scan::ok;
}

std::string quoted(std::string_view text) { return std::string("'").append(text.substr(0, 40)).append("'"); }

}  // namespace

double Decimal::to_double() const {
    // Both operands are exact up to 2^53, so this is the nearest double for every tick or lot size in use.
    return static_cast<double>(mantissa) / static_cast<double>(kPow10[static_cast<unsigned char>(scale)]);
}

std::string Decimal::to_string() const { return format_steps(mantissa, Decimal{1, scale}); }

Result<Decimal> parse_decimal(std::string_view text) {
    Digits digits;
    const Scan scan = scan_digits(text, digits);
    if (scan == Scan::malformed) return fail(Errc::malformed, quoted(text) + " is not a decimal number");
    if (scan == Scan::out_of_range || digits.scale > kMaxScale) {
        return fail(Errc::out_of_range, quoted(text) + " has more digits than 18");
    }
    while (digits.scale > 0 && digits.magnitude % 10 == 0) {  // "1e1" in a fraction, or a plain zero
        digits.magnitude /= 10;
        --digits.scale;
    }
    const auto value = static_cast<std::int64_t>(digits.magnitude);
    return Decimal{digits.is_negative ? -value : value, static_cast<std::int8_t>(digits.scale)};
}

Result<std::int64_t> parse_steps(std::string_view text, Decimal step) {
    Digits digits;
    const Scan scan = scan_digits(text, digits);
    if (scan == Scan::malformed) return fail(Errc::malformed, quoted(text) + " is not a decimal number");
    if (scan == Scan::out_of_range || step.mantissa <= 0)
        return fail(Errc::out_of_range, quoted(text) + " does not fit");
    if (digits.scale > step.scale) {
        return fail(Errc::malformed, quoted(text) + " is not a multiple of " + step.to_string());
    }
    const auto factor = static_cast<std::uint64_t>(kPow10[static_cast<std::size_t>(step.scale - digits.scale)]);
    if (factor > 1 &&
        digits.magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / factor) {
        return fail(Errc::out_of_range, quoted(text) + " does not fit in steps of " + step.to_string());
    }
    const std::uint64_t scaled = digits.magnitude * factor;
    const auto size = static_cast<std::uint64_t>(step.mantissa);
    if (size != 1 && scaled % size != 0) {
        return fail(Errc::malformed, quoted(text) + " is not a multiple of " + step.to_string());
    }
    const auto count = static_cast<std::int64_t>(size == 1 ? scaled : scaled / size);
    return digits.is_negative ? -count : count;
}

std::string format_steps(std::int64_t count, Decimal step) {
    const __int128 total = static_cast<__int128>(count) * step.mantissa;
    const bool is_negative = total < 0;
    auto magnitude = static_cast<unsigned __int128>(is_negative ? -total : total);
    std::string digits;
    while (magnitude > 0 || digits.size() <= static_cast<std::size_t>(step.scale)) {
        digits.push_back(static_cast<char>('0' + static_cast<int>(magnitude % 10)));
        magnitude /= 10;
    }
    if (step.scale > 0) digits.insert(digits.begin() + step.scale, '.');
    if (is_negative) digits.push_back('-');
    return {digits.rbegin(), digits.rend()};
}

}  // namespace vt
