#include "exchange/bybit/replay_feed.hpp"

#include "exchange/bybit/book_sync.hpp"
#include "exchange/bybit/codec.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace vt::exchange::bybit {
namespace {

constexpr Nanos kStaleAfter = std::chrono::seconds{4};

}  // namespace

struct ReplayFeed::Impl {
    explicit Impl(const market::InstrumentDirectory& listed) : directory(listed) {}

    const market::InstrumentDirectory& directory;
    Codec codec{market::Category::linear};
    std::map<market::InstrumentId, BookSync> books;
    std::map<ConnectionId, Timestamp> heard;
    std::vector<StreamStatus> statuses;

    StreamStatus& status_of(market::InstrumentId instrument, market::Stream stream, ConnectionId connection);
    void set_state(StreamStatus& status, StreamState state, std::string_view reason, Output& out) const;
    void on_book(const Frame& frame, StreamStatus& status, EventStamp stamp, Output& out);
    void break_book(StreamStatus& status, market::BookGap why, EventStamp stamp, Output& out);
};

StreamStatus& ReplayFeed::Impl::status_of(market::InstrumentId instrument, market::Stream stream,
                                          ConnectionId connection) {
    const auto found = std::find_if(statuses.begin(), statuses.end(), [&](const StreamStatus& status) {
        return status.instrument == instrument && status.stream == stream;
    });
    if (found != statuses.end()) return *found;
    return statuses.emplace_back(StreamStatus{instrument, stream, StreamState::resyncing, connection, {}, {}, 0, 0});
}

void ReplayFeed::Impl::set_state(StreamStatus& status, StreamState state, std::string_view reason,
                                 Output& out) const {
    if (status.state == state) return;
    status.state = state;
    out.changes.push_back({status.instrument, status.stream, state, std::string(reason)});
}

void ReplayFeed::Impl::break_book(StreamStatus& status, market::BookGap why, EventStamp stamp, Output& out) {
    BookSync& sync = books[status.instrument];
    if (!sync.is_synced()) return;
    sync.await_snapshot();
    ++status.gaps;
    out.events.push_back({status.instrument, status.last_exchange_time.value_or(stamp.received), stamp.received,
                          stamp.source_sequence, market::BookInvalid{why}});
    set_state(status, StreamState::resyncing, "book invalid", out);
}

void ReplayFeed::Impl::on_book(const Frame& frame, StreamStatus& status, EventStamp stamp, Output& out) {
    const std::size_t level_count = frame.bid_count + frame.ask_count;
    BookSync& sync = books[status.instrument];
    const BookStep step = sync.on_frame({frame.is_snapshot, frame.depth, frame.update_id, frame.cross_sequence});
    if (step.broken) {
        ++status.gaps;
        out.events.push_back({status.instrument, frame.exchange_time, stamp.received, stamp.source_sequence,
                              market::BookInvalid{*step.broken}});
    }
    const bool is_applied = step.verdict == BookVerdict::snapshot || step.verdict == BookVerdict::delta;
    if (!is_applied) {
        out.levels.resize(out.levels.size() - level_count);
        if (step.verdict == BookVerdict::gap) set_state(status, StreamState::resyncing, "sequence gap", out);
        return;
    }
    const std::span<const market::Level> levels(out.levels.data() + (out.levels.size() - level_count), level_count);
    const market::BookUpdate update{step.verdict == BookVerdict::snapshot, frame.depth, frame.update_id,
                                    levels.first(frame.bid_count), levels.subspan(frame.bid_count)};
    out.events.push_back({status.instrument, frame.exchange_time, stamp.received, stamp.source_sequence, update});
    set_state(status, StreamState::live, "in sync", out);
}

ReplayFeed::ReplayFeed(const market::InstrumentDirectory& directory) : impl_(std::make_unique<Impl>(directory)) {}
ReplayFeed::~ReplayFeed() = default;
ReplayFeed::ReplayFeed(ReplayFeed&&) noexcept = default;

void ReplayFeed::on_open(ConnectionId connection, Timestamp now) { impl_->heard[connection] = now; }

void ReplayFeed::on_text(ConnectionId connection, std::string_view text, Timestamp now, std::uint64_t source_sequence,
                         Output& out) {
    const EventStamp stamp{now, source_sequence};
    const auto heard = impl_->heard.find(connection);
    if (heard == impl_->heard.end()) return;  // of a connection that is not open
    heard->second = stamp.received;
    const Frame frame = impl_->codec.decode(text, impl_->directory, stamp, out);
    if (!frame.instrument) return;
    StreamStatus& status = impl_->status_of(*frame.instrument, frame.stream, connection);
    switch (frame.kind) {
        case FrameKind::rejected:
            if (frame.stream == market::Stream::book) impl_->break_book(status, frame.defect, stamp, out);
            return;
        case FrameKind::acknowledged:
        case FrameKind::pong: return;
        case FrameKind::book:
        case FrameKind::trades:
        case FrameKind::ticker:
        case FrameKind::liquidations:
        case FrameKind::candles: break;
    }
    status.connection = connection;
    status.last_receive_time = stamp.received;
    status.last_exchange_time = std::max(status.last_exchange_time.value_or(Timestamp::min()), frame.exchange_time);
    if (frame.kind == FrameKind::book) return impl_->on_book(frame, status, stamp, out);
    impl_->set_state(status, StreamState::live, "speaks", out);
}

void ReplayFeed::on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out) {
    if (impl_->heard.erase(connection) == 0) return;
    for (StreamStatus& status : impl_->statuses) {
        if (status.connection != connection) continue;
        if (status.stream == market::Stream::book)
            impl_->break_book(status, market::BookGap::disconnected, {now, 0}, out);
        impl_->set_state(status, StreamState::down, reason, out);
    }
}

void ReplayFeed::on_tick(Timestamp now, Output& out) {
    for (StreamStatus& status : impl_->statuses) {
        const auto heard = impl_->heard.find(status.connection);
        const bool is_silent = heard != impl_->heard.end() && now - heard->second >= kStaleAfter;
        if (is_silent && status.state == StreamState::live)
            impl_->set_state(status, StreamState::stale, "connection silent", out);
    }
}

void ReplayFeed::on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out) {
    for (StreamStatus& status : impl_->statuses) {
        if (status.instrument == instrument && status.stream == market::Stream::book)
            impl_->break_book(status, market::BookGap::crossed, {now, 0}, out);
    }
}

void ReplayFeed::on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out) {
    for (StreamStatus& status : impl_->statuses) {
        if (count > 0 && status.connection == connection && status.stream == market::Stream::book)
            impl_->break_book(status, market::BookGap::sequence_gap, {now, 0}, out);
    }
}

std::span<const StreamStatus> ReplayFeed::streams() const { return impl_->statuses; }

std::optional<Nanos> ReplayFeed::connection_age(ConnectionId connection, Timestamp now) const {
    const auto heard = impl_->heard.find(connection);
    if (heard == impl_->heard.end()) return std::nullopt;
    return now - heard->second;
}

}  // namespace vt::exchange::bybit
