#include "exchange/binance/replay_feed.hpp"

#include "exchange/binance/book_sync.hpp"
#include "exchange/binance/codec.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace vt::exchange::binance {
namespace {

/// A depth event that waits for its snapshot; owns its levels.
struct Kept {
    DepthIds ids;
    Timestamp exchange_time;
    Timestamp received;
    std::uint64_t source_sequence = 0;
    std::vector<market::Level> bids;
    std::vector<market::Level> asks;
};

struct Market {
    explicit Market(market::Category category) : sync(category) {}
    BookSync sync;
    std::deque<Kept> kept;
    std::optional<Timestamp> latest;  ///< the largest exchange time seen
    std::uint32_t attempt = 0;
    bool is_snapshot_asked = false;
};

/// Where and when an event came from.
struct Origin {
    market::InstrumentId instrument;
    Timestamp exchange_time;
    Timestamp received;
    std::uint64_t source_sequence = 0;
};

}  // namespace

struct ReplayFeed::Impl {
    explicit Impl(const market::InstrumentDirectory& listed) : directory(listed) {}

    const market::InstrumentDirectory& directory;
    Codec codec;
    std::map<market::InstrumentId, Market> markets;
    std::map<ConnectionId, Timestamp> heard;
    std::vector<StreamStatus> statuses;

