#pragma once

#include "history/series_writer.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vt::history {

/// Which of the stored series a command speaks of; empty members match all.
struct Selection {
    std::optional<market::Venue> venue;
    std::optional<market::Category> category;
    std::vector<std::string> symbols;
    std::vector<Kind> kinds;
    std::optional<std::int64_t> step_ms;
    [[nodiscard]] bool matches(const Series& series) const;
};

/// A file under the history directory; without a reader, why it has none.
struct StoredSeries {
    std::filesystem::path path;
    std::optional<SeriesReader> reader;
    std::string problem;
};

/// All history files under `directory` that match, by name. A file that cannot be read is listed with its problem.
///   errors: io; a directory that does not exist holds nothing
[[nodiscard]] Result<std::vector<StoredSeries>> list(const std::filesystem::path& directory,
                                                     const Selection& selection);

struct VerifyReport {
    std::uint64_t blocks = 0;
    std::uint64_t rows = 0;  ///< distinct times that can be read
    std::vector<Damage> damages;
};
/// Reads and decodes everything.
///   errors: io
[[nodiscard]] Result<VerifyReport> verify(SeriesReader& reader);

struct PruneParams {
    std::int64_t keep_from_ms = 0;  ///< rows before go
    std::uint64_t bytes_max = 0;    ///< of the file: the oldest rows go until it fits; 0: no limit
    bool is_dry_run = false;
};
struct PruneReport {
    std::uint64_t rows_before = 0, rows_after = 0;
    std::uint64_t bytes_before = 0, bytes_after = 0;
    std::uint64_t damaged_bytes = 0;  ///< dropped: they could not be read
    [[nodiscard]] bool is_changed() const { return bytes_before != bytes_after || rows_before != rows_after; }
};
/// Puts a smaller file in the place of one series' file: without what is too old, superseded or damaged, in full
/// blocks. The old file stays until the new one is on the device.
///   errors: io; unavailable (another run writes the file)
[[nodiscard]] Result<PruneReport> prune(const std::filesystem::path& path, const PruneParams& params);

}  // namespace vt::history
