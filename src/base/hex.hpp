#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vt {

/// Two lower-case hexadecimal digits for each byte.
[[nodiscard]] inline std::string hex_text(std::span<const unsigned char> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text.push_back(kDigits[byte >> 4U]);
        text.push_back(kDigits[byte & 15U]);
    }
    return text;
}

}  // namespace vt
