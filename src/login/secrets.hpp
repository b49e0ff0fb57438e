#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vt::login {

/// Fills what it is given with unpredictable bytes; a fixed series in tests.
using Random = std::function<void(std::span<unsigned char>)>;
/// The system's.
[[nodiscard]] Random system_random();

inline constexpr std::size_t kSecretBytes = 32;
inline constexpr std::size_t kSetupBytes = 16;
inline constexpr std::size_t kIdBytes = 8;

/// `bytes` random bytes as lower-case hex.
[[nodiscard]] std::string random_hex(const Random& random, std::size_t bytes);
/// What is kept of a secret: SHA-256 as hex. Enough for secrets of 128 random bits and more, not for passwords.
[[nodiscard]] std::string hash_of(std::string_view secret);
/// Compares without telling by its time where the texts differ; their lengths are no secret.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b);

/// The parts of `vt_<id>_<secret>`.
struct TokenText {
    std::string_view id;
    std::string_view secret;
};
[[nodiscard]] std::string token_text(std::string_view id, std::string_view secret);
/// out: views into `text`; nothing where it is no such text
[[nodiscard]] std::optional<TokenText> parse_token(std::string_view text);

/// What a page must send back in a header with each change: made from the session's secret, so that it need not be
/// kept, and says nothing of it.
[[nodiscard]] std::string request_token(std::string_view session_secret);

}  // namespace vt::login
