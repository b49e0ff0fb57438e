#pragma once

#include "base/result.hpp"
#include "engine/event.hpp"

#include <string>
#include <string_view>

namespace vt::engine {

/// The one binary form of an input: what the feed thread queues, the engine reads and the journal stores.
/// Layout in docs/formats/journal.md. Appends to `out`.
///   cost: O(size), no allocation beyond growing `out`
void encode(const Event& event, std::string& out);

/// Reads one encoded input that fills `bytes` exactly. The result borrows from `bytes`.
///   errors: malformed, unsupported (unknown kind)
[[nodiscard]] Result<Event> decode(std::string_view bytes);

}  // namespace vt::engine