    Market& market_of(market::InstrumentId instrument) {
        return markets.try_emplace(instrument, directory[instrument].category).first->second;
    }
    StreamStatus& status_of(market::InstrumentId instrument, market::Stream stream, ConnectionId connection);
    void set_state(StreamStatus& status, StreamState state, std::string_view reason, Output& out) const;
    void on_depth(const Message& message, Origin origin, ConnectionId connection, Output& out);
    void on_snapshot(market::InstrumentId instrument, const DepthSnapshot& snapshot, Origin origin, Output& out);
    void join_kept(market::InstrumentId instrument, Output& out);
    void emit(Origin origin, std::span<const market::Level> bids, std::span<const market::Level> asks,
              std::uint64_t update_id, bool is_snapshot, Output& out) const;
    void invalidate(market::InstrumentId instrument, market::BookGap why, Origin origin, Output& out);
    void ask_snapshot(market::InstrumentId instrument, Timestamp now, Output& out);
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

// Earlier events of this output may hold spans into its levels: when the vector moves, they move with it.
void ReplayFeed::Impl::emit(Origin origin, std::span<const market::Level> bids, std::span<const market::Level> asks,
                            std::uint64_t update_id, bool is_snapshot, Output& out) const {
    const market::Level* const before = out.levels.data();
    const std::size_t first = out.levels.size();
    out.levels.insert(out.levels.end(), bids.begin(), bids.end());
    out.levels.insert(out.levels.end(), asks.begin(), asks.end());
    const market::Level* const now = out.levels.data();
    for (std::size_t i = 0; now != before && first > 0 && i < out.events.size(); ++i) {
        auto* const update = std::get_if<market::BookUpdate>(&out.events[i].body);
        if (update == nullptr) continue;
        if (!update->bids.empty()) update->bids = {now + (update->bids.data() - before), update->bids.size()};
        if (!update->asks.empty()) update->asks = {now + (update->asks.data() - before), update->asks.size()};
    }
    const std::span<const market::Level> levels(now + first, bids.size() + asks.size());
    out.events.push_back(
        {origin.instrument, origin.exchange_time, origin.received, origin.source_sequence,
         market::BookUpdate{is_snapshot, 0, update_id, levels.first(bids.size()), levels.subspan(bids.size())}});
}

void ReplayFeed::Impl::invalidate(market::InstrumentId instrument, market::BookGap why, Origin origin, Output& out) {
    Market& market = market_of(instrument);
    StreamStatus& status = status_of(instrument, market::Stream::book, {});
    market.sync.reset();
    market.kept.clear();
    ++status.gaps;
    out.events.push_back({instrument, market.latest.value_or(origin.exchange_time), origin.received,
                          origin.source_sequence, market::BookInvalid{why}});
    set_state(status, StreamState::resyncing, "book invalid", out);
}

// https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Order-Book, read 2026-07
void ReplayFeed::Impl::ask_snapshot(market::InstrumentId instrument, Timestamp now, Output& out) {
    Market& market = market_of(instrument);
    if (market.is_snapshot_asked) return;
    market.is_snapshot_asked = true;
    const market::Instrument& traded = directory[instrument];
    const bool is_spot = traded.category == market::Category::spot;
    const std::string path = is_spot ? "/api/v3/depth?symbol=" : "/fapi/v1/depth?symbol=";
    const std::string limit = is_spot ? "&limit=5000" : "&limit=1000";
    // At most one snapshot for each symbol in 2 s, whatever the stream does.
    const Timestamp not_before = market.attempt == 0 ? now : now + std::chrono::seconds{2};
    out.actions.emplace_back(HttpGet{.request = snapshot_request(instrument, market.attempt),
                                     .site = is_spot ? Site::binance_spot : Site::binance_futures,
                                     .target = path + traded.symbol + limit,
                                     .not_before = not_before,
                                     .weight = is_spot ? 250U : 20U});
    ++market.attempt;
    ++status_of(instrument, market::Stream::book, {}).resyncs;
}

void ReplayFeed::Impl::on_depth(const Message& message, Origin origin, ConnectionId connection, Output& out) {
    Market& market = market_of(origin.instrument);
    StreamStatus& status = status_of(origin.instrument, market::Stream::book, connection);
    const DepthIds ids{message.first_update_id, message.last_update_id, message.previous_update_id};
    switch (market.sync.on_event(ids)) {
        case DepthVerdict::apply:
            emit(origin, message.bids, message.asks, ids.last, false, out);
            set_state(status, StreamState::live, "in sync", out);
            return;
        case DepthVerdict::ignore: return;
        case DepthVerdict::gap: invalidate(origin.instrument, market::BookGap::sequence_gap, origin, out); break;
        case DepthVerdict::wait: break;
    }
    if (market.kept.size() == kMaxPendingUpdates) {
        market.kept.pop_front();
        market.is_snapshot_asked = false;
    }
    market.kept.push_back({ids,
                           origin.exchange_time,
                           origin.received,
                           origin.source_sequence,
                           {message.bids.begin(), message.bids.end()},
                           {message.asks.begin(), message.asks.end()}});
    ask_snapshot(origin.instrument, origin.received, out);
}

void ReplayFeed::Impl::on_snapshot(market::InstrumentId instrument, const DepthSnapshot& snapshot, Origin origin,
                                   Output& out) {
    Market& market = market_of(instrument);
    market.is_snapshot_asked = false;
    if (market.sync.has_snapshot()) invalidate(instrument, market::BookGap::sequence_gap, origin, out);
    // Older than everything kept: deltas between the two are missing, so another snapshot is needed.
    const bool is_too_old = !market.kept.empty() && snapshot.last_update_id + 1 < market.kept.front().ids.first &&
                            market.kept.front().ids.previous != snapshot.last_update_id;
    if (is_too_old) return ask_snapshot(instrument, origin.received, out);
    market.sync.on_snapshot(snapshot.last_update_id);
    emit(origin, snapshot.bids, snapshot.asks, snapshot.last_update_id, true, out);
    set_state(status_of(instrument, market::Stream::book, {}), StreamState::live, "in sync", out);
    join_kept(instrument, out);
}

void ReplayFeed::Impl::join_kept(market::InstrumentId instrument, Output& out) {
    Market& market = market_of(instrument);
    while (!market.kept.empty()) {
        const Kept kept = std::move(market.kept.front());
        market.kept.pop_front();
        const Origin origin{instrument, kept.exchange_time, kept.received, kept.source_sequence};
        const DepthVerdict verdict = market.sync.on_event(kept.ids);
        if (verdict == DepthVerdict::apply) emit(origin, kept.bids, kept.asks, kept.ids.last, false, out);
        if (verdict != DepthVerdict::gap) continue;
        invalidate(instrument, market::BookGap::sequence_gap, origin, out);
        return ask_snapshot(instrument, kept.received, out);
    }
}

ReplayFeed::ReplayFeed(const market::InstrumentDirectory& directory) : impl_(std::make_unique<Impl>(directory)) {}
ReplayFeed::~ReplayFeed() = default;
ReplayFeed::ReplayFeed(ReplayFeed&&) noexcept = default;

void ReplayFeed::on_open(ConnectionId connection, Timestamp now, Output&) { impl_->heard[connection] = now; }

void ReplayFeed::on_text(ConnectionId connection, std::string_view text, Timestamp now, std::uint64_t source_sequence,
                         Output& out) {
    impl_->heard[connection] = now;
    const Result<Message> message = impl_->codec.decode(text, category_of(connection), impl_->directory);
    if (!message) {
        out.rejections.push_back({"binance connection", message.error().what});
        return;
    }
    if (message->kind == MessageKind::passed_over || !message->instrument) return;
    Market& market = impl_->market_of(*message->instrument);
    if (message->exchange_time)
        market.latest = std::max(market.latest.value_or(Timestamp::min()), *message->exchange_time);
    if (!market.latest) return;  // a spot bookTicker before anything that has a time
    const Origin origin{*message->instrument, message->exchange_time.value_or(*market.latest), now, source_sequence};
    const bool is_trade = message->kind == MessageKind::trade;
    StreamStatus& status =
        impl_->status_of(origin.instrument, is_trade ? market::Stream::trades : market::Stream::book, connection);
    status.connection = connection;
    status.last_receive_time = now;
    status.last_exchange_time = std::max(status.last_exchange_time.value_or(Timestamp::min()), origin.exchange_time);
    if (message->kind == MessageKind::depth) return impl_->on_depth(*message, origin, connection, out);
    market::Event event{origin.instrument, origin.exchange_time, now, source_sequence, {}};
    if (is_trade) {
        event.body = message->trade;
        impl_->set_state(status, StreamState::live, "speaks", out);
    } else {
        event.body = message->quote;
    }
    out.events.push_back(std::move(event));
}

void ReplayFeed::on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out) {
    for (StreamStatus& status : impl_->statuses) {
        if (status.connection != connection) continue;
        if (status.stream == market::Stream::book && impl_->market_of(status.instrument).sync.has_snapshot()) {
            impl_->invalidate(status.instrument, market::BookGap::disconnected, {status.instrument, now, now, 0},
                              out);
        }
        impl_->market_of(status.instrument).is_snapshot_asked = false;
        impl_->set_state(status, StreamState::down, reason, out);
    }
}

