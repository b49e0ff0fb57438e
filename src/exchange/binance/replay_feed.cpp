#include "exchange/binance/replay_feed.hpp"

#include "exchange/binance/codec.hpp"
#include "exchange/binance/depth_book.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace vt::exchange::binance {
namespace {

struct Market {
    explicit Market(market::Category category) : book(category) {}
    DepthBook book;
    std::uint32_t attempt = 0;
    bool is_snapshot_asked = false;
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
    void invalidate(market::BookGap why, const Origin& origin, Output& out);
    void note_invalid(market::InstrumentId instrument, Output& out);
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

void ReplayFeed::Impl::invalidate(market::BookGap why, const Origin& origin, Output& out) {
    market_of(origin.instrument).book.invalidate(why, origin, out);
    note_invalid(origin.instrument, out);
}

void ReplayFeed::Impl::note_invalid(market::InstrumentId instrument, Output& out) {
    StreamStatus& status = status_of(instrument, market::Stream::book, {});
    ++status.gaps;
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
    switch (market.book.on_depth(message, origin, out)) {
        case DepthBook::Step::applied: set_state(status, StreamState::live, "in sync", out); return;
        case DepthBook::Step::ignored: return;
        case DepthBook::Step::gap: note_invalid(origin.instrument, out); break;
        case DepthBook::Step::overflowed: market.is_snapshot_asked = false; break;
        case DepthBook::Step::kept: break;
    }
    ask_snapshot(origin.instrument, origin.received, out);
}

void ReplayFeed::Impl::on_snapshot(market::InstrumentId instrument, const DepthSnapshot& snapshot, Origin origin,
                                   Output& out) {
    DepthBook& book = market_of(instrument).book;
    if (book.has_snapshot()) invalidate(market::BookGap::sequence_gap, origin, out);
    const DepthBook::Join join = book.on_snapshot(snapshot, origin, out);
    if (join != DepthBook::Join::too_old)
        set_state(status_of(instrument, market::Stream::book, {}), StreamState::live, "in sync", out);
    if (join == DepthBook::Join::gap) note_invalid(instrument, out);
    if (join != DepthBook::Join::joined) ask_snapshot(instrument, origin.received, out);
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
    const bool is_trade = message->kind == MessageKind::trade;
    if (!is_trade && message->kind != MessageKind::depth && message->kind != MessageKind::best_quote) return;
    DepthBook& book = impl_->market_of(*message->instrument).book;
    if (message->exchange_time) book.note_time(*message->exchange_time);
    if (!book.latest()) return;  // a spot bookTicker before anything that has a time
    const Origin origin{*message->instrument, message->exchange_time.value_or(*book.latest()), now, source_sequence};
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
        if (status.stream == market::Stream::book && impl_->market_of(status.instrument).book.has_snapshot())
            impl_->invalidate(market::BookGap::disconnected, {status.instrument, now, now, 0}, out);
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
    if (snapshot->exchange_time) market.book.note_time(*snapshot->exchange_time);
    // A spot snapshot has no time of its own; before the first one of the stream it cannot be placed.
    if (!market.book.latest()) return impl_->ask_snapshot(instrument, now, out);
    impl_->on_snapshot(instrument, *snapshot,
                       {instrument, snapshot->exchange_time.value_or(*market.book.latest()), now, source_sequence},
                       out);
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
    impl_->invalidate(market::BookGap::crossed, {instrument, now, now, 0}, out);
    impl_->ask_snapshot(instrument, now, out);
}

void ReplayFeed::on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out) {
    for (std::size_t i = 0; count > 0 && i < impl_->statuses.size(); ++i) {
        const StreamStatus status = impl_->statuses[i];
        if (status.connection != connection || status.stream != market::Stream::book) continue;
        impl_->invalidate(market::BookGap::sequence_gap, {status.instrument, now, now, 0}, out);
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
