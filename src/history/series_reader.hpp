#pragma once

#include "base/result.hpp"
#include "history/file_format.hpp"
#include "history/ranges.hpp"
#include "history/table.hpp"
#include "storage/compression.hpp"
#include "storage/input_file.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::history {

/// A block of which the header is intact.
struct StoredBlock {
    BlockHeader header;
    std::uint64_t offset = 0;  ///< of its header in the file
};

/// Bytes of a file that cannot be used.
struct Damage {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::string what;
    TimeRange lost;        ///< the times of the block's rows, where its header is intact; else empty
    bool is_tail = false;  ///< a last append that was cut off: nothing that had been confirmed is lost
};

/// One history file. Opening reads the block headers (72 bytes for up to 4096 rows), reading decodes only the blocks
/// of the range asked for. Where two blocks hold the same time, the later one's row counts.
class SeriesReader {
public:
    /// errors: not_found, io, and those of decode_file_header, all with the file's name
    [[nodiscard]] static Result<SeriesReader> open(const std::filesystem::path& path);
    /// `bytes` must outlive it; `name` is what errors call them.
    [[nodiscard]] static Result<SeriesReader> open_memory(std::string_view bytes, std::string name);

    [[nodiscard]] const FileHeader& header() const { return header_; }
    [[nodiscard]] std::span<const StoredBlock> blocks() const { return blocks_; }
    [[nodiscard]] std::uint64_t size() const { return file_.size(); }
    [[nodiscard]] const std::string& name() const { return file_.name(); }
    /// Behind the last whole block: a writer goes on there when the tail is cut off, else at size().
    [[nodiscard]] std::uint64_t end_of_blocks() const { return end_; }

    /// The rows with from <= time < to, ascending. A block that fails its checksum is left out and joins damages().
    ///   errors: io
    ///   cost:   O(rows of the blocks that the range touches)
    [[nodiscard]] Result<Table> read(TimeRange range);
    [[nodiscard]] Result<Table> read_all();
    /// The rows of one block.
    ///   errors: io, corrupt
    [[nodiscard]] Result<Table> read_block(const StoredBlock& block);
    /// Compares every payload with its checksum without decoding it; what fails leaves blocks() and joins damages().
    ///   errors: io
    [[nodiscard]] Result<void> check_payloads();

    /// How many rows read_all() gives: of times that are stored more than once only one counts. Compares every
    /// payload with its checksum, as check_payloads() does, and decodes only where blocks overlap.
    ///   errors: io
    [[nodiscard]] Result<std::uint64_t> count_rows();

    /// Takes in what was appended to the file since.
    ///   errors: io
    [[nodiscard]] Result<void> refresh();

    /// What is known to be damaged so far: from the headers at once, from payloads once they were read.
    [[nodiscard]] std::span<const Damage> damages() const { return damages_; }
    /// What the venue has answered in full, over all blocks.
    [[nodiscard]] Ranges covered() const;
    /// From the first row's time to behind the last one's; nothing without rows.
    [[nodiscard]] std::optional<TimeRange> extent() const;

private:
    explicit SeriesReader(storage::InputFile file) : file_(std::move(file)) {}
    [[nodiscard]] static Result<SeriesReader> start(storage::InputFile file);
    [[nodiscard]] Result<void> index(std::uint64_t offset);
    [[nodiscard]] Result<std::uint64_t> find_block(std::uint64_t offset);
    [[nodiscard]] Result<void> read_payload(const StoredBlock& block);
    void drop(std::size_t block, std::string what);

    storage::InputFile file_;
    FileHeader header_;
    std::vector<StoredBlock> blocks_;
    std::vector<Damage> damages_;
    std::uint64_t end_ = 0;
    storage::Decompressor decompressor_;
    std::string payload_;
    std::string plain_;
};

}  // namespace vt::history
