#include "history/series_reader.hpp"

#include "history/column_codec.hpp"

#include <algorithm>
#include <utility>

namespace vt::history {
namespace {

constexpr std::size_t kSearchBytes = std::size_t{1} << 20U;

TimeRange rows_of(const BlockHeader& header) {
    return header.rows == 0 ? TimeRange{} : TimeRange{header.first_ms, header.last_ms + 1};
}

/// Both ascending; `late` wins where both have a time.
Table merged(const Table& early, const Table& late) {
    Table out(early.kind);
    out.reserve(early.rows() + late.rows());
    std::size_t next = 0;
    std::size_t at = 0;
    while (at < late.rows()) {
        const std::size_t before = early.first_from(late.times_ms[at]);
        out.append(early, next, before - next);
        next = before;
        if (next < early.rows() && early.times_ms[next] == late.times_ms[at]) ++next;
        // As many of the later rows as come before the next earlier one go over in one piece.
        std::size_t until = at + 1;
        if (next >= early.rows()) until = late.rows();
        while (until < late.rows() && late.times_ms[until] < early.times_ms[next]) ++until;
        out.append(late, at, until - at);
        at = until;
    }
    out.append(early, next, early.rows() - next);
    return out;
}

/// The rows of one block, and its place in the file among the blocks read.
struct Part {
    Table rows;
    std::size_t place = 0;
};

/// All parts as one ascending table. Blocks mostly do not overlap, in whatever order they were fetched: then each row
/// is copied once.
Table joined(std::vector<Part> parts, Kind kind) {
    std::size_t total = 0;
    for (const Part& part : parts) total += part.rows.rows();
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        return std::pair(a.rows.times_ms.front(), a.place) < std::pair(b.rows.times_ms.front(), b.place);
    });
    Table all(kind);
    all.reserve(total);
    for (std::size_t first = 0; first < parts.size();) {
        std::int64_t last_ms = parts[first].rows.times_ms.back();
        std::size_t behind = first + 1;
        for (; behind < parts.size() && parts[behind].rows.times_ms.front() <= last_ms; ++behind)
            last_ms = std::max(last_ms, parts[behind].rows.times_ms.back());
        const auto begin = parts.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = parts.begin() + static_cast<std::ptrdiff_t>(behind);
        std::sort(begin, end, [](const Part& a, const Part& b) { return a.place < b.place; });
        Table cluster = std::move(begin->rows);
        for (auto part = begin + 1; part != end; ++part) cluster = merged(cluster, part->rows);
        all.append(cluster, 0, cluster.rows());
        first = behind;
    }
    return all;
}

}  // namespace

Result<SeriesReader> SeriesReader::open(const std::filesystem::path& path) {
    VT_TRY(storage::InputFile file, storage::InputFile::open(path));
    return start(std::move(file));
}

Result<SeriesReader> SeriesReader::open_memory(std::string_view bytes, std::string name) {
    return start(storage::InputFile::memory(bytes, std::move(name)));
}

Result<SeriesReader> SeriesReader::start(storage::InputFile file) {
    SeriesReader reader(std::move(file));
    std::string bytes;
    if (Result<void> read = reader.file_.read(0, kMaxHeaderBytes + 64, bytes); !read)
        return tl::unexpected<Error>(std::move(read.error()));
    Result<DecodedFileHeader> decoded = decode_file_header(bytes);
    if (!decoded) return fail(decoded.error().code, reader.name() + ": " + decoded.error().what);
    reader.header_ = std::move(decoded->header);
    if (Result<void> indexed = reader.index(decoded->size); !indexed)
        return tl::unexpected<Error>(std::move(indexed.error()));
    return reader;
}

Result<void> SeriesReader::index(std::uint64_t offset) {
    std::string bytes;
    end_ = offset;
    while (offset < file_.size()) {
        if (Result<void> read = file_.read(offset, kBlockHeaderBytes, bytes); !read) return read;
        const std::optional<BlockHeader> header = decode_block_header(bytes);
        const std::uint64_t behind = header ? offset + kBlockHeaderBytes + header->stored_bytes : 0;
        if (header && behind <= file_.size()) {
            blocks_.push_back({*header, offset});
            offset = end_ = behind;
            continue;
        }
        const std::uint64_t search_from = offset + (header ? kBlockHeaderBytes : 1);
        VT_TRY(const std::uint64_t next, find_block(search_from));
        const bool is_tail = next >= file_.size() && (header || bytes.size() < kBlockHeaderBytes);
        damages_.push_back({.offset = offset,
                            .bytes = next - offset,
                            .what = is_tail ? "the last append was cut off" : "no block whose checksum holds",
                            .lost = header ? rows_of(*header) : TimeRange{},
                            .is_tail = is_tail});
        offset = next;
        if (!is_tail) end_ = offset;
    }
    return {};
}

