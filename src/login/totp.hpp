#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::login {

/// Codes of an authenticator app: RFC 6238 with SHA-1, six digits, 30 seconds.
inline constexpr std::int64_t kTotpStepSeconds = 30;
inline constexpr std::int64_t kTotpSlackSteps = 1;  ///< clocks differ
inline constexpr std::uint32_t kTotpDigits = 6;

/// The code of a step, `digits` of them.
///   in: key: the shared bytes
///   source: RFC 6238 4, RFC 4226 5.3
[[nodiscard]] std::string totp_code(std::string_view key, std::int64_t step, std::uint32_t digits = kTotpDigits);
[[nodiscard]] std::int64_t totp_step(Timestamp at);

/// The step of the code, where it is one of now, a step before or a step after, and later than `last_used`: a code
/// that was seen over a shoulder or on the wire is not taken again.
[[nodiscard]] std::optional<std::int64_t> accept_totp(std::string_view key, std::string_view code, Timestamp now,
                                                      std::int64_t last_used);

/// RFC 4648, upper case without padding.
[[nodiscard]] std::string base32(std::string_view bytes);
/// out: nothing for what is no base32; spaces, padding and lower case are taken
[[nodiscard]] std::optional<std::string> from_base32(std::string_view text);

/// What an app reads as a QR code: `otpauth://totp/Virtuoso:user?secret=...`.
[[nodiscard]] std::string totp_address(std::string_view user, std::string_view secret_base32);

}  // namespace vt::login
