#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace vt::storage {

// The bytes of a journal segment: docs/formats/journal.md says the same in words, complete for a stranger.

/// What a journal says about itself at the start of each segment.
struct JournalHeader {
    std::uint64_t run_id = 0;
    std::uint32_t segment = 1;  ///< counts the files of a run from 1; the writer sets it
    Timestamp created_at;       ///< of the run, as its owner says
    std::string program;        ///< "virtuoso 0.1.0"
    std::string configuration;  ///< the text that the engine was built from
    std::string venues;         ///< "bybit" or "bybit,binance"
    std::string origin;         ///< "live", "demo", or the capture that was imported and its licence

    bool operator==(const JournalHeader&) const = default;
};

inline constexpr std::uint32_t kJournalVersion = 1;
inline constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 20U;
inline constexpr std::string_view kBlockMagic = "VTBLOCK\n";
inline constexpr std::size_t kBlockHeaderBytes = 72;
/// A block's events, uncompressed, are no longer than this; one event always fits.
inline constexpr std::size_t kMaxBlockBytes = std::size_t{64} << 20U;

enum class BlockKind : std::uint8_t {
    events = 1,          ///< zstd of: u32 length, encoded event, u32 length ...
    lost = 2,            ///< these inputs were taken but could not be written; payload: why, as text
    end_of_segment = 3,  ///< the run goes on in the next file
    end_of_run = 4,
};

struct BlockHeader {
    BlockKind kind = BlockKind::events;
    std::uint32_t count = 0;           ///< events in the block
    std::uint32_t stored_bytes = 0;    ///< of the payload behind this header
    std::uint32_t plain_bytes = 0;     ///< of the payload uncompressed
    std::uint64_t first_sequence = 0;  ///< of an end: the sequence that would come next
    std::uint64_t last_sequence = 0;
    Timestamp first_at;  ///< `at` of the first event
    Timestamp last_at;
    std::uint64_t payload_hash = 0;

    bool operator==(const BlockHeader&) const = default;
};

/// XXH3, 64 bits, seed 0.
[[nodiscard]] std::uint64_t journal_hash(std::string_view bytes);

/// in: the texts together below kMaxHeaderBytes (else assertion)
[[nodiscard]] std::string encode_header(const JournalHeader& header);
struct DecodedHeader {
    JournalHeader header;
    std::size_t size = 0;  ///< of its bytes: the first block starts there
};
/// Reads the header at the start of `bytes`.
///   errors: malformed (not a journal), unsupported (a later version), corrupt (cut short or changed)
[[nodiscard]] Result<DecodedHeader> decode_header(std::string_view bytes);

/// Appends the 72 bytes, with their hash.
void encode_block_header(const BlockHeader& header, std::string& out);
/// Reads 72 bytes. nullopt: they are no block header of this version, or a changed one.
[[nodiscard]] std::optional<BlockHeader> decode_block_header(std::string_view bytes);

/// "run-00000000000000ff-0001.vtj"
[[nodiscard]] std::string segment_name(std::uint64_t run_id, std::uint32_t segment);
struct SegmentName {
    std::uint64_t run_id = 0;
    std::uint32_t segment = 0;
    auto operator<=>(const SegmentName&) const = default;
};
[[nodiscard]] std::optional<SegmentName> parse_segment_name(std::string_view file_name);

}  // namespace vt::storage
