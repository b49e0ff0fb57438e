#pragma once

#include "base/result.hpp"
#include "engine/event.hpp"
#include "storage/compression.hpp"
#include "storage/input_file.hpp"
#include "storage/journal_format.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::storage {

enum class LossReason : std::uint8_t {
    damaged,     ///< bytes fail their checksum
    missing,     ///< whole blocks or a segment are not there
    recorded,    ///< the writer itself says so: its queue or the disk was full
    unreadable,  ///< the device refuses
    unfinished,  ///< the journal stops without its end: cut, or the writer died, or is still writing
};
[[nodiscard]] std::string_view name(LossReason reason);

/// Inputs of the run that the journal does not hold.
struct Loss {
    std::uint64_t first_sequence = 0;
    std::optional<std::uint64_t> last_sequence;  ///< nullopt: the end of the run is not known
    LossReason reason = LossReason::damaged;
    std::string where;  ///< "run-...-0001.vtj at byte 4096: ..."

    /// "inputs 17 to 42 are lost: damaged, x.vtj at byte 4096: ..."
    [[nodiscard]] std::string text() const;
};

enum class ReadOutcome : std::uint8_t { event, loss, end };

struct JournalStats {
    std::uint64_t events = 0;
    std::uint64_t blocks = 0;        ///< of events, read
    std::uint64_t stored_bytes = 0;  ///< of these, as stored
    std::uint64_t plain_bytes = 0;
    std::optional<Timestamp> first_at;
    std::optional<Timestamp> last_at;
};

/// Reads a journal from its start: a file, the one run of a directory, or memory. Every input of the run comes out as
/// an event or inside a loss, in order; nothing is passed over in silence. Memory is bounded by one block.
class JournalReader {
public:
    /// in:     a .vtj file (that segment alone) or a directory with the segments of one run
    /// errors: not_found, io, malformed (not a journal), unsupported (a later format), corrupt (no header is intact),
    ///         configuration (the directory holds several runs: name a file or move them apart)
    [[nodiscard]] static Result<JournalReader> open(const std::filesystem::path& path);
    /// One run of a directory that may hold others, too.
    ///   errors: not_found (no segment of it is there), as open()
    [[nodiscard]] static Result<JournalReader> open_run(const std::filesystem::path& directory, std::uint64_t run_id);
    /// `bytes` must outlive the reader; `name` is what errors call them.
    [[nodiscard]] static Result<JournalReader> open_memory(std::string_view bytes, std::string name);

    /// Of the first segment that has an intact one.
    [[nodiscard]] const JournalHeader& header() const { return header_; }

    /// Goes to the next input.
    ///   out:  event: `event` is filled; its text is valid until the next call. loss: see loss(); reading goes on
    ///         behind it. end: there is no more, however often asked
    ///   cost: O(1), a block at its first event
    [[nodiscard]] ReadOutcome next(engine::Event& event);
    /// The encoded form of the event that next() gave; valid until the next call.
    [[nodiscard]] std::string_view encoded() const { return encoded_; }
    /// What next() found missing last.
    [[nodiscard]] const Loss& loss() const { return losses_[told_ - 1]; }
    /// Everything found missing so far. Empty when next() has said `end`: the journal is whole.
    [[nodiscard]] std::span<const Loss> losses() const { return losses_; }
    /// Damage that lost no input ("its header fails its checksum").
    [[nodiscard]] std::span<const std::string> remarks() const { return remarks_; }
    [[nodiscard]] const JournalStats& stats() const { return stats_; }
    /// Starts again.
    void rewind();

private:
    struct Segment {
        std::filesystem::path path;
        std::string_view memory;  ///< instead of a file, where the path is empty
        std::uint32_t number = 1;
    };
    struct Damage {  ///< seen, but which inputs it took is only known at the next intact block
        LossReason reason;
        std::string where;
    };
    JournalReader() = default;
    Result<void> find_header();
    void enter_segment(std::size_t index);
    void advance();
    void take_block(const BlockHeader& header);
    void search(std::uint64_t from);
    void finish();
    bool take_event(engine::Event& event);
    void note(LossReason reason, std::string_view what);
    void catch_up(std::uint64_t first_sequence);
    void lose(std::optional<std::uint64_t> last_sequence, Damage damage);
    [[nodiscard]] std::string place(std::string_view what) const;

    std::string name_;  // what memory is called
    JournalHeader header_;
    std::vector<Segment> segments_;
    std::size_t segment_ = 0;
    std::optional<InputFile> file_;  // of the segment
    std::uint64_t position_ = 0;
    std::uint64_t next_sequence_ = 1;
    std::optional<Damage> damage_;
    bool is_ended_ = false;
    Decompressor decompressor_;
    std::string stored_;
    std::string plain_;       // the block's events, framed
    std::size_t cursor_ = 0;  // into plain_
    std::string_view encoded_;
    std::vector<Loss> losses_;
    std::size_t told_ = 0;  // of losses_
    std::vector<std::string> remarks_;
    JournalStats stats_;
};

}  // namespace vt::storage