void ReplayFeed::on_reply(const HttpReply& reply, Timestamp now, std::uint64_t source_sequence, Output& out) {
    const market::InstrumentId instrument = snapshot_instrument(reply.request);
    if (venue_of(reply.request) != market::Venue::binance || instrument.value() >= impl_->directory.all().size() ||
        impl_->directory[instrument].venue != market::Venue::binance) {
        out.rejections.push_back({"binance depth", "a reply that nobody asked for"});
        return;
    }
    Market& market = impl_->market_of(instrument);
    market.is_snapshot_asked = false;
    if (reply.status != 200) {
        out.rejections.push_back({"binance depth", "HTTP status " + std::to_string(reply.status)});
        return impl_->ask_snapshot(instrument, now, out);
    }
    const auto snapshot = impl_->codec.depth_snapshot(reply.body, impl_->directory[instrument]);
    if (!snapshot) {
        out.rejections.push_back({"binance depth", snapshot.error().what});
        return impl_->ask_snapshot(instrument, now, out);
    }
    if (snapshot->exchange_time)
        market.latest = std::max(market.latest.value_or(Timestamp::min()), *snapshot->exchange_time);
    // A spot snapshot has no time of its own; before the first one of the stream it cannot be placed.
    if (!market.latest) return impl_->ask_snapshot(instrument, now, out);
    impl_->on_snapshot(instrument, *snapshot,
                       {instrument, snapshot->exchange_time.value_or(*market.latest), now, source_sequence}, out);
}

void ReplayFeed::on_tick(Timestamp now, Output& out) {
    constexpr Nanos kStaleAfter = std::chrono::seconds{4};
    for (StreamStatus& status : impl_->statuses) {
        const auto heard = impl_->heard.find(status.connection);
        const bool is_silent = heard != impl_->heard.end() && now - heard->second >= kStaleAfter;
        if (is_silent && status.state == StreamState::live) {
            impl_->set_state(status, StreamState::stale, "connection silent", out);
        }
    }
}

void ReplayFeed::on_book_crossed(market::InstrumentId instrument, Timestamp now, Output& out) {
    impl_->invalidate(instrument, market::BookGap::crossed, {instrument, now, now, 0}, out);
    impl_->ask_snapshot(instrument, now, out);
}

void ReplayFeed::on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out) {
    for (std::size_t i = 0; count > 0 && i < impl_->statuses.size(); ++i) {
        const StreamStatus status = impl_->statuses[i];
        if (status.connection != connection || status.stream != market::Stream::book) continue;
        impl_->invalidate(status.instrument, market::BookGap::sequence_gap, {status.instrument, now, now, 0}, out);
        impl_->ask_snapshot(status.instrument, now, out);
    }
}

std::span<const StreamStatus> ReplayFeed::streams() const { return impl_->statuses; }

std::optional<Nanos> ReplayFeed::connection_age(ConnectionId connection, Timestamp now) const {
    const auto heard = impl_->heard.find(connection);
    if (heard == impl_->heard.end()) return std::nullopt;
    return now - heard->second;
}

}  // namespace vt::exchange::binance
