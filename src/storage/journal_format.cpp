#include "storage/journal_format.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"

#include <xxhash.h>

#include <array>
#include <charconv>

namespace vt::storage {
namespace {

constexpr std::string_view kFileMagic = "VTJOURN\n";
constexpr std::size_t kFixedHeaderBytes = 40;
constexpr std::size_t kHashBytes = 8;

void append_entry(std::string& out, std::string_view name, std::string_view text) {
    append_text<std::uint32_t>(out, name);
    append_text<std::uint32_t>(out, text);
}

/// Names that a later program wrote and this one does not know are passed over.
void take_entry(std::string_view name, std::string_view text, JournalHeader& header) {
    if (name == "program") header.program = text;
    if (name == "configuration") header.configuration = text;
    if (name == "venues") header.venues = text;
    if (name == "origin") header.origin = text;
}

/// Whether a writer could have meant it; readers may rely on it.
bool is_plausible(const BlockHeader& header) {
    if (header.plain_bytes > kMaxBlockBytes || header.stored_bytes > 2 * kMaxBlockBytes) return false;
    if (header.first_sequence == 0 || header.last_sequence == UINT64_MAX) return false;
    const std::uint64_t covered = header.last_sequence - header.first_sequence + 1;
    switch (header.kind) {
        case BlockKind::events: return header.count > 0 && covered == header.count;
        case BlockKind::lost: return header.count == 0 && header.last_sequence >= header.first_sequence;
        case BlockKind::end_of_segment:
        case BlockKind::end_of_run: return header.count == 0 && covered == 0 && header.stored_bytes == 0;
    }
    return false;
}

template <class T>
bool read_number(std::string_view text, int base, T& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::uint64_t journal_hash(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string encode_header(const JournalHeader& header) {
    std::string entries;
    append_entry(entries, "program", header.program);
    append_entry(entries, "venues", header.venues);
    append_entry(entries, "origin", header.origin);
    append_entry(entries, "configuration", header.configuration);
    VT_ASSERT(entries.size() <= kMaxHeaderBytes);
    std::string out(kFileMagic);
    append_little_endian(out, kJournalVersion);
    append_little_endian(out, static_cast<std::uint32_t>(entries.size()));
    append_little_endian(out, header.run_id);
    append_little_endian(out, header.segment);
    append_little_endian(out, std::uint32_t{0});
    append_little_endian(out, to_ns(header.created_at));
    out += entries;
    append_little_endian(out, journal_hash(out));
    return out;
}

Result<DecodedHeader> decode_header(std::string_view bytes) {
    if (bytes.substr(0, kFileMagic.size()) != kFileMagic) {
        return fail(Errc::malformed, "it does not start like a journal");
    }
    ByteReader in(bytes.substr(kFileMagic.size()));
    const auto version = in.integer<std::uint32_t>();
    const auto entries_bytes = in.integer<std::uint32_t>();
    if (in.is_intact() && version != kJournalVersion) {
        return fail(Errc::unsupported, "its format is version " + std::to_string(version) + ", this program reads " +
                                           std::to_string(kJournalVersion));
    }
    DecodedHeader result;
    result.header.run_id = in.integer<std::uint64_t>();
    result.header.segment = in.integer<std::uint32_t>();
    (void)in.integer<std::uint32_t>();
    result.header.created_at = from_ns(in.integer<std::int64_t>());
    const std::size_t hashed_bytes = kFixedHeaderBytes + entries_bytes;
    if (!in.is_intact() || entries_bytes > kMaxHeaderBytes || bytes.size() < hashed_bytes + kHashBytes) {
        return fail(Errc::corrupt, "its header is cut short");
    }
    ByteReader entries(in.bytes(entries_bytes));
    if (in.integer<std::uint64_t>() != journal_hash(bytes.substr(0, hashed_bytes))) {
        return fail(Errc::corrupt, "its header fails its checksum");
    }
    while (entries.is_intact() && entries.remaining() > 0) {
        const std::string_view name = entries.text<std::uint32_t>();
        take_entry(name, entries.text<std::uint32_t>(), result.header);
    }
    if (!entries.is_intact()) return fail(Errc::malformed, "its header's texts do not fill their room");
    result.size = hashed_bytes + kHashBytes;
    return result;
}

void encode_block_header(const BlockHeader& header, std::string& out) {
    const std::size_t start = out.size();
    out += kBlockMagic;
    append_little_endian(out, static_cast<std::uint16_t>(header.kind));
    append_little_endian(out, std::uint16_t{0});
    append_little_endian(out, header.count);
    append_little_endian(out, header.stored_bytes);
    append_little_endian(out, header.plain_bytes);
    append_little_endian(out, header.first_sequence);
    append_little_endian(out, header.last_sequence);
    append_little_endian(out, to_ns(header.first_at));
    append_little_endian(out, to_ns(header.last_at));
    append_little_endian(out, header.payload_hash);
    append_little_endian(out, journal_hash(std::string_view(out).substr(start)));
    VT_ASSERT(out.size() - start == kBlockHeaderBytes);
}

std::optional<BlockHeader> decode_block_header(std::string_view bytes) {
    if (bytes.size() < kBlockHeaderBytes || bytes.substr(0, kBlockMagic.size()) != kBlockMagic) return std::nullopt;
    ByteReader in(bytes.substr(kBlockMagic.size(), kBlockHeaderBytes - kBlockMagic.size()));
    const auto kind = in.integer<std::uint16_t>();
    (void)in.integer<std::uint16_t>();
    BlockHeader header;
    header.count = in.integer<std::uint32_t>();
    header.stored_bytes = in.integer<std::uint32_t>();
    header.plain_bytes = in.integer<std::uint32_t>();
    header.first_sequence = in.integer<std::uint64_t>();
    header.last_sequence = in.integer<std::uint64_t>();
    header.first_at = from_ns(in.integer<std::int64_t>());
    header.last_at = from_ns(in.integer<std::int64_t>());
    header.payload_hash = in.integer<std::uint64_t>();
    const std::string_view hashed = bytes.substr(0, kBlockHeaderBytes - kHashBytes);
    if (in.integer<std::uint64_t>() != journal_hash(hashed)) return std::nullopt;
    if (kind < static_cast<std::uint16_t>(BlockKind::events) ||
        kind > static_cast<std::uint16_t>(BlockKind::end_of_run)) {
        return std::nullopt;
    }
    header.kind = static_cast<BlockKind>(kind);
    if (!is_plausible(header)) return std::nullopt;
    return header;
}

std::string segment_name(std::uint64_t run_id, std::uint32_t segment) {
    std::array<char, 16> hex{};
    hex.fill('0');
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), run_id, 16).ptr;
    std::copy_backward(digits.data(), end, hex.end());
    std::string number = std::to_string(segment);
    if (number.size() < 4) number.insert(0, 4 - number.size(), '0');
    return "run-" + std::string(hex.data(), hex.size()) + "-" + number + ".vtj";
}

std::optional<SegmentName> parse_segment_name(std::string_view file_name) {
    constexpr std::string_view kPrefix = "run-";
    constexpr std::string_view kSuffix = ".vtj";
    constexpr std::size_t kRunDigits = 16;
    if (!file_name.starts_with(kPrefix) || !file_name.ends_with(kSuffix)) return std::nullopt;
    if (file_name.size() < kPrefix.size() + kRunDigits + 2 + kSuffix.size()) return std::nullopt;
    const std::string_view run = file_name.substr(kPrefix.size(), kRunDigits);
    std::string_view number = file_name.substr(kPrefix.size() + kRunDigits);
    number.remove_suffix(kSuffix.size());
    SegmentName name;
    if (number.front() != '-' || !read_number(run, 16, name.run_id) ||
        !read_number(number.substr(1), 10, name.segment)) {
        return std::nullopt;
    }
    return name;
}

}  // namespace vt::storage