/// The place of the next intact block header at or behind `offset`; the size of the file where there is none.
Result<std::uint64_t> SeriesReader::find_block(std::uint64_t offset) {
    std::string bytes;
    std::string header;
    while (offset < file_.size()) {
        if (Result<void> read = file_.read(offset, kSearchBytes, bytes); !read)
            return tl::unexpected<Error>(std::move(read.error()));
        std::size_t at = 0;
        while ((at = bytes.find(kBlockMagic, at)) != std::string::npos) {
            if (Result<void> read = file_.read(offset + at, kBlockHeaderBytes, header); !read)
                return tl::unexpected<Error>(std::move(read.error()));
            if (decode_block_header(header)) return offset + at;
            ++at;
        }
        if (bytes.size() < kSearchBytes) break;
        offset += kSearchBytes - (kBlockMagic.size() - 1);
    }
    return file_.size();
}

Result<void> SeriesReader::read_payload(const StoredBlock& block) {
    if (Result<void> read = file_.read(block.offset + kBlockHeaderBytes, block.header.stored_bytes, payload_); !read)
        return read;
    if (payload_.size() != block.header.stored_bytes || checksum(payload_) != block.header.payload_hash)
        return fail(Errc::corrupt, "a block's payload fails its checksum");
    return {};
}

Result<Table> SeriesReader::read_block(const StoredBlock& block) {
    if (block.header.rows == 0) return Table(header_.series.kind);
    if (Result<void> read = read_payload(block); !read) return tl::unexpected<Error>(std::move(read.error()));
    if (Result<void> plain = decompressor_.decompress(payload_, block.header.plain_bytes, plain_); !plain)
        return tl::unexpected<Error>(std::move(plain.error()));
    VT_TRY(Table table,
           decode_columns(
               plain_, header_.series.kind,
               {.rows = block.header.rows, .first_ms = block.header.first_ms, .step_ms = header_.series.step_ms}));
    if (table.times_ms.back() != block.header.last_ms)
        return fail(Errc::corrupt, "a block's last time is not the one its header tells");
    return table;
}

void SeriesReader::drop(std::size_t block, std::string what) {
    const StoredBlock& lost = blocks_[block];
    damages_.push_back({.offset = lost.offset,
                        .bytes = kBlockHeaderBytes + lost.header.stored_bytes,
                        .what = std::move(what),
                        .lost = rows_of(lost.header)});
    blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(block));
}

Result<Table> SeriesReader::read(TimeRange range) {
    std::vector<Part> parts;
    for (std::size_t i = 0; i < blocks_.size();) {
        const TimeRange rows = rows_of(blocks_[i].header);
        if (rows.empty() || rows.from_ms >= range.to_ms || rows.to_ms <= range.from_ms) {
            ++i;
            continue;
        }
        Result<Table> part = read_block(blocks_[i]);
        if (!part && part.error().code != Errc::corrupt) return part;
        if (!part) {
            drop(i, part.error().what);
            continue;
        }
        ++i;
        const std::size_t first = part->first_from(range.from_ms);
        const std::size_t last = part->first_from(range.to_ms);
        Table wanted(header_.series.kind);
        wanted.append(*part, first, last - first);
        if (!wanted.empty()) parts.push_back({std::move(wanted), parts.size()});
    }
    return joined(std::move(parts), header_.series.kind);
}

Result<Table> SeriesReader::read_all() { return read({0, INT64_MAX}); }

Result<void> SeriesReader::check_payloads() {
    for (std::size_t i = 0; i < blocks_.size();) {
        Result<void> read = blocks_[i].header.rows > 0 ? read_payload(blocks_[i]) : Result<void>{};
        if (!read && read.error().code != Errc::corrupt) return read;
        if (read) {
            ++i;
        } else {
            drop(i, read.error().what);
        }
    }
    return {};
}

Result<std::uint64_t> SeriesReader::count_rows() {
    if (Result<void> checked = check_payloads(); !checked) return tl::unexpected<Error>(std::move(checked.error()));
    std::vector<TimeRange> spans;
    std::uint64_t rows = 0;
    for (const StoredBlock& block : blocks_) {
        if (block.header.rows > 0) spans.push_back(rows_of(block.header));
        rows += block.header.rows;
    }
    std::sort(spans.begin(), spans.end(),
              [](const TimeRange& a, const TimeRange& b) { return a.from_ms < b.from_ms; });
    const bool may_repeat =
        std::adjacent_find(spans.begin(), spans.end(),
                           [](const TimeRange& a, const TimeRange& b) { return b.from_ms < a.to_ms; }) != spans.end();
    if (!may_repeat) return rows;
    VT_TRY(const Table all, read_all());
    return all.rows();
}

Result<void> SeriesReader::refresh() {
    VT_TRY(file_, storage::InputFile::open(file_.name()));
    return index(end_);
}

Ranges SeriesReader::covered() const {
    Ranges ranges;
    for (const StoredBlock& block : blocks_) add(ranges, block.header.covered);
    return ranges;
}

std::optional<TimeRange> SeriesReader::extent() const {
    std::optional<TimeRange> extent;
    for (const StoredBlock& block : blocks_) {
        if (block.header.rows == 0) continue;
        if (!extent) extent = rows_of(block.header);
        extent->from_ms = std::min(extent->from_ms, block.header.first_ms);
        extent->to_ms = std::max(extent->to_ms, block.header.last_ms + 1);
    }
    return extent;
}

}  // namespace vt::history
