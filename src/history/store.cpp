#include "history/store.hpp"

#include "storage/output_file.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace vt::history {
namespace {

/// The whole file that holds `rows` and what of `covered` is not before `from_ms`.
std::string file_of(const FileHeader& header, const Table& rows, const Ranges& covered, std::int64_t from_ms) {
    std::string bytes = encode_file_header(header);
    storage::Compressor compressor(kCompressionLevel);
    if (!rows.empty()) append_blocks(rows, {}, Source::rewritten, header.series.step_ms, compressor, bytes);
    const Table none(header.series.kind);
    for (TimeRange range : covered) {
        range.from_ms = std::max(range.from_ms, from_ms);
        if (!range.empty()) append_blocks(none, range, Source::rewritten, header.series.step_ms, compressor, bytes);
    }
    return bytes;
}

Table last_rows(const Table& rows, std::size_t count) {
    Table out(rows.kind);
    out.append(rows, rows.rows() - count, count);
    return out;
}

}  // namespace

bool Selection::matches(const Series& series) const {
    const auto has = [](const auto& wanted, const auto& one) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), one) != wanted.end();
    };
    return (!venue || *venue == series.venue) && (!category || *category == series.category) &&
           (!step_ms || *step_ms == series.step_ms) && has(kinds, series.kind) && has(symbols, series.symbol);
}

Result<std::vector<StoredSeries>> list(const std::filesystem::path& directory, const Selection& selection) {
    std::vector<std::filesystem::path> paths;
    std::error_code failed;
    if (!std::filesystem::exists(directory, failed)) return std::vector<StoredSeries>{};
    std::filesystem::recursive_directory_iterator walk(directory, failed);
    for (; !failed && walk != std::filesystem::recursive_directory_iterator(); walk.increment(failed)) {
        if (walk->path().extension() == ".vth") paths.push_back(walk->path());
    }
    if (failed) return fail(Errc::io, "cannot list " + directory.string() + ": " + failed.message());
    std::sort(paths.begin(), paths.end());
    std::vector<StoredSeries> found;
    for (std::filesystem::path& path : paths) {
        Result<SeriesReader> reader = SeriesReader::open(path);
        if (!reader) {
            found.push_back({std::move(path), std::nullopt, reader.error().what});
        } else if (selection.matches(reader->header().series)) {
            found.push_back({std::move(path), std::move(*reader), {}});
        }
    }
    return found;
}

Result<VerifyReport> verify(SeriesReader& reader) {
    VerifyReport report;
    report.blocks = reader.blocks().size();
    VT_TRY(const Table rows, reader.read_all());
    report.rows = rows.rows();
    report.damages.assign(reader.damages().begin(), reader.damages().end());
    return report;
}

Result<PruneReport> prune(const std::filesystem::path& path, const PruneParams& params) {
    VT_TRY(const storage::AppendFile lock, storage::AppendFile::open(path));
    VT_TRY(SeriesReader reader, SeriesReader::open(path));
    PruneReport report{.bytes_before = reader.size()};
    VT_TRY(const Table all, reader.read_all());
    report.rows_before = all.rows();
    for (const Damage& damage : reader.damages()) report.damaged_bytes += damage.bytes;
    const Ranges covered = reader.covered();
    std::size_t count = all.rows() - all.first_from(params.keep_from_ms);
    std::int64_t from_ms = params.keep_from_ms;
    std::string bytes = file_of(reader.header(), last_rows(all, count), covered, from_ms);
    while (params.bytes_max > 0 && bytes.size() > params.bytes_max && count > 0) {
        // In proportion, a little more, and at least one: it is compared again with what it really takes.
        const double share = static_cast<double>(params.bytes_max) / static_cast<double>(bytes.size());
        count = std::min(count - 1, static_cast<std::size_t>(static_cast<double>(count) * share * 0.99));
        from_ms = count == 0 ? all.times_ms.back() + 1 : all.times_ms[all.rows() - count];
        bytes = file_of(reader.header(), last_rows(all, count), covered, from_ms);
    }
    report.rows_after = count;
    report.bytes_after = bytes.size();
    if (bytes.size() >= reader.size() && count == all.rows() && report.damaged_bytes == 0) {
        report.bytes_after = reader.size();  // nothing to gain
        return report;
    }
    if (params.is_dry_run) return report;
    std::filesystem::path beside = path;
    beside += ".new";
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);  // of a run that was killed
    VT_TRY(storage::OutputFile out, storage::OutputFile::create(beside));
    Result<void> made = out.append(bytes);
    if (made) made = out.sync();
    if (made) made = out.rename(path);
    if (!made) {
        std::filesystem::remove(beside, ignored);
        return tl::unexpected<Error>(std::move(made.error()));
    }
    return report;
}

}  // namespace vt::history
