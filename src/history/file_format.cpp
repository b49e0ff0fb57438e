#include "history/file_format.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"

#include <xxhash.h>

namespace vt::history {
namespace {

constexpr std::string_view kFileMagic = "VTHISTO\n";
constexpr std::size_t kFixedHeaderBytes = 24;
constexpr std::size_t kHashBytes = 8;

void append_entry(std::string& out, std::string_view name, std::string_view text) {
    append_text<std::uint32_t>(out, name);
    append_text<std::uint32_t>(out, text);
}

std::string joined_columns(Kind kind) {
    std::string text;
    for (const std::string_view column : columns_of(kind)) {
        if (!text.empty()) text += ',';
        text += column;
    }
    return text;
}

/// What the header's texts say, before it is checked as a whole.
struct Texts {
    std::string venue, category, symbol, kind, columns, tick_size, lot_size, program;
};

void take_entry(std::string_view name, std::string_view text, Texts& texts) {
    if (name == "venue") texts.venue = text;
    if (name == "category") texts.category = text;
    if (name == "symbol") texts.symbol = text;
    if (name == "kind") texts.kind = text;
    if (name == "columns") texts.columns = text;
    if (name == "tick_size") texts.tick_size = text;
    if (name == "lot_size") texts.lot_size = text;
    if (name == "program") texts.program = text;
}

Result<FileHeader> header_of(const Texts& texts, std::int64_t step_ms) {
    const auto venue = parse_venue(texts.venue);
    const auto category = parse_category(texts.category);
    const auto kind = parse_kind(texts.kind);
    if (!venue || !category || !kind) {
        return fail(Errc::unsupported, "it holds " + texts.venue + " " + texts.category + " " + texts.kind +
                                           ", which this program does not know");
    }
    FileHeader header{
        .series = {.venue = *venue, .category = *category, .symbol = texts.symbol, .kind = *kind, .step_ms = step_ms},
        .program = texts.program};
    if (!check(header.series)) return fail(Errc::unsupported, "its symbol or step is none that this program writes");
    if (texts.columns != joined_columns(*kind)) {
        return fail(Errc::unsupported,
                    "its columns are " + texts.columns + ", this program reads " + joined_columns(*kind));
    }
    if (const auto tick = parse_decimal(texts.tick_size)) header.tick_size = *tick;
    if (const auto lot = parse_decimal(texts.lot_size)) header.lot_size = *lot;
    return header;
}

/// Whether a writer could have meant it; readers may rely on it.
bool is_plausible(const BlockHeader& header) {
    if (header.source < Source::venue || header.source > Source::rewritten) return false;
    if (header.rows > kMaxBlockRows || header.plain_bytes > kMaxPayloadBytes) return false;
    if (header.stored_bytes > kMaxPayloadBytes || header.covered.to_ms < header.covered.from_ms) return false;
    if (header.rows == 0) {
        return !header.covered.empty() && header.stored_bytes == 0 && header.plain_bytes == 0 &&
               header.first_ms == 0 && header.last_ms == 0;
    }
    const bool is_order_right =
        header.rows == 1 ? header.last_ms == header.first_ms : header.last_ms > header.first_ms;
    constexpr std::int64_t kLast = 9'000'000'000'000;
    return is_order_right && header.first_ms >= 0 && header.last_ms <= kLast;
}

}  // namespace

std::string_view name(Source source) {
    switch (source) {
        case Source::venue: return "venue";
        case Source::import: return "import";
        case Source::rewritten: return "rewritten";
    }
    return "unknown";
}

std::uint64_t checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string encode_file_header(const FileHeader& header) {
    std::string entries;
    append_entry(entries, "venue", market::name(header.series.venue));
    append_entry(entries, "category", market::name(header.series.category));
    append_entry(entries, "symbol", header.series.symbol);
    append_entry(entries, "kind", name(header.series.kind));
    append_entry(entries, "columns", joined_columns(header.series.kind));
    if (header.tick_size) append_entry(entries, "tick_size", header.tick_size->to_string());
    if (header.lot_size) append_entry(entries, "lot_size", header.lot_size->to_string());
    append_entry(entries, "program", header.program);
    VT_ASSERT(entries.size() <= kMaxHeaderBytes);
    std::string out(kFileMagic);
    append_little_endian(out, kFileVersion);
    append_little_endian(out, static_cast<std::uint32_t>(entries.size()));
    append_little_endian(out, header.series.step_ms);
    out += entries;
    append_little_endian(out, checksum(out));
    return out;
}

Result<DecodedFileHeader> decode_file_header(std::string_view bytes) {
    if (bytes.substr(0, kFileMagic.size()) != kFileMagic) {
        return fail(Errc::malformed, "it does not start like a history file");
    }
    ByteReader in(bytes.substr(kFileMagic.size()));
    const auto version = in.integer<std::uint32_t>();
    const auto entries_bytes = in.integer<std::uint32_t>();
    const auto step_ms = in.integer<std::int64_t>();
    const std::size_t hashed_bytes = kFixedHeaderBytes + entries_bytes;
    if (!in.is_intact() || (version == kFileVersion && bytes.size() < hashed_bytes + kHashBytes)) {
        return fail(Errc::corrupt, "its header is cut short or changed");
    }
    if (version != kFileVersion) {
        return fail(Errc::unsupported, "its format is version " + std::to_string(version) + ", this program reads " +
                                           std::to_string(kFileVersion));
    }
    ByteReader entries(in.bytes(entries_bytes));
    if (in.integer<std::uint64_t>() != checksum(bytes.substr(0, hashed_bytes))) {
        return fail(Errc::corrupt, "its header fails its checksum");
    }
    Texts texts;
    while (entries.is_intact() && entries.remaining() > 0) {
        const std::string_view name = entries.text<std::uint32_t>();
        take_entry(name, entries.text<std::uint32_t>(), texts);
    }
    if (!entries.is_intact()) return fail(Errc::malformed, "its header's texts do not fill their room");
    VT_TRY(FileHeader header, header_of(texts, step_ms));
    return DecodedFileHeader{std::move(header), hashed_bytes + kHashBytes};
}

void encode_block_header(const BlockHeader& header, std::string& out) {
    VT_ASSERT(is_plausible(header));
    const std::size_t start = out.size();
    out += kBlockMagic;
    append_little_endian(out, static_cast<std::uint16_t>(header.source));
    append_little_endian(out, std::uint16_t{0});
    append_little_endian(out, header.rows);
    append_little_endian(out, header.stored_bytes);
    append_little_endian(out, header.plain_bytes);
    append_little_endian(out, header.first_ms);
    append_little_endian(out, header.last_ms);
    append_little_endian(out, header.covered.from_ms);
    append_little_endian(out, header.covered.to_ms);
    append_little_endian(out, header.payload_hash);
    append_little_endian(out, checksum(std::string_view(out).substr(start)));
    VT_ASSERT(out.size() - start == kBlockHeaderBytes);
}

std::optional<BlockHeader> decode_block_header(std::string_view bytes) {
    if (bytes.size() < kBlockHeaderBytes || bytes.substr(0, kBlockMagic.size()) != kBlockMagic) return std::nullopt;
    ByteReader in(bytes.substr(kBlockMagic.size(), kBlockHeaderBytes - kBlockMagic.size()));
    BlockHeader header;
    const auto source = in.integer<std::uint16_t>();
    const auto reserved = in.integer<std::uint16_t>();
    header.rows = in.integer<std::uint32_t>();
    header.stored_bytes = in.integer<std::uint32_t>();
    header.plain_bytes = in.integer<std::uint32_t>();
    header.first_ms = in.integer<std::int64_t>();
    header.last_ms = in.integer<std::int64_t>();
    header.covered.from_ms = in.integer<std::int64_t>();
    header.covered.to_ms = in.integer<std::int64_t>();
    header.payload_hash = in.integer<std::uint64_t>();
    if (in.integer<std::uint64_t>() != checksum(bytes.substr(0, kBlockHeaderBytes - kHashBytes))) return std::nullopt;
    if (source > static_cast<std::uint16_t>(Source::rewritten) || reserved != 0) return std::nullopt;
    header.source = static_cast<Source>(source);
    if (!is_plausible(header)) return std::nullopt;
    return header;
}

}  // namespace vt::history
