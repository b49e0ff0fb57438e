// The part of the session that lets go of books and topics, and asks for them again.

#include "exchange/bybit/session.hpp"

#include <algorithm>

namespace vt::exchange::bybit {

void Session::resync_book(market::InstrumentId instrument, market::BookGap why, std::string_view reason,
                          Timestamp now, Output& out) {
    const auto topic = topic_of(instrument, market::Stream::book);
    if (!is_open() || !topic || states_[*topic].is_refused) return;
    break_book(*topic, why, {now, 0}, out);
    set_state(*topic, StreamState::resyncing, reason, out);
    schedule(*topic, now);
    renew_due(now, out);
}

void Session::set_listed(market::InstrumentId instrument, bool is_listed, Timestamp now, Output& out) {
    std::vector<std::size_t> given_up;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        if (topics_[i].instrument != instrument || states_[i].is_delisted != is_listed) continue;
        states_[i].is_delisted = states_[i].is_refused = !is_listed;
        if (!is_listed) {
            given_up.push_back(i);
            states_[i].resubscribe_at.reset();
            break_book(i, market::BookGap::disconnected, {now, 0}, out);
            set_state(i, StreamState::down, "no longer listed", out);
        } else if (is_open()) {
            set_state(i, StreamState::resyncing, "listed again", out);
            schedule(i, now);
        }
    }
    if (is_open() && !given_up.empty()) {
        for (std::size_t first = 0; first < given_up.size(); first += params_.times.topics_per_request) {
            const std::size_t count = std::min(params_.times.topics_per_request, given_up.size() - first);
            send_request("unsubscribe", std::span<const std::size_t>(given_up).subspan(first, count), now, out);
        }
        if (state_ == SessionState::subscribing && are_all_confirmed()) state_ = SessionState::live;
    }
    renew_due(now, out);
}

void Session::on_dropped(std::uint64_t count, Timestamp now, Output& out) {
    if (!is_open() || count == 0) return;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        if (states_[i].is_refused) continue;
        if (topics_[i].stream != market::Stream::book) {
            ++statuses_[i].gaps;
            continue;
        }
        break_book(i, market::BookGap::sequence_gap, {now, 0}, out);
        set_state(i, StreamState::resyncing, "inputs lost before the engine", out);
        schedule(i, now);
    }
    renew_due(now, out);
}

void Session::break_book(std::size_t topic, market::BookGap gap, EventStamp stamp, Output& out) {
    if (topics_[topic].stream != market::Stream::book || !states_[topic].sync.is_synced()) return;
    states_[topic].sync.await_snapshot();
    ++statuses_[topic].gaps;
    out.events.push_back({topics_[topic].instrument, statuses_[topic].last_exchange_time.value_or(stamp.received),
                          stamp.received, stamp.source_sequence, market::BookInvalid{gap}});
}

void Session::schedule(std::size_t topic, Timestamp now) {
    TopicState& state = states_[topic];
    if (state.resubscribe_at || state.is_refused) return;
    state.resubscribe_at = state.pacing.next(now);
    if (!next_renewal_at_ || *state.resubscribe_at < *next_renewal_at_) next_renewal_at_ = state.resubscribe_at;
}

}  // namespace vt::exchange::bybit
