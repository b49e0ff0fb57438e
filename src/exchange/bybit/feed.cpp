#include "exchange/bybit/feed.hpp"

#include "exchange/bybit/feed_parts.hpp"

#include <algorithm>

namespace vt::exchange::bybit {

Feed::Feed(FeedParams params, const market::InstrumentDirectory& directory)
    : impl_(std::make_unique<Impl>(std::move(params), directory)) {}
Feed::~Feed() = default;
Feed::Feed(Feed&&) noexcept = default;

void Feed::start(Timestamp now, Output& out) {
    if (impl_->is_started) return;
    impl_->is_started = true;
    impl_->next_poll_at = now + impl_->params.poll_every;
    impl_->next_margin_at = now + impl_->params.margin_every;
    if (const Result<void> offered = check_capabilities(impl_->params); !offered)
        out.rejections.push_back({"bybit capabilities", offered.error().what});
    impl_->ask({.kind = RequestKind::time}, out);
    for (FeedPart& part : impl_->parts) {
        part.next_refresh_at = now;
        impl_->ask({.kind = RequestKind::instruments, .category = part.category}, out);
    }
    impl_->release(now, out);
}

void Feed::on_open(ConnectionId connection, Timestamp now, Output& out) {
    if (!impl_->is_started) return impl_->recorded.on_open(connection, now);
    impl_->enter(now, out);
    FeedConnection* const found = impl_->find(connection);
    if (found == nullptr) return;
    found->session->on_open(now, out);
    if (found->lost_at) impl_->queue_missed(*found, now, out);
    found->lost_at.reset();
    impl_->release(now, out);
}

void Feed::on_text(ConnectionId connection, std::string_view text, Timestamp now, std::uint64_t source_sequence,
                   Output& out) {
    if (!impl_->is_started) return impl_->recorded.on_text(connection, text, now, source_sequence, out);
    impl_->enter(now, out);
    FeedConnection* const found = impl_->find(connection);
    if (found == nullptr) return;
    const std::size_t refusals = out.rejections.size();
    const std::size_t first_event = out.events.size();
    FeedPart& part = impl_->parts[found->part];
    found->session->on_text(text, impl_->directory, part.codec, {now, source_sequence}, out);
    if (out.rejections.size() == refusals) return;
    const bool is_off_step = std::any_of(
        out.events.begin() + static_cast<std::ptrdiff_t>(first_event), out.events.end(), [](const auto& event) {
            const auto* invalid = std::get_if<market::BookInvalid>(&event.body);
            return invalid != nullptr && invalid->reason == market::BookGap::off_step;
        });
    if (is_off_step) impl_->refresh_catalogue(part, now, out);
}

void Feed::on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out) {
    if (!impl_->is_started) return impl_->recorded.on_close(connection, reason, now, out);
    impl_->enter(now, out);
    FeedConnection* const found = impl_->find(connection);
    if (found == nullptr) return;
    if (!found->lost_at) found->lost_at = found->session->last_heard_at();
    found->session->on_close(reason, now, out);
}

void Feed::on_reply(const HttpReply& reply, Timestamp now, std::uint64_t source_sequence, Output& out) {
    impl_->enter(now, out);
    auto request = impl_->queue.take(reply.request);
    if (!request) request = impl_->margin_queue.take(reply.request);
    if (request) impl_->on_reply(std::move(*request), reply, {now, source_sequence}, out);
    impl_->release(now, out);
}

void Feed::on_tick(Timestamp now, Output& out) {
    if (!impl_->is_started) return impl_->recorded.on_tick(now, out);
    impl_->enter(now, out);
    for (FeedConnection& connection : impl_->connections) {
        const bool was_open = connection.is_open();
        connection.session->on_tick(now, out);
        const bool was_lost = was_open && !connection.is_open();
        if (was_lost && !connection.lost_at) connection.lost_at = connection.session->last_heard_at();
    }
    impl_->queue_polls(now, out);
    impl_->release(now, out);
}

void Feed::on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out) {
    if (!impl_->is_started) return impl_->recorded.on_book_crossed(instrument, now, out);
    impl_->enter(now, out);
    for (FeedConnection& connection : impl_->connections) {
        connection.session->resync_book(instrument, market::BookGap::crossed, "crossed book", now, out);
    }
}

void Feed::on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out) {
    if (!impl_->is_started) return impl_->recorded.on_dropped(connection, count, now, out);
    impl_->enter(now, out);
    FeedConnection* const found = impl_->find(connection);
    if (found == nullptr) return;
    const auto heard = found->session->last_heard_at();
    found->session->on_dropped(count, now, out);
    if (!heard || !found->is_open()) return;
    const auto earlier = found->lost_at;
    found->lost_at = heard;
    impl_->queue_missed(*found, now, out);
    found->lost_at = earlier;
    impl_->release(now, out);
}

std::span<const StreamStatus> Feed::streams() const {
    if (!impl_->is_started) return impl_->recorded.streams();
    return impl_->statuses;
}
std::span<const market::InstrumentId> Feed::instruments() const { return impl_->instruments; }

std::optional<Nanos> Feed::clock_offset() const { return impl_->clock.offset(); }

std::optional<Nanos> Feed::connection_age(ConnectionId connection, Timestamp now) const {
    if (!impl_->is_started) return impl_->recorded.connection_age(connection, now);
    const FeedConnection* const found = impl_->find(connection);
    if (found == nullptr || !found->session->last_heard_at()) return std::nullopt;
    return now - *found->session->last_heard_at();
}

std::optional<Nanos> Feed::connection_age(market::InstrumentId instrument, Timestamp now) const {
    const std::span<const StreamStatus> rows = streams();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const StreamStatus& status) { return status.instrument == instrument; });
    if (row == rows.end()) return std::nullopt;
    return connection_age(row->connection, now);
}

bool Feed::is_backfilled() const {
    if (!impl_->is_started) return true;  // an archive has no past that could still come
    const bool is_running = std::all_of(impl_->parts.begin(), impl_->parts.end(), [](const FeedPart& part) {
        return part.is_selected && part.announced.empty();
    });
    return impl_->is_started && is_running && impl_->queue.history_count() == 0;
}

}  // namespace vt::exchange::bybit
