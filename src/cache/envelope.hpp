#pragma once

#include "base/result.hpp"
#include "cache/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vt::cache {

/// What is written to the tiers that other processes share: a value with everything that it takes to refuse it. See
/// docs/cache.md for the layout.

/// The name under which a key is kept there: "vt:SCHEMA:" and 32 hexadecimal digits of its hash. Keys of any bytes
/// and length become fit for memcached; the key itself is in the envelope and compared.
[[nodiscard]] std::string wire_key(std::string_view key, std::uint32_t schema);

/// in: key: at most 65,535 bytes
[[nodiscard]] std::string seal(std::string_view key, const Value& value, std::uint32_t schema);

/// errors: malformed (not an envelope, truncated, trailing bytes), unsupported (another version or schema), not_found
///         (the value of another key), corrupt (the checksum does not fit), out_of_range (made in the future)
///   in:   now: what the clock of this machine says; a second of disagreement with the writer's is borne
[[nodiscard]] Result<Value> unseal(std::string_view bytes, std::string_view key, std::uint32_t schema, Timestamp now);

}  // namespace vt::cache
