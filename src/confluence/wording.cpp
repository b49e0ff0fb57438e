#include "confluence/wording.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace vt::confluence {

std::string plain(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string number(double value, int digits) {
    std::array<char, 400> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), std::abs(value), std::chars_format::fixed, digits);
    const std::string size(text.data(), end);
    const bool is_zero = size.find_first_not_of("0.") == std::string::npos;
    return value < 0 && !is_zero ? "\u2212" + size : size;
}

std::string points(double value) {
    const std::string text = number(value, 1);
    return text.front() >= '0' && text.front() <= '9' ? "+" + text : text;
}

std::string quantity(double value) {
    std::array<char, 64> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), std::abs(value), std::chars_format::general, 4);
    return (value < 0 ? "\u2212" : "") + std::string(text.data(), end);
}

std::string percent(double share) {
    const std::string whole = number(100 * share, 0);
    const bool is_rounded_to_an_end = (whole == "100" && share < 1) || (whole == "0" && share > 0);
    return (is_rounded_to_an_end ? number(100 * share, 1) : whole) + " %";
}

std::string countdown(Nanos left) {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(left).count();
    const std::int64_t rest = minutes % 60;
    return std::to_string(minutes / 60) + ":" + (rest < 10 ? "0" : "") + std::to_string(rest);
}

}  // namespace vt::confluence
