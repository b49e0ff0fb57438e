#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/compression.hpp"
#include "storage/journal_format.hpp"
#include "storage/output_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace vt::storage {

/// When what was written must have reached the device: a power cut loses what came after. A crash of the program
/// alone loses only the block that was not full yet.
enum class SyncPolicy : std::uint8_t {
    never,
    segment,  ///< when a segment ends
    block,    ///< after each block: survives a power cut, costs a wait for the device each time
};

struct JournalParams {
    std::size_t block_bytes = std::size_t{256} << 10U;  ///< of events, before compression; at most 16 MB
    Nanos block_age = std::chrono::seconds{2};          ///< by the events' own time
    int compression_level = 1;  ///< on recorded frames in 256 KB blocks 1 is smaller and faster than 3
    std::uint64_t segment_bytes = std::uint64_t{256} << 20U;  ///< start the next file beyond this
    bool hourly_segments = true;                              ///< and at each full hour UTC of the events' time
    SyncPolicy sync = SyncPolicy::segment;
};

/// Writes encoded inputs into a journal: one file, or a directory of segments. One thread.
///
/// A hole in the sequences is no error: it is written down as lost, so that no replay takes the journal for whole.
/// Nor is a full disk the end: the block that did not fit is lost, what was written stays readable, and the next
/// block is tried again.
class JournalWriter {
public:
    /// Writes `directory`/run-<id>-<n>.vtj; the directory is created.
    ///   errors: io, already_exists (the run was recorded there before)
    [[nodiscard]] static Result<JournalWriter> create_run(std::filesystem::path directory, JournalHeader header,
                                                          JournalParams params);
    /// Writes one file. Until close() it is called `path`.partial.
    ///   errors: io, already_exists
    [[nodiscard]] static Result<JournalWriter> create_file(const std::filesystem::path& path, JournalHeader header,
                                                           JournalParams params);

    /// Takes one encoded input; it is on disk after the block is full or old, or flush().
    ///   in:     sequences ascend over the calls
    ///   errors: malformed (not an encoded event, or not a later one: not taken); io (the block before was lost, this
    ///           event was taken)
    [[nodiscard]] Result<void> append(std::string_view encoded_event);
    /// Writes what was taken.
    ///   errors: io; what could not be written counts as lost
    [[nodiscard]] Result<void> flush();
    /// Writes what was taken and the end of the run. `last_sequence`: of the last input of the run, where that was
    /// lost. Nothing may follow.
    ///   errors: io
    [[nodiscard]] Result<void> close(std::uint64_t last_sequence = 0);

    [[nodiscard]] std::uint64_t lost_events() const { return lost_events_; }
    [[nodiscard]] std::uint64_t written_events() const { return written_events_; }
    /// Over all segments, headers included.
    [[nodiscard]] std::uint64_t written_bytes() const;
    /// Of the segment being written; after close() the last one.
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    struct Pending {  // the block being filled
        std::uint32_t count = 0;
        std::uint64_t first_sequence = 0;
        std::uint64_t last_sequence = 0;
        Timestamp first_at;
        Timestamp last_at;
    };
    struct Lost {
        std::uint64_t first_sequence = 0;
        std::uint64_t last_sequence = 0;
        std::string reason;
    };
    JournalWriter(JournalHeader header, JournalParams params);
    Result<void> open_segment();
    Result<void> end_segment(BlockKind kind);
    Result<void> write_pending();
    Result<void> write_block(BlockHeader header, std::string_view plain);
    void note_lost(std::uint64_t first, std::uint64_t last, std::string reason);

    JournalHeader header_;
    JournalParams params_;
    std::filesystem::path directory_;   // empty: one file
    std::filesystem::path final_path_;  // of one file
    std::filesystem::path path_;
    std::optional<OutputFile> file_;
    Compressor compressor_;
    std::string plain_;   // the pending events, framed
    std::string stored_;  // scratch
    Pending pending_;
    std::optional<Lost> lost_;         // not yet written down
    std::uint64_t next_sequence_ = 1;  // expected
    std::int64_t segment_hour_ = 0;
    std::uint64_t lost_events_ = 0;
    std::uint64_t written_events_ = 0;
    std::uint64_t closed_bytes_ = 0;
    bool is_segment_fresh_ = true;  // holds no event yet
};

}  // namespace vt::storage
