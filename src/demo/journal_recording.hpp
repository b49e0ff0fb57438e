#pragma once

#include "base/result.hpp"
#include "demo/recording.hpp"
#include "storage/journal_reader.hpp"

#include <filesystem>
#include <memory>

namespace vt::demo {

/// The Binance frames and depth snapshots of BTCUSDT and ETHUSDT in a journal, ready to be played.
///   errors: corrupt (the journal has losses), malformed (it lacks a book or a listing), those of RecordingBuilder
///   cost:   reads the whole journal: about .3 s for the bundled one
[[nodiscard]] Result<Recording> read_recording(storage::JournalReader& journal);
/// The one that comes with the program.
[[nodiscard]] Result<std::shared_ptr<const Recording>> bundled_recording();
/// errors: those of JournalReader::open, and of read_recording
[[nodiscard]] Result<std::shared_ptr<const Recording>> open_recording(const std::filesystem::path& path);

}  // namespace vt::demo
