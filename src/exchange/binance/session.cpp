#include "exchange/binance/session.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::exchange::binance {
namespace {

constexpr std::size_t kKinds = 16;

ConnectionId next_to(ConnectionId id) { return ConnectionId{id.value() + 1}; }

}  // namespace

Session::Session(LineParams line, std::vector<Topic> topics, SessionContext context)
    : context_(context), params_(std::move(line)), topics_(std::move(topics)), data_(topics_.size()) {
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        const Topic& topic = topics_[i];
        if (topic.row) context_.rows[*topic.row].connection = params_.connection;
        if (!topic.instrument) continue;
        const std::size_t place = topic.instrument->value() * kKinds + static_cast<std::size_t>(topic.kind);
        if (index_.size() <= place) index_.resize(place + 1, -1);
        VT_ASSERT(index_[place] < 0);
        index_[place] = static_cast<std::int32_t>(i);
        if (topic.kind != MessageKind::depth) continue;
        books_.emplace_back(context_.directory[*topic.instrument].category);
        books_.back().topic = i;
    }
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        if (topics_[i].instrument) data_[i].book = book_of(*topics_[i].instrument);
    }
    LineParams second = params_;
    second.connection = next_to(params_.connection);
    lines_[0] = std::make_unique<Line>(params_, topics_, context_.budget);
    lines_[1] = std::make_unique<Line>(second, topics_, context_.budget);
    first_trade_ids_.resize(topics_.size());
}

std::optional<std::size_t> Session::topic_of(market::InstrumentId instrument, MessageKind kind) const {
    const std::size_t place = instrument.value() * kKinds + static_cast<std::size_t>(kind);
    if (place >= index_.size() || index_[place] < 0) return std::nullopt;
    return static_cast<std::size_t>(index_[place]);
}

std::optional<std::size_t> Session::book_of(market::InstrumentId instrument) const {
    const auto found = std::find_if(books_.begin(), books_.end(),
                                    [&](const Book& book) { return topics_[book.topic].instrument == instrument; });
    if (found == books_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - books_.begin());
}

bool Session::has(ConnectionId connection) const {
    return connection == lines_[0]->connection() || connection == lines_[1]->connection();
}

std::optional<Nanos> Session::connection_age(ConnectionId connection, Timestamp now) const {
    const Line& line = connection == lines_[0]->connection() ? *lines_[0] : *lines_[1];
    if (!line.last_heard_at()) return std::nullopt;
    return now - *line.last_heard_at();
}

void Session::start(Timestamp now, Output& out) {
    for (std::size_t i = 0; i < topics_.size(); ++i) set_state(i, StreamState::connecting, "starting", out);
    main().start(now, out);
}

void Session::on_open(ConnectionId connection, Timestamp now, Output& out) {
    if (connection != main().connection()) return successor().on_open(now, out);
    const bool was_open = main().is_open();
    const std::uint32_t generation = main().generation();
    main().on_open(now, out);
    follow_main(was_open, generation, now, out);
}

void Session::on_close(ConnectionId connection, std::string_view reason, Timestamp now, Output& out) {
    if (connection != main().connection()) {
        successor().on_close(reason, now, out);
        kept_.clear();
        kept_bytes_ = 0;
        return;
    }
    const bool was_open = main().is_open();
    const std::uint32_t generation = main().generation();
    // The successor is there already: it takes over at once, and what it kept may even close the gap.
    if (was_open && successor().is_open()) {
        lost_at_ = main().last_heard_at();
        hand_over(reason, now, out);
        return;
    }
    main().on_close(reason, now, out);
    follow_main(was_open, generation, now, out);
}

void Session::follow_main(bool was_open, std::uint32_t generation, Timestamp now, Output& out) {
    const bool is_new = main().generation() != generation;
    if (was_open && (!main().is_open() || is_new)) lose_all(main().reason(), now, out);
    if (is_new) {
        is_quiet_ = false;
        ended_outage_ = std::exchange(lost_at_, std::nullopt);
        for (std::size_t i = 0; i < topics_.size(); ++i) set_state(i, StreamState::resyncing, "subscribing", out);
    }
    for (const std::size_t i : main().take_changed()) {
        if (main().is_refused(i)) {
            set_state(i, StreamState::down, "refused by the venue", out);
        } else if (!main().has_spoken(i) && !main().is_acknowledged(i)) {
            set_state(i, StreamState::resyncing, "subscribing again", out);
        } else if (!topics_[i].must_speak) {
            set_state(i, StreamState::live, "subscribed", out);
        }
    }
}

void Session::lose_all(std::string_view reason, Timestamp now, Output& out) {
    if (!lost_at_) lost_at_ = main().last_heard_at();
    for (Book& book : books_) {
        const market::InstrumentId instrument = *topics_[book.topic].instrument;
        const bool had = book.depth.has_snapshot() || book.depth.has_kept();
        if (had) book.depth.invalidate(market::BookGap::disconnected, {instrument, now, now, 0}, out);
        if (had && topics_[book.topic].row) ++context_.rows[*topics_[book.topic].row].gaps;
        book.wants_snapshot = book.is_asked = false;
        book.last_id = book.moved_id = 0;
        book.moved_at.reset();
    }
    for (TopicData& data : data_) data = {.book = data.book, .last_id = {}, .last_time = {}, .heard_at = {}};
    for (std::size_t i = 0; i < topics_.size(); ++i) set_state(i, StreamState::connecting, reason, out);
}

