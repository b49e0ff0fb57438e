#include "runtime/input_queue.hpp"

#include "engine/event_codec.hpp"

namespace vt::runtime {
namespace {

/// The connection whose session must hear about a loss; replies and commands belong to none.
std::optional<exchange::ConnectionId> connection_of(const engine::EventBody& body) {
    if (const auto* frame = std::get_if<engine::FrameReceived>(&body)) return frame->connection;
    if (const auto* opened = std::get_if<engine::Opened>(&body)) return opened->connection;
    if (const auto* closed = std::get_if<engine::Closed>(&body)) return closed->connection;
    return std::nullopt;
}

}  // namespace

InputQueue::InputQueue(std::size_t capacity_bytes) : queue_(capacity_bytes) {}

bool InputQueue::push_one(const engine::EventBody& body, Timestamp at) {
    encoded_.clear();
    engine::encode(engine::Event{.sequence = sequence_ + 1, .at = at, .body = body}, encoded_);
    if (!queue_.push(encoded_)) return false;
    ++sequence_;
    signal_.fetch_add(1, std::memory_order_release);
    signal_.notify_one();
    return true;
}

void InputQueue::push_drop_markers(Timestamp at) {
    while (!dropped_.empty()) {
        const auto first = dropped_.begin();
        if (!push_one(engine::Dropped{.connection = first->first, .count = first->second}, at)) return;
        dropped_.erase(first);
    }
    while (!lost_replies_.empty()) {
        const LostReply& last = lost_replies_.back();
        const exchange::HttpReply none{.request = last.request,
                                       .status = 0,
                                       .sent = last.sent,
                                       .body = "lost before the engine: its queue was full",
                                       .headers = {}};
        if (!push_one(engine::Replied{none}, at)) return;
        lost_replies_.pop_back();
    }
}

void InputQueue::push(const engine::EventBody& body, Timestamp at) {
    if (has_losses()) push_drop_markers(at);
    if (!has_losses() && push_one(body, at)) return;
    if (std::holds_alternative<engine::Tick>(body)) return;
    dropped_total_.fetch_add(1, std::memory_order_relaxed);
    if (const auto connection = connection_of(body)) ++dropped_[*connection];
    const auto* replied = std::get_if<engine::Replied>(&body);
    if (replied != nullptr && lost_replies_.size() < kMaxLostReplies)
        lost_replies_.push_back({replied->reply.request, replied->reply.sent});
}

void InputQueue::wait() {
    signal_.wait(seen_signal_, std::memory_order_acquire);
    seen_signal_ = signal_.load(std::memory_order_acquire);
}

void InputQueue::wake() {
    signal_.fetch_add(1, std::memory_order_release);
    signal_.notify_one();
}

}  // namespace vt::runtime
