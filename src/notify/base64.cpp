#include "notify/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace vt::notify {

std::string base64(std::string_view bytes) {
    constexpr std::size_t kPart = std::size_t{3} << 20U;  // OpenSSL counts in int
    std::string coded;
    coded.reserve(4 * ((bytes.size() + 2) / 3) + 1);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(kPart, bytes.size()))) {
        const std::string_view part = bytes.substr(0, kPart);
        const std::size_t before = coded.size();
        coded.resize(before + 4 * ((part.size() + 2) / 3) + 1);
        const int length =
            EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data() + before),
                            reinterpret_cast<const unsigned char*>(part.data()), static_cast<int>(part.size()));
        coded.resize(before + static_cast<std::size_t>(length));
    }
    return coded;
}

std::string base64_lines(std::string_view bytes) {
    constexpr std::size_t kColumns = 76;
    const std::string coded = base64(bytes);
    std::string lines;
    lines.reserve(coded.size() + coded.size() / kColumns * 2 + 4);
    for (std::size_t at = 0; at < coded.size(); at += kColumns) lines.append(coded, at, kColumns).append("\r\n");
    return lines;
}

}  // namespace vt::notify
