#include "exchange/binance/feed.hpp"

#include "exchange/binance/replay_feed.hpp"
#include "exchange/binance/site_feed.hpp"

namespace vt::exchange::binance {

struct Feed::Impl {
    Impl(FeedParams wanted, const market::InstrumentDirectory& listed)
        : params(std::move(wanted)),
          directory(listed),
          recorded(listed),
          futures(Site::binance_futures, params, listed, rows, passed_over),
          spot(Site::binance_spot, params, listed, rows, passed_over) {}

    [[nodiscard]] SiteFeed& site(Site which) { return which == Site::binance_spot ? spot : futures; }
    /// Connections of the two markets are numbered apart.
    [[nodiscard]] SiteFeed& site_of(ConnectionId connection) {
        return (connection.value() & 0x00FF'FFFFU) >= kFirstSpotConnection ? spot : futures;
    }

    FeedParams params;
    const market::InstrumentDirectory& directory;
    ReplayFeed recorded;
    std::vector<StreamStatus> rows;
    std::uint64_t passed_over = 0;
    SiteFeed futures;
    SiteFeed spot;
    bool is_live = false;
};

Feed::Feed(FeedParams params, const market::InstrumentDirectory& directory)
    : impl_(std::make_unique<Impl>(std::move(params), directory)) {}
Feed::~Feed() = default;
Feed::Feed(Feed&&) noexcept = default;

void Feed::start(Timestamp now, Output& out) {
    if (impl_->is_live || (!impl_->futures.is_followed() && !impl_->spot.is_followed())) return;
    impl_->is_live = true;
    for (SiteFeed* const site : {&impl_->futures, &impl_->spot}) {
        if (site->is_followed()) site->start(now, out);
    }
}

void Feed::on_open(ConnectionId connection, Timestamp now, Output& out) {
    if (!impl_->is_live) return impl_->recorded.on_open(connection, now, out);
    impl_->site_of(connection).on_open(connection, now, out);
}

void Feed::on_text(ConnectionId connection, std::string_view text, Timestamp now, std::uint64_t source_sequence,
                   Output& out) {
    if (!impl_->is_live) return impl_->recorded.on_text(connection, text, now, source_sequence, out);
    impl_->site_of(connection).on_text(connection, text, {now, source_sequence}, out);
}

void Feed::on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out) {
    if (!impl_->is_live) return impl_->recorded.on_close(connection, reason, now, out);
    impl_->site_of(connection).on_close(connection, reason, now, out);
}

void Feed::on_reply(const HttpReply& reply, Timestamp now, std::uint64_t source_sequence, Output& out) {
    if (!impl_->is_live) return impl_->recorded.on_reply(reply, now, source_sequence, out);
    if (!RequestQueue::is_live(reply.request)) return;
    impl_->site(RequestQueue::site_of(reply.request)).on_reply(reply, {now, source_sequence}, out);
}

void Feed::on_tick(Timestamp now, Output& out) {
    if (!impl_->is_live) return impl_->recorded.on_tick(now, out);
    impl_->futures.on_tick(now, out);
    impl_->spot.on_tick(now, out);
}

void Feed::on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out) {
    if (!impl_->is_live) return impl_->recorded.on_book_crossed(instrument, now, out);
    impl_->futures.on_book_crossed(instrument, now, out);
    impl_->spot.on_book_crossed(instrument, now, out);
}

void Feed::on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out) {
    if (!impl_->is_live) return impl_->recorded.on_dropped(connection, count, now, out);
    impl_->site_of(connection).on_dropped(connection, count, now, out);
}

bool Feed::is_live() const { return impl_->is_live; }

std::span<const StreamStatus> Feed::streams() const {
    if (!impl_->is_live) return impl_->recorded.streams();
    return impl_->rows;
}

std::optional<Nanos> Feed::clock_offset() const {
    if (!impl_->is_live) return Nanos{0};
    const auto futures = impl_->futures.clock_offset();
    return futures ? futures : impl_->spot.clock_offset();
}

std::optional<Nanos> Feed::connection_age(ConnectionId connection, Timestamp now) const {
    if (!impl_->is_live) return impl_->recorded.connection_age(connection, now);
    return impl_->site_of(connection).connection_age(connection, now);
}

bool Feed::is_backfilled() const {
    if (!impl_->is_live) return true;
    return (!impl_->futures.is_followed() || impl_->futures.is_backfilled()) &&
           (!impl_->spot.is_followed() || impl_->spot.is_backfilled());
}

std::uint64_t Feed::passed_over() const { return impl_->passed_over; }

}  // namespace vt::exchange::binance
