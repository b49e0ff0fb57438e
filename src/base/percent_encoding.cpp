#include "base/percent_encoding.hpp"

namespace vt {

std::string percent_encoded(std::string_view text, std::string_view plain) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool is_alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_alphanumeric || plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    }
    return out;
}

}  // namespace vt
