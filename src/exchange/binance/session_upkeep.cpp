// The part of a session that time drives: snapshots, staleness, and the replacement of its connection.

#include "exchange/binance/session.hpp"

#include <algorithm>

namespace vt::exchange::binance {
namespace {

constexpr Nanos kFirstBookBackOff = std::chrono::seconds{2};
constexpr Nanos kLongestBookBackOff = std::chrono::seconds{30};

}  // namespace

void Session::on_tick(Timestamp now, Output& out) {
    const bool was_open = main().is_open();
    const std::uint32_t generation = main().generation();
    main().on_tick(now, out);
    follow_main(was_open, generation, now, out);
    successor().on_tick(now, out);
    if (main().is_open() && now >= next_check_at_) check(now, out);
    watch_rotation(now, out);
}

void Session::check(Timestamp now, Output& out) {
    const LineTimes& times = params_.times;
    next_check_at_ = now + times.check_every;
    if (!main().is_open()) return;
    const bool has_no_data = now - main().last_data_at() >= times.stale_after;
    if (now - *main().last_heard_at() >= times.stale_after) is_quiet_ = true;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        if (!topics_[i].row || main().is_refused(i)) continue;
        const bool is_live = context_.rows[*topics_[i].row].state == StreamState::live;
        const bool is_cut_off = topics_[i].must_speak ? has_no_data : is_quiet_;
        if (is_cut_off) {
            if (is_live) set_state(i, StreamState::stale, "connection silent", out);
            continue;
        }
        if (!topics_[i].must_speak || !data_[i].heard_at || topics_[i].kind == MessageKind::depth) continue;
        if (now - *data_[i].heard_at < times.silence_timeout) continue;
        data_[i].heard_at.reset();
        set_state(i, StreamState::stale, "silent", out);
        main().renew(i, now);
    }
    for (Book& book : books_) {
        const bool is_left_behind =
            book.depth.has_snapshot() && book.moved_at && now - *book.moved_at >= times.stale_after;
        if (!is_left_behind || has_no_data) continue;
        const market::InstrumentId instrument = *topics_[book.topic].instrument;
        book.depth.invalidate(market::BookGap::sequence_gap, {instrument, now, now, 0}, out);
        book.moved_at.reset();
        if (topics_[book.topic].row) ++context_.rows[*topics_[book.topic].row].gaps;
        set_state(book.topic, StreamState::stale, "silent while its quotes move", out);
        main().renew(book.topic, now);
    }
}

void Session::set_state(std::size_t topic, StreamState state, std::string_view reason, Output& out) {
    if (!topics_[topic].row) return;
    StreamStatus& row = context_.rows[*topics_[topic].row];
    if (row.state == state) return;
    row.state = state;
    out.changes.push_back({row.instrument, row.stream, state, std::string(reason)});
}

void Session::break_book(market::InstrumentId instrument, market::BookGap why, std::string_view reason, Timestamp now,
                         Output& out) {
    const auto found = book_of(instrument);
    if (!found || !main().is_open()) return;
    Book& book = books_[*found];
    book.depth.invalidate(why, {instrument, now, now, 0}, out);
    book.is_asked = false;  // a snapshot under way may be older than the trouble
    if (topics_[book.topic].row) ++context_.rows[*topics_[book.topic].row].gaps;
    set_state(book.topic, StreamState::resyncing, reason, out);
    wish_snapshot(book, now);
}

void Session::on_dropped(ConnectionId connection, std::uint64_t count, Timestamp now, Output& out) {
    if (count == 0) return;
    if (connection != main().connection()) return abandon_successor("inputs lost before the engine", now, out);
    if (!main().is_open()) return;
    if (!ended_outage_) ended_outage_ = main().last_heard_at();
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        if (topics_[i].kind == MessageKind::depth) {
            break_book(*topics_[i].instrument, market::BookGap::sequence_gap, "inputs lost before the engine", now,
                       out);
        } else if (topics_[i].row) {
            ++context_.rows[*topics_[i].row].gaps;
        }
    }
}

// A snapshot helps only a book whose deltas have begun: what came before it must be kept.
void Session::wish_snapshot(Book& book, Timestamp now) {
    if (book.is_asked || book.wants_snapshot) return;
    book.wants_snapshot = true;
    if (book.ask_at < now) book.ask_at = now;
}

std::vector<market::InstrumentId> Session::take_snapshot_wishes(Timestamp now) {
    std::vector<market::InstrumentId> wishes;
    for (Book& book : books_) {
        if (!book.wants_snapshot || !book.depth.has_kept() || book.ask_at > now) continue;
        book.wants_snapshot = false;
        book.is_asked = true;
        book.back_off = std::clamp(book.back_off * 2, kFirstBookBackOff, kLongestBookBackOff);
        book.ask_at = now + book.back_off;
        if (topics_[book.topic].row) ++context_.rows[*topics_[book.topic].row].resyncs;
        wishes.push_back(*topics_[book.topic].instrument);
    }
    return wishes;
}

