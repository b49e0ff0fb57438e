#include "history/import.hpp"

#include <utility>

namespace vt::history {
namespace {

tl::unexpected<Error> conflict(const std::filesystem::path& csv, std::uint64_t line, const std::string& what) {
    return fail(Errc::refused, csv.string() + " line " + std::to_string(line) + ", " + what +
                                   "; say --replace-conflicts to take the file's rows, or --keep-stored to keep the "
                                   "stored ones");
}

/// Reads all of it without storing.
///   out: the rows
Result<std::uint64_t> check_csv(const std::filesystem::path& csv, const CsvParams& params, SeriesWriter& writer,
                                OnConflict on_conflict, std::int64_t now_ms) {
    VT_TRY(CsvReader reader, CsvReader::open(csv, params));
    std::uint64_t rows = 0;
    for (;;) {
        VT_TRY(const Table part, reader.next(kMaxBlockRows));
        if (part.empty()) return rows;
        const std::size_t closed = part.first_from(now_ms - std::max<std::int64_t>(params.step_ms, 0) + 1);
        if (closed < part.rows()) {
            return fail(Errc::malformed, csv.string() + " line " + std::to_string(reader.lines()[closed]) +
                                             " is of " + format_time(part.times_ms[closed]) +
                                             ", which is not over yet: only closed bars are kept; remove it");
        }
        rows += part.rows();
        VT_TRY(const StoreReport compared, writer.compare(part));
        if (compared.conflicting > 0 && on_conflict == OnConflict::refuse)
            return conflict(csv, reader.lines()[compared.first_conflict_row], compared.first_conflict);
    }
}

}  // namespace

Result<ImportReport> import_csv(const std::filesystem::path& csv, const CsvParams& params, SeriesWriter& writer,
                                OnConflict on_conflict, std::int64_t now_ms) {
    ImportReport report;
    VT_TRY(report.rows, check_csv(csv, params, writer, on_conflict, now_ms));
    if (report.rows == 0) return fail(Errc::malformed, csv.string() + " holds no rows");
    VT_TRY(CsvReader reader, CsvReader::open(csv, params));
    TimeRange range;
    for (;;) {
        VT_TRY(const Table part, reader.next(kMaxBlockRows));
        if (part.empty()) break;
        if (range.empty()) range.from_ms = part.times_ms.front();
        range.to_ms = part.times_ms.back() + std::max<std::int64_t>(params.step_ms, 1);
        VT_TRY(const StoreReport stored, writer.store(part, {}, Source::import, on_conflict));
        report.stored += stored;
    }
    report.repeated = reader.repeated();
    report.gaps.range = range;
    if (params.step_ms > 0) {
        VT_TRY(report.gaps, find_gaps(writer.stored(), range));
    }
    return report;
}

}  // namespace vt::history
