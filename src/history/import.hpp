#pragma once

#include "history/csv.hpp"
#include "history/gaps.hpp"
#include "history/series_writer.hpp"

#include <filesystem>
#include <vector>

namespace vt::history {

struct ImportReport {
    std::uint64_t rows = 0;      ///< of the file, without its repeated ones
    std::uint64_t repeated = 0;  ///< lines that said again what the line before said
    StoreReport stored;
    GapReport gaps;  ///< between the file's first and last row; none are known of a series without a step
};

/// Reads a CSV file into its series. The whole file is checked before the first row is stored, so a refused file
/// leaves everything as it was. Rows that are stored already and the same are passed over; gaps are reported.
///   in:     `now_ms`: a bar that ends later is refused, since it cannot be closed
///   errors: those of CsvReader and SeriesWriter; refused (rows say something else than what is stored, and
///           `on_conflict` is refuse: names file and line)
[[nodiscard]] Result<ImportReport> import_csv(const std::filesystem::path& csv, const CsvParams& params,
                                              SeriesWriter& writer, OnConflict on_conflict, std::int64_t now_ms);

}  // namespace vt::history
