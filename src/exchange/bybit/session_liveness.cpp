// The part of the session that time drives: pings, limits, stale streams, renewed subscriptions.

#include "exchange/bybit/session.hpp"

#include <algorithm>

namespace vt::exchange::bybit {
namespace {

/// Tickers are pushed each 100 ms: one that follows the book's last frame this closely speaks of that very frame.
constexpr Nanos kTickerLag = std::chrono::seconds{1};

}  // namespace

void Session::on_tick(Timestamp now, Output& out) {
    if (state_ == SessionState::idle) return;
    if (state_ == SessionState::connecting) {
        if (now - since_ >= params_.times.connect_timeout) disconnect("did not open in time", now, out);
        return;
    }
    if (state_ == SessionState::closing) {
        if (now - since_ >= params_.times.close_timeout) on_close("did not close in time", now, out);
        return;
    }
    if (now >= next_check_at_) check(now, out);
    renew_due(now, out);
}

void Session::check(Timestamp now, Output& out) {
    next_check_at_ = now + params_.times.check_every;
    check_connection(now, out);
    if (!is_open()) return;
    check_requests(now);
    for (std::size_t i = 0; i < topics_.size(); ++i) check_topic(i, now, out);
}

void Session::check_connection(Timestamp now, Output& out) {
    const SessionTimes& times = params_.times;
    const Nanos unheard = now - *last_heard_at_;
    const bool must_speak = std::any_of(states_.begin(), states_.end(), [](const TopicState& topic) {
        return topic.must_speak && !topic.is_refused;
    });
    if (unheard >= times.silence_timeout) return disconnect("silent for too long", now, out);
    if (ping_sent_at_ && now - *ping_sent_at_ >= times.pong_timeout) return disconnect("no pong", now, out);
    if (must_speak && now - last_data_at_ >= times.data_silence_timeout) {
        return disconnect("answers but sends no data", now, out);
    }
    if (!ping_sent_at_ && (now - last_ping_at_ >= times.ping_every || unheard >= times.probe_after))
        send_ping(now, out);
    if (unheard >= times.stale_after && !are_quiet_streams_stale_) {
        are_quiet_streams_stale_ = true;
        for (std::size_t i = 0; i < topics_.size(); ++i) {
            const bool was_live = statuses_[i].state == StreamState::live;
            if (was_live && !states_[i].must_speak) set_state(i, StreamState::stale, "connection silent", out);
        }
    }
}

void Session::check_requests(Timestamp now) {
    const auto is_overdue = [&](const PendingRequest& request) {
        return now - request.sent_at >= params_.times.acknowledge_timeout;
    };
    for (const PendingRequest& request : pending_) {
        if (!is_overdue(request)) continue;
        for (const std::size_t i : request.topics) {
            if (states_[i].has_spoken)
                states_[i].is_acknowledged = true;
            else
                schedule(i, now);
        }
    }
    pending_.erase(std::remove_if(pending_.begin(), pending_.end(), is_overdue), pending_.end());
}

void Session::check_topic(std::size_t topic, Timestamp now, Output& out) {
    const SessionTimes& times = params_.times;
    TopicState& state = states_[topic];
    if (state.is_refused || state.resubscribe_at) return;
    const market::Stream stream = topics_[topic].stream;
    if (!state.has_spoken) {
        const Nanos limit = state.must_speak ? times.first_data_timeout : times.first_print_timeout;
        if (stream == market::Stream::liquidations || now - state.subscribed_at < limit) return;
        if (state.must_speak) set_state(topic, StreamState::resyncing, "no first data", out);
        schedule(topic, now);
        return;
    }
    if (statuses_[topic].state == StreamState::live) state.pacing.note_healthy(now);
    if (!state.must_speak) return;
    if (now - last_data_at_ >= times.data_stale_after) {  // nothing to heal by a subscription: all of it is quiet
        if (statuses_[topic].state == StreamState::live)
            set_state(topic, StreamState::stale, "connection silent", out);
        return;
    }
    if (stream == market::Stream::ticker) {
        if (now - *statuses_[topic].last_receive_time < times.ticker_silence) return;
        set_state(topic, StreamState::stale, "silent", out);
        schedule(topic, now);
        return;
    }
    if (!state.sync.is_synced()) {  // subscribed again, and the snapshot does not come
        if (now - state.subscribed_at >= times.first_data_timeout) schedule(topic, now);
        return;
    }
    if (const char* fault = book_fault(topic, now)) {
        break_book(topic, market::BookGap::sequence_gap, {now, 0}, out);
        set_state(topic, StreamState::stale, fault, out);
        schedule(topic, now);
    }
}

const char* Session::book_fault(std::size_t topic, Timestamp now) const {
    const SessionTimes& times = params_.times;
    const Timestamp last = *statuses_[topic].last_receive_time;
    const auto ticker = states_[topic].ticker;
    if (now - last < times.stale_after) return nullptr;
    if (!ticker || states_[*ticker].is_refused) return "silent";
    const auto& moved_at = states_[*ticker].moved_at;
    if (moved_at && *moved_at >= last + kTickerLag) return "silent while its ticker moves";
    const auto& ticker_heard = statuses_[*ticker].last_receive_time;
    const bool is_ticker_silent = !ticker_heard || now - *ticker_heard >= times.joint_silence;
    return is_ticker_silent && now - last >= times.joint_silence ? "silent, and its ticker too" : nullptr;
}

void Session::renew_due(Timestamp now, Output& out) {
    if (!is_open() || !next_renewal_at_ || now < *next_renewal_at_) return;
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < states_.size(); ++i) {
        if (states_[i].resubscribe_at && *states_[i].resubscribe_at <= now) due.push_back(i);
    }
    for (std::size_t first = 0; first < due.size(); first += params_.times.topics_per_request) {
        const std::size_t count = std::min(params_.times.topics_per_request, due.size() - first);
        const auto batch = std::span<const std::size_t>(due).subspan(first, count);
        for (const std::size_t i : batch) {
            states_[i].resubscribe_at.reset();
            states_[i].is_acknowledged = states_[i].has_spoken = false;
            ++statuses_[i].resyncs;
        }
        send_request("unsubscribe", batch, now, out);
        send_request("subscribe", batch, now, out);
    }
    find_next_renewal();
}

void Session::find_next_renewal() {
    next_renewal_at_.reset();
    for (const TopicState& state : states_) {
        if (!state.resubscribe_at) continue;
        if (!next_renewal_at_ || *state.resubscribe_at < *next_renewal_at_) next_renewal_at_ = state.resubscribe_at;
    }
}

}  // namespace vt::exchange::bybit
