#include "storage/recorder.hpp"

#include "base/assert.hpp"
#include "engine/event_codec.hpp"

#include <utility>

namespace vt::storage {
namespace {

/// For counters that one thread writes and others only show.
void add_one(std::atomic<std::uint64_t>& counter) {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

Recorder::Recorder(JournalWriter writer, std::size_t queue_bytes) : queue_(queue_bytes), writer_(std::move(writer)) {}

bool Recorder::offer(std::string_view encoded_event) {
    const Result<engine::EventStart> start = engine::decode_start(encoded_event);
    VT_ASSERT(start.has_value());
    add_one(offered_);
    const bool is_taken = queue_.push(encoded_event);
    if (!is_taken) add_one(dropped_);
    last_offered_.store(start->sequence, std::memory_order_release);
    return is_taken;
}

int Recorder::do_work() {
    int taken = 0;
    for (; taken < kBatch; ++taken) {
        const std::optional<std::string_view> record = queue_.front();
        if (!record) break;
        if (Result<void> written = writer_.append(*record); !written) {  // the hole that drops left is noted in here
            error_ = std::move(written.error());
            add_one(write_failures_);
        }
        queue_.pop();
    }
    if (taken > 0) publish_counts();
    return taken;
}

Result<void> Recorder::close() {
    while (do_work() > 0) {
    }
    Result<void> closed = writer_.close(last_offered_.load(std::memory_order_acquire));
    publish_counts();
    return closed;
}

std::optional<Error> Recorder::take_error() { return std::exchange(error_, std::nullopt); }

RecorderStats Recorder::stats() const {
    return {.offered = offered_.load(std::memory_order_relaxed),
            .dropped = dropped_.load(std::memory_order_relaxed),
            .lost = lost_.load(std::memory_order_relaxed),
            .written_events = written_events_.load(std::memory_order_relaxed),
            .written_bytes = written_bytes_.load(std::memory_order_relaxed),
            .write_failures = write_failures_.load(std::memory_order_relaxed),
            .queued_bytes = queue_.size_bytes()};
}

void Recorder::publish_counts() {
    lost_.store(writer_.lost_events(), std::memory_order_relaxed);
    written_events_.store(writer_.written_events(), std::memory_order_relaxed);
    written_bytes_.store(writer_.written_bytes(), std::memory_order_relaxed);
}

}  // namespace vt::storage
