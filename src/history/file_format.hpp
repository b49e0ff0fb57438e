#pragma once

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "history/series.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::history {

// The bytes of a history file: docs/formats/history.md says the same in words, complete for a stranger.

inline constexpr std::uint32_t kFileVersion = 1;
inline constexpr std::string_view kBlockMagic = "VTHBLCK\n";
inline constexpr std::size_t kBlockHeaderBytes = 72;
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{64} << 10U;
inline constexpr std::size_t kMaxBlockRows = 4096;
/// Of a payload, before and after compression.
inline constexpr std::size_t kMaxPayloadBytes = std::size_t{1} << 20U;

/// What a file says about itself.
struct FileHeader {
    Series series;
    std::optional<Decimal> tick_size;  ///< of the instrument, where it was known when the file was made
    std::optional<Decimal> lot_size;
    std::string program;  ///< that made the file: "virtuoso 0.1.0"
    bool operator==(const FileHeader&) const = default;
};

/// Where the rows of a block came from.
enum class Source : std::uint8_t { venue = 1, import = 2, rewritten = 3 };
[[nodiscard]] std::string_view name(Source source);

/// One append. `covered` is what the venue was asked for and answered in full: a time in it without a row is a hole
/// of the venue's own. Empty for rows of which nobody knows whether more exist.
struct BlockHeader {
    Source source = Source::venue;
    std::uint32_t rows = 0;          ///< 0: the venue has nothing in `covered`
    std::uint32_t stored_bytes = 0;  ///< of the payload behind this header
    std::uint32_t plain_bytes = 0;   ///< of the payload uncompressed
    std::int64_t first_ms = 0;       ///< of the rows; 0 without any
    std::int64_t last_ms = 0;
    TimeRange covered;
    std::uint64_t payload_hash = 0;
    bool operator==(const BlockHeader&) const = default;
};

/// XXH3, 64 bits, seed 0.
[[nodiscard]] std::uint64_t checksum(std::string_view bytes);

[[nodiscard]] std::string encode_file_header(const FileHeader& header);
struct DecodedFileHeader {
    FileHeader header;
    std::size_t size = 0;  ///< of its bytes: the first block starts there
};
/// errors: malformed (not a history file), unsupported (a later version, unknown columns), corrupt (cut or changed)
[[nodiscard]] Result<DecodedFileHeader> decode_file_header(std::string_view bytes);

/// Appends the 72 bytes, with their hash.
void encode_block_header(const BlockHeader& header, std::string& out);
/// Reads 72 bytes. nullopt: they are no block header, or a changed one.
[[nodiscard]] std::optional<BlockHeader> decode_block_header(std::string_view bytes);

}  // namespace vt::history
