#pragma once

#include "base/result.hpp"
#include "cache/link.hpp"

namespace vt::cache {

/// TCP with a deadline instead of blocking, for this module's .cpp files.

/// Waits until the descriptor is ready for `events` (of poll).
///   errors: unavailable (the deadline passed)
[[nodiscard]] Result<void> wait_for(int descriptor, short events, Deadline deadline);

/// Whether nothing is there to be read: no byte, no end, no error. Does not wait.
[[nodiscard]] bool is_silent(int descriptor);

/// A connected socket that does not block and that the caller closes. A name is resolved on this thread, which may
/// take longer than the deadline.
///   errors: unavailable
[[nodiscard]] Result<int> connect_socket(const ServerAddress& address, Deadline deadline);

}  // namespace vt::cache
