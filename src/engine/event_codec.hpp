#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "engine/event.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vt::engine {

/// A text inside an event (a frame, a body, headers, a reason) is no longer than this. The gateway's limits are
/// lower.
inline constexpr std::size_t kMaxTextBytes = std::size_t{16} << 20U;
/// An encoded event is no longer than this.
inline constexpr std::size_t kMaxEventBytes = 2 * kMaxTextBytes + 64;

/// The one binary form of an input: what the feed thread queues, the engine reads and the journal stores.
/// Layout in docs/formats/journal.md. Appends to `out`. Equal events have equal bytes.
///   in:   texts of at most kMaxTextBytes; of an instrument at most 255 bytes, its steps positive (else assertion)
///   cost: O(size), no allocation beyond growing `out`
void encode(const Event& event, std::string& out);

/// Reads one encoded input that fills `bytes` exactly. The result borrows from `bytes`.
///   errors: malformed (too short, too long, a value outside its range), unsupported (unknown kind)
///   cost:   O(1); only ListInstrument allocates
[[nodiscard]] Result<Event> decode(std::string_view bytes);

/// What every encoded input starts with.
struct EventStart {
    std::uint64_t sequence = 0;
    Timestamp at;
};
/// Reads the start of an encoded input and nothing of its body.
///   errors: malformed, unsupported (unknown kind)
[[nodiscard]] Result<EventStart> decode_start(std::string_view bytes);

}  // namespace vt::engine
