#include "exchange/bybit/book_sync.hpp"

#include <algorithm>

namespace vt::exchange::bybit {

BookStep BookSync::on_frame(const BookHeader& frame) {
    const bool is_restart = frame.update_id == 1;
    const bool was_synced = is_synced_;
    const bool has_sequence = frame.cross_sequence != 0;  // without it nothing is called old
    if (frame.is_snapshot || is_restart) {
        const bool is_heartbeat = was_synced && frame.depth == 1 && frame.update_id == update_id_;
        const bool is_old = was_synced && has_sequence && frame.cross_sequence < cross_sequence_;
        if (is_heartbeat || is_old) return {BookVerdict::ignore, std::nullopt};
        const bool continues = frame.depth == 1 || frame.update_id == update_id_ + 1;
        is_synced_ = true;
        const std::uint64_t last = update_id_;
        update_id_ = frame.update_id;
        cross_sequence_ = frame.cross_sequence;
        if (!was_synced || (continues && !is_restart)) return {BookVerdict::snapshot, std::nullopt};
        const bool went_back = is_restart || frame.update_id <= last;
        return {BookVerdict::snapshot, went_back ? market::BookGap::service_restart : market::BookGap::sequence_gap};
    }
    if (!is_synced_) return {BookVerdict::ignore, std::nullopt};
    if (frame.update_id == update_id_ + 1) {
        update_id_ = frame.update_id;
        cross_sequence_ = std::max(cross_sequence_, frame.cross_sequence);
        return {BookVerdict::delta, std::nullopt};
    }
    const bool is_repetition =
        has_sequence && frame.update_id <= update_id_ && frame.cross_sequence <= cross_sequence_;
    if (is_repetition) return {BookVerdict::ignore, std::nullopt};
    is_synced_ = false;
    return {BookVerdict::gap, market::BookGap::sequence_gap};
}

Timestamp ResyncPacing::next(Timestamp now) {
    constexpr Nanos kFirst = std::chrono::milliseconds{250};
    constexpr Nanos kLast = std::chrono::seconds{30};
    const Timestamp at = std::max(now, allowed_at_);
    back_off_ = back_off_ == Nanos{0} ? kFirst : std::min(kLast, back_off_ * 2);
    allowed_at_ = at + back_off_;
    healthy_since_.reset();
    return at;
}

void ResyncPacing::note_healthy(Timestamp now) {
    constexpr Nanos kForgottenAfter = std::chrono::seconds{60};
    if (!healthy_since_) healthy_since_ = now;
    if (now - *healthy_since_ >= kForgottenAfter) back_off_ = Nanos{0};
}

}  // namespace vt::exchange::bybit
