#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vt::login {

inline constexpr std::size_t kPasswordCharactersMin = 12;
inline constexpr std::size_t kPasswordBytesMax = 1024;  ///< nobody's hash takes a megabyte of text

/// What one hash costs: argon2id with one lane.
struct HashCost {
    std::uint64_t passes = 3;
    std::size_t memory_bytes = std::size_t{64} << 20U;  ///< at least 8 KiB
};

/// Whether a new password may be taken.
///   errors: refused: too short, too long, not UTF-8 or with control characters, too common, of the user's name or
///           of three characters and fewer; the text says which, never the password
[[nodiscard]] Result<void> check_password(std::string_view password, std::string_view user);

/// The PHC string to keep.
///   errors: unavailable: there is no memory for it
///   cost:   `cost`; allocates its memory
[[nodiscard]] Result<std::string> hash_password(std::string_view password, const HashCost& cost);
/// Whether `password` is the one of the PHC string; costs what the string says, whatever the answer.
[[nodiscard]] bool verify_password(std::string_view phc, std::string_view password);
/// Whether the PHC string is of this cost.
[[nodiscard]] bool has_cost(std::string_view phc, const HashCost& cost);
/// A PHC string that no password fits, of the same cost: what the password of an unknown user is compared with, so
/// that the answer takes as long.
[[nodiscard]] std::string nobody(const HashCost& cost);

}  // namespace vt::login