void Session::on_no_snapshot(market::InstrumentId instrument, Timestamp now) {
    const auto found = book_of(instrument);
    if (!found || !books_[*found].is_asked) return;
    books_[*found].is_asked = false;
    wish_snapshot(books_[*found], now);
}

void Session::on_snapshot(market::InstrumentId instrument, const DepthSnapshot& snapshot, EventStamp stamp,
                          Output& out) {
    const auto found = book_of(instrument);
    if (!found || !books_[*found].is_asked || !main().is_open()) return;
    Book& book = books_[*found];
    book.is_asked = false;
    if (book.depth.has_snapshot()) return;
    if (snapshot.exchange_time) book.depth.note_time(*snapshot.exchange_time);
    const auto at = snapshot.exchange_time ? snapshot.exchange_time : book.depth.latest();
    if (!at) return wish_snapshot(book, stamp.received);
    const Origin origin{instrument, *at, stamp.received, stamp.source_sequence};
    const DepthBook::Join join = book.depth.on_snapshot(snapshot, origin, out);
    if (join == DepthBook::Join::joined) {
        book.back_off = {};
        set_state(book.topic, StreamState::live, "in sync", out);
        return;
    }
    if (join == DepthBook::Join::gap && topics_[book.topic].row) ++context_.rows[*topics_[book.topic].row].gaps;
    wish_snapshot(book, stamp.received);
}

void Session::rotate(Timestamp now, Output& out) {
    if (is_rotating() || now < rotate_not_before_) return;
    rotation_since_ = now;
    kept_.clear();
    kept_bytes_ = 0;
    std::fill(first_trade_ids_.begin(), first_trade_ids_.end(), std::nullopt);
    successor().start(now, out);
}

void Session::on_successor_text(const Message& message, std::optional<std::size_t> topic, std::string_view text,
                                EventStamp stamp, Output& out) {
    successor().on_message(message, topic, stamp.received, out);
    if (!topic || !successor().is_open()) return;
    const bool is_trade = message.kind == MessageKind::trade || message.kind == MessageKind::aggregate_trade;
    if (is_trade && !first_trade_ids_[*topic]) first_trade_ids_[*topic] = message.trade.id.low;
    kept_bytes_ += text.size();
    if (kept_bytes_ > kMaxKeptBytes) return abandon_successor("more frames than can be kept", stamp.received, out);
    kept_.push_back({std::string(text), stamp});
    watch_rotation(stamp.received, out);
}

void Session::watch_rotation(Timestamp now, Output& out) {
    if (!is_rotating()) {
        if (main().is_open() && now - main().opened_at() >= params_.times.rotate_after) rotate(now, out);
        return;
    }
    if (!main().is_open() && successor().is_open()) return hand_over("the old connection was lost", now, out);
    if (is_overlapping(now)) return hand_over("rotated", now, out);
    if (now - rotation_since_ >= params_.times.overlap_timeout) abandon_successor("did not get ready", now, out);
}

/// The successor says everything, has done so for a while, and its trades begin no later than the old one's end.
bool Session::is_overlapping(Timestamp now) const {
    const Line& next = *lines_[1 - main_];
    if (next.state() != LineState::live || now - next.opened_at() < params_.times.overlap_for) return false;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        const auto& first = first_trade_ids_[i];
        if (first && (!data_[i].last_id || *data_[i].last_id + 1 < *first)) return false;
    }
    return true;
}

void Session::hand_over(std::string_view why, Timestamp now, Output& out) {
    main().stop(why, now, out);
    main_ = 1 - main_;
    for (Book& book : books_) book.depth.continue_elsewhere();
    if (lost_at_) ended_outage_ = std::exchange(lost_at_, std::nullopt);
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        if (!topics_[i].row) continue;
        StreamStatus& row = context_.rows[*topics_[i].row];
        row.connection = main().connection();
        const bool is_confirmed = main().is_acknowledged(i) || main().has_spoken(i);
        if (main().is_refused(i)) {
            set_state(i, StreamState::down, "refused by the venue", out);
        } else if (is_confirmed && !topics_[i].must_speak) {
            set_state(i, StreamState::live, "subscribed", out);
        } else if (row.state == StreamState::connecting) {
            set_state(i, StreamState::resyncing, "on the next connection", out);
        }
    }
    is_quiet_ = false;
    (void)main().take_changed();
    const bool is_spot = params_.site == Site::binance_spot;
    const market::Category category = is_spot ? market::Category::spot : market::Category::linear;
    for (const KeptFrame& frame : std::exchange(kept_, {})) {
        const auto message = context_.codec.decode(frame.text, category, context_.directory);
        if (!message || !message->instrument) continue;
        const auto topic = topic_of(*message->instrument, message->kind);
        if (topic) apply(*message, *topic, frame.stamp, true, out);
    }
    kept_bytes_ = 0;
}

void Session::abandon_successor(std::string_view why, Timestamp now, Output& out) {
    successor().stop(why, now, out);
    kept_.clear();
    kept_bytes_ = 0;
    rotate_not_before_ = now + params_.times.overlap_timeout;
    out.rejections.push_back({"binance " + params_.path, "the next connection was given up: " + std::string(why)});
}

}  // namespace vt::exchange::binance
