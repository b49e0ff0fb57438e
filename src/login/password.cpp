#include "login/password.hpp"

#include "login/common_passwords.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <set>

namespace vt::login {
namespace {

/// How many characters of UTF-8; 0 for what is none, or holds control characters.
std::size_t characters_of(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        const auto first = static_cast<unsigned char>(text[at]);
        if (first < 0x20 || first == 0x7F) return 0;
        const std::size_t length = first < 0x80                    ? 1
                                   : first >= 0xC2 && first < 0xE0 ? 2
                                   : first >= 0xE0 && first < 0xF0 ? 3
                                   : first >= 0xF0 && first < 0xF5 ? 4
                                                                   : 0;
        if (length == 0 || at + length > text.size()) return 0;
        for (std::size_t i = 1; i < length; ++i) {
            if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80) return 0;
        }
        at += length;
    }
    return count;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

}  // namespace

Result<void> check_password(std::string_view password, std::string_view user) {
    if (password.size() > kPasswordBytesMax)
        return fail(Errc::refused,
                    "a password has at most " + std::to_string(kPasswordBytesMax) + " bytes; take a shorter one");
    const std::size_t characters = characters_of(password);
    if (characters == 0 && !password.empty())
        return fail(Errc::refused, "a password is text in UTF-8 without control characters");
    if (characters < kPasswordCharactersMin)
        return fail(Errc::refused, "a password has at least " + std::to_string(kPasswordCharactersMin) +
                                       " characters; three or four words are easy to keep in mind");
    const std::string lower = lower_case(password);
    if (is_common(lower)) return fail(Errc::refused, "this password is one of the commonest; take another");
    if (std::set<char>(lower.begin(), lower.end()).size() <= 3)
        return fail(Errc::refused, "this password is made of three characters; take another");
    // A name of some length within is what is left to guess taken away; "al" is in many words.
    const std::string name = lower_case(user);
    const std::size_t at = name.size() >= 3 ? lower.find(name) : std::string::npos;
    if (at != std::string::npos && lower.size() - name.size() < kPasswordCharactersMin)
        return fail(Errc::refused, "this password is little more than the user's name; take another");
    return {};
}

Result<std::string> hash_password(std::string_view password, const HashCost& cost) {
    // Picks what this processor does fastest, once, whoever is first.
    if (sodium_init() < 0) return fail(Errc::unavailable, "libsodium finds no source of randomness on this machine");
    std::array<char, crypto_pwhash_argon2id_STRBYTES> text{};
    if (crypto_pwhash_argon2id_str(text.data(), password.data(), password.size(), cost.passes, cost.memory_bytes) !=
        0) {
        return fail(Errc::unavailable, "there is no memory to hash a password: it takes " +
                                           std::to_string(cost.memory_bytes >> 20U) + " MiB; try again later");
    }
    return std::string(text.data());
}

bool verify_password(std::string_view phc, std::string_view password) {
    if (sodium_init() < 0) return false;
    std::array<char, crypto_pwhash_argon2id_STRBYTES> text{};
    if (phc.size() >= text.size()) return false;
    std::ranges::copy(phc, text.begin());
    return crypto_pwhash_argon2id_str_verify(text.data(), password.data(), password.size()) == 0;
}

bool has_cost(std::string_view phc, const HashCost& cost) {
    return crypto_pwhash_argon2id_str_needs_rehash(std::string(phc).c_str(), cost.passes, cost.memory_bytes) == 0;
}

std::string nobody(const HashCost& cost) {
    // Salt and hash were drawn once; a password that gives this hash is not known and need not exist.
    return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes >> 10U) + ",t=" + std::to_string(cost.passes) +
           ",p=1$kFf0mYvQ1h7c2Ld9sXeRtA$Zp3vKq8cJ1wTn5yBx0aGd7sLr2uQh9mEf4iVo6kWjXM";
}

}  // namespace vt::login
