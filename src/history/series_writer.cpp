#include "history/series_writer.hpp"

#include "base/assert.hpp"
#include "history/column_codec.hpp"

#include <algorithm>
#include <utility>

namespace vt::history {
namespace {

std::string value_text(const Column& column, std::size_t row) {
    const std::optional<Decimal> value = column.at(row);
    return value ? value->to_string() : "nothing";
}

/// "2026-01-01 00:00:00: close 5 is stored, 6 came"
std::string difference(const Table& stored, std::size_t stored_row, const Table& rows, std::size_t row) {
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        if (stored.columns[i].at(stored_row) == rows.columns[i].at(row)) continue;
        return format_time(rows.times_ms[row]) + ": " + std::string(columns_of(rows.kind)[i]) + " " +
               value_text(stored.columns[i], stored_row) + " is stored, " + value_text(rows.columns[i], row) +
               " came";
    }
    return {};
}

void append_block(const Table& rows, TimeRange covered, Source source, std::string_view plain,
                  storage::Compressor& compressor, std::string& out) {
    std::string payload;
    if (!plain.empty()) compressor.compress(plain, payload);
    encode_block_header({.source = source,
                         .rows = static_cast<std::uint32_t>(rows.rows()),
                         .stored_bytes = static_cast<std::uint32_t>(payload.size()),
                         .plain_bytes = static_cast<std::uint32_t>(plain.size()),
                         .first_ms = rows.empty() ? 0 : rows.times_ms.front(),
                         .last_ms = rows.empty() ? 0 : rows.times_ms.back(),
                         .covered = covered,
                         .payload_hash = checksum(payload)},
                        out);
    out += payload;
}

}  // namespace

StoreReport& StoreReport::operator+=(const StoreReport& other) {
    added += other.added;
    equal += other.equal;
    conflicting += other.conflicting;
    if (first_conflict.empty()) first_conflict = other.first_conflict;
    return *this;
}

void append_blocks(const Table& rows, TimeRange covered, Source source, std::int64_t step_ms,
                   storage::Compressor& compressor, std::string& out) {
    VT_ASSERT(rows.ascends());
    VT_ASSERT(!rows.empty() || !covered.empty());
    if (rows.empty()) {
        append_block(rows, covered, source, {}, compressor, out);
        return;
    }
    std::size_t first = 0;
    std::size_t count = kMaxBlockRows;
    while (first < rows.rows()) {
        count = std::min(count, rows.rows() - first);
        Table part(rows.kind);
        part.append(rows, first, count);
        const std::optional<std::string> plain = encode_columns(part, step_ms);
        if (!plain) {  // one row always fits: each column has a scale of its own then
            VT_ASSERT(count > 1);
            count /= 2;
            continue;
        }
        first += count;
        append_block(part, first == rows.rows() ? covered : TimeRange{}, source, *plain, compressor, out);
        count = kMaxBlockRows;
    }
}

struct SeriesWriter::Sorted {
    Table rows;  // what is to be written
    StoreReport report;
};

SeriesWriter::SeriesWriter(storage::AppendFile file, SeriesReader reader)
    : file_(std::move(file)), reader_(std::move(reader)), compressor_(kCompressionLevel) {}

