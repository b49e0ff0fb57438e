#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace vt {

/// A decimal whole number that is all of `text`: no blank, no '+', and '-' only where T is signed.
///   out: absent for anything else, and for what T cannot hold
template <std::integral T>
[[nodiscard]] std::optional<T> whole_number(std::string_view text) {
    T number{};
    const char* const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, number);
    if (problem != std::errc{} || end != last) return std::nullopt;
    return number;
}

}  // namespace vt