void Session::on_text(ConnectionId connection, std::string_view text, EventStamp stamp, Output& out) {
    Line& line = connection == main().connection() ? main() : successor();
    if (!line.is_open()) return;
    line.note_heard(stamp.received);
    const bool is_spot = params_.site == Site::binance_spot;
    const market::Category category = is_spot ? market::Category::spot : market::Category::linear;
    const auto decoded = context_.codec.decode(text, category, context_.directory);
    if (!decoded) {
        // What a refused delta would have changed shows as a gap at the next one.
        if (&line == &main()) out.rejections.push_back({"binance " + params_.path, decoded.error().what});
        if (decoded.error().what.find("off the instrument's step") != std::string::npos) wants_catalogue_ = true;
        return;
    }
    const Message& message = *decoded;
    const auto topic = message.instrument ? topic_of(*message.instrument, message.kind) : std::nullopt;
    if (message.kind == MessageKind::contract) wants_catalogue_ = true;
    if (&line == &successor()) return on_successor_text(message, topic, text, stamp, out);
    if (message.kind == MessageKind::passed_over || (message.instrument && !topic)) ++context_.passed_over;
    const bool was_open = main().is_open();
    const std::uint32_t generation = main().generation();
    main().on_message(message, topic, stamp.received, out);
    follow_main(was_open, generation, stamp.received, out);
    if (message.kind == MessageKind::shutdown) rotate(stamp.received, out);
    if (!main().is_open()) return;
    if (is_quiet_) {
        is_quiet_ = false;
        for (std::size_t i = 0; i < topics_.size(); ++i) {
            const bool is_confirmed = main().is_acknowledged(i) || main().has_spoken(i);
            if (!topics_[i].must_speak && is_confirmed)
                set_state(i, StreamState::live, "connection speaks again", out);
        }
    }
    if (topic) apply(message, *topic, stamp, false, out);
    if (stamp.received >= next_check_at_) check(stamp.received, out);
}

bool Session::is_known(const Message& message, std::size_t topic, bool is_kept) const {
    const TopicData& data = data_[topic];
    switch (message.kind) {
        // Prints that come twice or out of order are told apart by their ids in the market's state, which remembers
        // the last ones only: what a successor kept may be older than that.
        case MessageKind::trade:
        case MessageKind::aggregate_trade: return is_kept && data.last_id && message.trade.id.low <= *data.last_id;
        case MessageKind::best_quote: return data.last_id && message.last_update_id <= *data.last_id;
        default: break;
    }
    // Of what a successor kept, only what the connection before it did not say.
    return is_kept && message.exchange_time && data.last_time && *message.exchange_time <= *data.last_time;
}

void Session::note_heard(const Message& message, std::size_t topic, Timestamp exchange_time, Timestamp now) {
    TopicData& data = data_[topic];
    data.heard_at = now;
    if (!data.last_time || *data.last_time < exchange_time) data.last_time = exchange_time;
    if (message.kind == MessageKind::best_quote) data.last_id = message.last_update_id;
    if (message.kind == MessageKind::trade || message.kind == MessageKind::aggregate_trade)
        data.last_id = std::max(data.last_id.value_or(0), message.trade.id.low);
    if (!topics_[topic].row) return;
    StreamStatus& row = context_.rows[*topics_[topic].row];
    row.last_receive_time = now;
    if (!row.last_exchange_time || *row.last_exchange_time < exchange_time) row.last_exchange_time = exchange_time;
}

void Session::apply(const Message& message, std::size_t topic, EventStamp stamp, bool is_kept, Output& out) {
    TopicData& data = data_[topic];
    Book* const book = data.book ? &books_[*data.book] : nullptr;
    std::optional<Timestamp> at = message.exchange_time;
    if (book != nullptr && at) book->depth.note_time(*at);
    if (book != nullptr && !at) at = book->depth.latest();
    if (!at) return;  // a spot bookTicker before anything that has a time
    const Origin origin{*message.instrument, *at, stamp.received, stamp.source_sequence};
    if (message.kind == MessageKind::depth) return apply_depth(message, topic, origin, out);
    if (is_known(message, topic, is_kept)) return;
    note_heard(message, topic, *at, stamp.received);
    market::Event event{origin.instrument, origin.exchange_time, origin.received, origin.source_sequence, {}};
    switch (message.kind) {
        case MessageKind::best_quote: event.body = message.quote; break;
        case MessageKind::trade:
        case MessageKind::aggregate_trade: event.body = message.trade; break;
        case MessageKind::day_ticker:
        case MessageKind::mini_ticker:
        case MessageKind::mark_price: event.body = message.ticker; break;
        case MessageKind::candle: event.body = message.candle; break;
        case MessageKind::liquidation: event.body = message.liquidation; break;
        default: return;
    }
    if (book != nullptr && message.kind == MessageKind::best_quote) {
        book->moved_id = message.last_update_id;
        if (!book->moved_at && book->last_id > 0 && book->moved_id > book->last_id) book->moved_at = stamp.received;
    }
    out.events.push_back(std::move(event));
    set_state(topic, StreamState::live, "speaks", out);
}

void Session::apply_depth(const Message& message, std::size_t topic, const Origin& origin, Output& out) {
    Book& book = books_[*data_[topic].book];
    note_heard(message, topic, origin.exchange_time, origin.received);
    book.last_id = message.last_update_id;
    if (book.last_id >= book.moved_id) book.moved_at.reset();
    switch (book.depth.on_depth(message, origin, out)) {
        case DepthBook::Step::applied: set_state(topic, StreamState::live, "in sync", out); return;
        case DepthBook::Step::ignored: return;
        case DepthBook::Step::gap:
            if (topics_[topic].row) ++context_.rows[*topics_[topic].row].gaps;
            set_state(topic, StreamState::resyncing, "sequence gap", out);
            break;
        case DepthBook::Step::overflowed: book.is_asked = false; break;
        case DepthBook::Step::kept: break;
    }
    wish_snapshot(book, origin.received);
}

}  // namespace vt::exchange::binance
