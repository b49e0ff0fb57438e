#pragma once

#include <string_view>

namespace vt::storage {

/// The journal that comes with the program: data/recordings/binance-20240808.vtj, embedded. For
/// JournalReader::open_memory. Six minutes of BTCUSDT futures and ETHUSDT spot of Binance; licence in NOTICE, content
/// in data/recordings/README.md.
[[nodiscard]] std::string_view bundled_recording();
/// What errors and pages call it.
inline constexpr std::string_view kBundledRecordingName = "binance-20240808.vtj (bundled)";

}  // namespace vt::storage
