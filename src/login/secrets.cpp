#include "login/secrets.hpp"

#include "base/assert.hpp"
#include "base/digest.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace vt::login {
namespace {

constexpr std::string_view kTokenStart = "vt_";

bool is_hex(std::string_view text, std::size_t bytes) {
    return text.size() == 2 * bytes &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

Random system_random() {
    VT_ASSERT(sodium_init() >= 0);
    return [](std::span<unsigned char> bytes) { randombytes_buf(bytes.data(), bytes.size()); };
}

std::string random_hex(const Random& random, std::size_t bytes) {
    std::array<unsigned char, kSecretBytes> drawn{};
    const std::span<unsigned char> part = std::span(drawn).first(std::min(bytes, drawn.size()));
    random(part);
    std::array<char, 2 * kSecretBytes + 1> text{};
    sodium_bin2hex(text.data(), text.size(), part.data(), part.size());
    sodium_memzero(drawn.data(), drawn.size());
    return text.data();
}

std::string hash_of(std::string_view secret) {
    Digest digest;
    digest.update(secret);
    return digest.hex();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string token_text(std::string_view id, std::string_view secret) {
    return std::string(kTokenStart) + std::string(id) + "_" + std::string(secret);
}

std::optional<TokenText> parse_token(std::string_view text) {
    if (!text.starts_with(kTokenStart)) return std::nullopt;
    text.remove_prefix(kTokenStart.size());
    const std::size_t bar = text.find('_');
    if (bar == std::string_view::npos) return std::nullopt;
    const TokenText parts{.id = text.substr(0, bar), .secret = text.substr(bar + 1)};
    if (!is_hex(parts.id, kIdBytes) || !is_hex(parts.secret, kSecretBytes)) return std::nullopt;
    return parts;
}

std::string request_token(std::string_view session_secret) {
    return hash_of("request token of " + std::string(session_secret)).substr(0, 32);
}

}  // namespace vt::login
