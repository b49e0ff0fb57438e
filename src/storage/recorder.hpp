#pragma once

#include "base/result.hpp"
#include "storage/byte_queue.hpp"
#include "storage/journal_writer.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vt::storage {

struct RecorderStats {
    std::uint64_t offered = 0;  ///< inputs
    std::uint64_t dropped = 0;  ///< of these, refused because the queue was full
    std::uint64_t lost = 0;     ///< inputs that the journal does not hold, the dropped included (once written down)
    std::uint64_t written_events = 0;
    std::uint64_t written_bytes = 0;
    std::uint64_t write_failures = 0;  ///< blocks that the disk refused
    std::size_t queued_bytes = 0;
};

/// Keeps the journal away from the thread that must not wait for a disk: one thread offers inputs, another writes
/// them. Never blocks the first: what finds no room is dropped, counted, and written down in the journal as lost.
class Recorder {
public:
    Recorder(JournalWriter writer, std::size_t queue_bytes);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// The thread that takes the inputs.
    ///   in:   an encoded input (engine::encode), sequences ascending
    ///   out:  false: dropped
    ///   cost: one copy, waits for nobody
    bool offer(std::string_view encoded_event);

    /// The writing thread: writes what is queued, at most `kBatch` inputs.
    ///   out: how many inputs were taken off the queue; 0: nothing to do
    int do_work();
    /// The writing thread, after the last offer: writes the rest and the end of the run. Nothing may follow.
    ///   errors: io
    [[nodiscard]] Result<void> close();
    /// The writing thread: the last failure since it was asked last. For the log; the journal notes its own losses.
    [[nodiscard]] std::optional<Error> take_error();

    /// Any thread; the numbers are recent, not of one instant.
    [[nodiscard]] RecorderStats stats() const;

    static constexpr int kBatch = 1024;

private:
    void publish_counts();

    ByteQueue queue_;
    JournalWriter writer_;
    std::optional<Error> error_;
    std::atomic<std::uint64_t> last_offered_{0};  // a sequence
    std::atomic<std::uint64_t> offered_{0};
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<std::uint64_t> lost_{0};
    std::atomic<std::uint64_t> written_events_{0};
    std::atomic<std::uint64_t> written_bytes_{0};
    std::atomic<std::uint64_t> write_failures_{0};
};

}  // namespace vt::storage