Result<SeriesWriter> SeriesWriter::open(const std::filesystem::path& directory, const FileHeader& header) {
    if (Result<void> checked = check(header.series); !checked)
        return tl::unexpected<Error>(std::move(checked.error()));
    const std::filesystem::path path = directory / header.series.file();
    VT_TRY(storage::AppendFile file, storage::AppendFile::open(path));
    const std::string start = encode_file_header(header);
    std::uint64_t cut = 0;
    // A crash while the file was made left a part of its header, and nothing else.
    if (file.size() < start.size()) {
        VT_TRY(const storage::InputFile begun, storage::InputFile::open(path));
        std::string bytes;
        if (Result<void> read = begun.read(0, start.size(), bytes); !read)
            return tl::unexpected<Error>(std::move(read.error()));
        if (bytes.empty() || start.starts_with(bytes)) {
            cut = file.size();
            Result<void> made = file.cut_to(0);
            if (made) made = file.append(start);
            if (!made) return tl::unexpected<Error>(std::move(made.error()));
        }
    }
    VT_TRY(SeriesReader reader, SeriesReader::open(path));
    if (reader.header().series != header.series) {
        return fail(Errc::corrupt, path.string() + " holds " + reader.header().series.title() +
                                       "; move it to where its name belongs");
    }
    const std::span<const Damage> damages = reader.damages();
    if (!damages.empty() && damages.back().is_tail) {
        cut = damages.back().bytes;
        if (Result<void> shortened = file.cut_to(reader.end_of_blocks()); !shortened)
            return tl::unexpected<Error>(std::move(shortened.error()));
        VT_TRY(reader, SeriesReader::open(path));
    }
    if (Result<void> checked = reader.check_payloads(); !checked)
        return tl::unexpected<Error>(std::move(checked.error()));
    SeriesWriter writer(std::move(file), std::move(reader));
    writer.cut_bytes_ = cut;
    return writer;
}

Result<SeriesWriter::Sorted> SeriesWriter::sort_out(const Table& rows, OnConflict on_conflict) {
    Sorted sorted{.rows = Table(rows.kind), .report = {}};
    if (rows.empty()) return sorted;
    VT_TRY(const Table stored, reader_.read({rows.times_ms.front(), rows.times_ms.back() + 1}));
    if (stored.empty()) {
        sorted.rows = rows;
        sorted.report.added = rows.rows();
        return sorted;
    }
    std::size_t at = 0;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        while (at < stored.rows() && stored.times_ms[at] < rows.times_ms[row]) ++at;
        const bool is_stored = at < stored.rows() && stored.times_ms[at] == rows.times_ms[row];
        const bool is_equal = is_stored && same_values(stored, at, rows, row);
        if (is_equal) ++sorted.report.equal;
        if (is_stored && !is_equal) {
            ++sorted.report.conflicting;
            if (sorted.report.first_conflict.empty()) {
                sorted.report.first_conflict_row = row;
                sorted.report.first_conflict = difference(stored, at, rows, row);
            }
        }
        if (!is_stored) ++sorted.report.added;
        if (!is_stored || (!is_equal && on_conflict == OnConflict::replace)) sorted.rows.append(rows, row, 1);
    }
    return sorted;
}

Result<StoreReport> SeriesWriter::compare(const Table& rows) {
    VT_TRY(const Sorted sorted, sort_out(rows, OnConflict::keep));
    return sorted.report;
}

Result<StoreReport> SeriesWriter::store(const Table& rows, TimeRange covered, Source source, OnConflict on_conflict) {
    VT_ASSERT(rows.kind == reader_.header().series.kind && rows.ascends());
    VT_TRY(Sorted sorted, sort_out(rows, on_conflict));
    if (sorted.report.conflicting > 0 && on_conflict == OnConflict::refuse) {
        return fail(Errc::refused, std::to_string(sorted.report.conflicting) + " of " + std::to_string(rows.rows()) +
                                       " rows say something else than what is stored, the first at " +
                                       sorted.report.first_conflict);
    }
    if (sorted.rows.empty() && (covered.empty() || contains(reader_.covered(), covered))) return sorted.report;
    std::string bytes;
    append_blocks(sorted.rows, covered, source, reader_.header().series.step_ms, compressor_, bytes);
    if (Result<void> appended = file_.append(bytes); !appended)
        return tl::unexpected<Error>(std::move(appended.error()));
    if (Result<void> seen = reader_.refresh(); !seen) return tl::unexpected<Error>(std::move(seen.error()));
    return sorted.report;
}

}  // namespace vt::history
