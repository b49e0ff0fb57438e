#pragma once

#include "base/result.hpp"
#include "signals/signal.hpp"

#include <string>
#include <string_view>

namespace vt::signals {

/// The binary form of a signal, for the journal and for the next run to go on from: a version, then its members in
/// their order, numbers little-endian, texts behind their length. The instrument is no part of it: its number is of
/// one run only.
void encode_signal(const Signal& signal, std::string& out);
/// errors: unsupported (another version), malformed (cut short, an impossible value)
[[nodiscard]] Result<Signal> decode_signal(std::string_view bytes);

}  // namespace vt::signals
