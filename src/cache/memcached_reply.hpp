#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vt::cache {

/// The replies of memcached's text protocol, read from the bytes that have come so far. Pure.
/// source: memcached's doc/protocol.txt, "Retrieval command" and "Storage commands"

/// What a `get` of one key was answered with.
struct MemcachedGot {
    std::optional<std::string> value;  ///< nothing: there is no such key
};

///   in:     key: the one that was asked for: the reply repeats it
///   out:    nothing: more bytes are needed
///   errors: malformed (anything but exactly one reply to this question, or a longer value than allowed), refused
[[nodiscard]] Result<std::optional<MemcachedGot>> read_get_reply(std::string_view bytes, std::string_view key,
                                                                 std::size_t max_value_bytes);

/// The one line with which a `set` or a `delete` is answered.
///   out:    false: more bytes are needed; true: it was done, or there was nothing to delete
///   errors: malformed, refused (no memory, too large)
[[nodiscard]] Result<bool> read_status_reply(std::string_view bytes);

}  // namespace vt::cache
