#pragma once

#include "base/result.hpp"
#include "history/series_reader.hpp"
#include "storage/append_file.hpp"
#include "storage/compression.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace vt::history {

/// What to do with a row that says something else than the stored row of its time.
enum class OnConflict : std::uint8_t { refuse, keep, replace };

struct StoreReport {
    std::size_t added = 0;
    std::size_t equal = 0;        ///< stored already, the same: nothing was written for them
    std::size_t conflicting = 0;  ///< stored already, different
    std::size_t first_conflict_row = 0;
    std::string first_conflict;  ///< "2026-01-01 00:00:00: close 5 is stored, 6 came"
    StoreReport& operator+=(const StoreReport& other);
};

/// Appends to one history file. What is stored is never rewritten; each store() is on the device when it returns, and
/// a crash during it leaves the file as it was before, after the cut that the next opening makes.
class SeriesWriter {
public:
    /// Opens or makes the file of `header.series` under `directory`; a tail that a crash tore is cut off, blocks that
    /// fail their checksum stay where they are and count as not stored.
    ///   errors: those of AppendFile and SeriesReader
    [[nodiscard]] static Result<SeriesWriter> open(const std::filesystem::path& directory, const FileHeader& header);

    /// Stores the rows that are new, and that `covered` was answered in full.
    ///   in:     an ascending table of the series' kind; may be empty
    ///   errors: io; refused (a conflict and OnConflict::refuse: nothing of this call was stored)
    [[nodiscard]] Result<StoreReport> store(const Table& rows, TimeRange covered, Source source,
                                            OnConflict on_conflict);
    /// What store() would report, without storing.
    [[nodiscard]] Result<StoreReport> compare(const Table& rows);

    [[nodiscard]] const SeriesReader& stored() const { return reader_; }
    [[nodiscard]] SeriesReader& stored() { return reader_; }
    /// The torn tail that opening cut off, in bytes.
    [[nodiscard]] std::uint64_t cut_bytes() const { return cut_bytes_; }
    [[nodiscard]] const std::filesystem::path& path() const { return file_.path(); }

private:
    SeriesWriter(storage::AppendFile file, SeriesReader reader);
    struct Sorted;
    [[nodiscard]] Result<Sorted> sort_out(const Table& rows, OnConflict on_conflict);

    storage::AppendFile file_;
    SeriesReader reader_;
    storage::Compressor compressor_;
    std::uint64_t cut_bytes_ = 0;
};

/// Appends the blocks that hold `rows` to `out`; the last one carries `covered`.
///   in: an ascending table; not empty, or covered is not
void append_blocks(const Table& rows, TimeRange covered, Source source, std::int64_t step_ms,
                   storage::Compressor& compressor, std::string& out);

inline constexpr int kCompressionLevel = 15;

}  // namespace vt::history
