#include "exchange/bybit/session.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <charconv>

namespace vt::exchange::bybit {
namespace {

constexpr std::size_t kMaxPendingRequests = 256;

std::uint32_t depth_in(const Topic& topic) {
    std::uint32_t depth = 0;
    if (topic.stream != market::Stream::book) return depth;
    const std::size_t dot = topic.name.find('.');
    if (dot != std::string::npos) {
        std::from_chars(topic.name.data() + dot + 1, topic.name.data() + topic.name.size(), depth);
    }
    return depth;
}

}  // namespace

std::string_view name(SessionState state) {
    switch (state) {
        case SessionState::idle: return "idle";
        case SessionState::connecting: return "connecting";
        case SessionState::subscribing: return "subscribing";
        case SessionState::live: return "live";
        case SessionState::closing: return "closing";
    }
    return "unknown";
}

Session::Session(SessionParams params, std::vector<Topic> topics, std::span<StreamStatus> statuses)
    : params_(std::move(params)), topics_(std::move(topics)), statuses_(statuses), states_(topics_.size()) {
    VT_ASSERT(statuses_.size() == topics_.size());
    VT_ASSERT(params_.times.topics_per_request > 0);
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        const Topic& topic = topics_[i];
        const std::size_t row = topic.instrument.value() * market::kStreamCount;
        if (index_.size() < row + market::kStreamCount) index_.resize(row + market::kStreamCount, -1);
        std::int32_t& place = index_[row + static_cast<std::size_t>(topic.stream)];
        VT_ASSERT(place < 0);
        place = static_cast<std::int32_t>(i);
        states_[i].depth = depth_in(topic);
        states_[i].must_speak = topic.stream == market::Stream::book || topic.stream == market::Stream::ticker;
        statuses_[i].instrument = topic.instrument;
        statuses_[i].stream = topic.stream;
        statuses_[i].connection = params_.connection;
    }
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        if (topics_[i].stream == market::Stream::book) {
            states_[i].ticker = topic_of(topics_[i].instrument, market::Stream::ticker);
        }
    }
}

std::optional<std::size_t> Session::topic_of(market::InstrumentId instrument, market::Stream stream) const {
    const std::size_t place = instrument.value() * market::kStreamCount + static_cast<std::size_t>(stream);
    if (place >= index_.size() || index_[place] < 0) return std::nullopt;
    return static_cast<std::size_t>(index_[place]);
}

bool Session::are_all_confirmed() const {
    return std::all_of(states_.begin(), states_.end(), [](const TopicState& topic) {
        return topic.is_refused || (topic.must_speak ? topic.has_spoken : topic.has_spoken || topic.is_acknowledged);
    });
}

void Session::start(Timestamp now, Output& out) {
    if (state_ != SessionState::idle) return;
    attempt_ = 0;
    connect("starting", now, out);
}

void Session::stop(Timestamp now, Output& out) {
    if (state_ == SessionState::idle) return;
    if (state_ != SessionState::closing) out.actions.emplace_back(Disconnect{params_.connection, "stopped"});
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        break_book(i, market::BookGap::disconnected, {now, 0}, out);
        set_state(i, StreamState::down, "stopped", out);
    }
    pending_.clear();
    state_ = SessionState::idle;
}

void Session::connect(std::string_view reason, Timestamp now, Output& out) {
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        break_book(i, market::BookGap::disconnected, {now, 0}, out);
        set_state(i, StreamState::connecting, reason, out);
    }
    pending_.clear();
    opened_at_.reset();
    state_ = SessionState::connecting;
    since_ = now;
    out.actions.emplace_back(Connect{params_.connection, Site::bybit, params_.path, attempt_});
}

void Session::disconnect(std::string_view reason, Timestamp now, Output& out) {
    out.actions.emplace_back(Disconnect{params_.connection, std::string(reason)});
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        break_book(i, market::BookGap::disconnected, {now, 0}, out);
        set_state(i, StreamState::connecting, reason, out);
    }
    state_ = SessionState::closing;
    since_ = now;
}

void Session::on_open(Timestamp now, Output& out) {
    if (state_ == SessionState::closing) return;
    if (state_ == SessionState::idle) {
        out.actions.emplace_back(Disconnect{params_.connection, "not wanted"});
        return;
    }
    for (std::size_t i = 0; i < topics_.size(); ++i) break_book(i, market::BookGap::disconnected, {now, 0}, out);
    ++generation_;
    state_ = SessionState::subscribing;
    opened_at_ = last_heard_at_ = now;
    last_data_at_ = last_ping_at_ = now;
    ping_sent_at_.reset();
    next_renewal_at_.reset();
    are_quiet_streams_stale_ = false;
    next_check_at_ = now + params_.times.check_every;
    subscribe_all(now, out);
}

void Session::subscribe_all(Timestamp now, Output& out) {
    pending_.clear();
    std::vector<std::size_t> batch;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        TopicState& topic = states_[i];
        topic.is_acknowledged = topic.has_spoken = false;
        topic.is_refused = topic.is_delisted;
        topic.resubscribe_at.reset();
        topic.moved_at.reset();
        topic.last_price.reset();
        topic.pacing = {};
        if (topic.is_delisted) {
            set_state(i, StreamState::down, "no longer listed", out);
            continue;
        }
        set_state(i, StreamState::resyncing, "subscribing", out);
        batch.push_back(i);
        if (batch.size() == params_.times.topics_per_request) {
            send_request("subscribe", batch, now, out);
            batch.clear();
        }
    }
    if (!batch.empty()) send_request("subscribe", batch, now, out);
}

// https://bybit-exchange.github.io/docs/v5/ws/connect, read 2026-07-24
// {"req_id":"s1-1","op":"subscribe","args":["orderbook.50.BTCUSDT","publicTrade.BTCUSDT"]}
void Session::send_request(std::string_view operation, std::span<const std::size_t> topics, Timestamp now,
                           Output& out) {
    std::string id(1, operation.front());
    id += std::to_string(generation_) + "-" + std::to_string(next_request_++);
    std::string text = R"({"req_id":")" + id + R"(","op":")";
    text.append(operation).append(R"(","args":[)");
    for (const std::size_t i : topics) {
        if (i != topics.front()) text += ',';
        text.append("\"").append(topics_[i].name).append("\"");
    }
    text += "]}";
    out.actions.emplace_back(SendText{params_.connection, std::move(text)});
    if (operation != "subscribe") return;
    for (const std::size_t i : topics) {
        states_[i].subscribed_at = now;
        states_[i].sync.await_snapshot();
    }
    // More than this many without an answer: the venue does not answer at all, and the first-data limits will say so.
    if (pending_.size() == kMaxPendingRequests) pending_.erase(pending_.begin());
    pending_.push_back({std::move(id), now, {topics.begin(), topics.end()}});
}

void Session::send_ping(Timestamp now, Output& out) {
    ping_sent_at_ = last_ping_at_ = now;
    std::string id = "p";  // not "p" + ...: GCC 12 at -O3 warns of an endless copy there
    id.append(std::to_string(generation_)).append("-").append(std::to_string(next_request_++));
    out.actions.emplace_back(SendText{params_.connection, R"({"req_id":")" + id + R"(","op":"ping"})"});
}

void Session::on_text(std::string_view text, const market::InstrumentDirectory& directory, Codec& codec,
                      EventStamp stamp, Output& out) {
    if (!is_open()) return;
    last_heard_at_ = stamp.received;
    const std::size_t first_event = out.events.size();
    const std::size_t first_level = out.levels.size();
    const Frame frame = codec.decode(text, directory, stamp, out);
    if (are_quiet_streams_stale_) {
        are_quiet_streams_stale_ = false;
        for (std::size_t i = 0; i < topics_.size(); ++i) {
            const bool is_confirmed = states_[i].is_acknowledged || states_[i].has_spoken;
            if (!states_[i].must_speak && is_confirmed)
                set_state(i, StreamState::live, "connection speaks again", out);
        }
    }
    std::optional<std::size_t> topic;
    if (frame.instrument) topic = topic_of(*frame.instrument, frame.stream);
    switch (frame.kind) {
        case FrameKind::rejected:
            if (topic && frame.stream == market::Stream::book && states_[*topic].sync.is_synced()) {
                break_book(*topic, frame.defect, stamp, out);
                set_state(*topic, StreamState::resyncing, "refused update", out);
                schedule(*topic, stamp.received);
            }
            break;
        case FrameKind::acknowledged: on_acknowledged(frame, stamp.received, out); break;
        case FrameKind::pong: ping_sent_at_.reset(); break;
        case FrameKind::book:
        case FrameKind::trades:
        case FrameKind::ticker:
        case FrameKind::liquidations:
        case FrameKind::candles:
            if (!topic || (frame.kind == FrameKind::book && frame.depth != states_[*topic].depth)) {
                out.events.resize(first_event);
                out.levels.resize(first_level);
                out.rejections.push_back({"bybit connection", "data of a topic that was not subscribed"});
                break;
            }
            if (frame.kind == FrameKind::book)
                on_book(frame, *topic, stamp, out);
            else
                on_data(frame, *topic, stamp, out);
            break;
    }
    if (stamp.received >= next_check_at_) check(stamp.received, out);
    renew_due(stamp.received, out);
}

void Session::on_acknowledged(const Frame& frame, Timestamp now, Output& out) {
    const auto found = std::find_if(pending_.begin(), pending_.end(),
                                    [&](const PendingRequest& request) { return request.id == frame.request_id; });
    if (found == pending_.end()) return;  // of an unsubscribe, or given up since
    const PendingRequest request = std::move(*found);
    pending_.erase(found);
    if (!frame.is_success) return on_refused(request, frame.message, now, out);
    for (const std::size_t i : request.topics) {
        states_[i].is_acknowledged = true;
        if (!states_[i].must_speak) set_state(i, StreamState::live, "subscribed", out);
    }
    if (state_ == SessionState::subscribing && are_all_confirmed()) state_ = SessionState::live;
}

// {"success":false,"ret_msg":"error:handler not found,topic:orderbook.51.BTCUSDT","req_id":"s1-1","op":"subscribe"}
// The venue names the topic it refused. Whether it took the others of the request is not documented: they are asked
// again.
void Session::on_refused(const PendingRequest& request, std::string_view message, Timestamp now, Output& out) {
    constexpr std::string_view kMarker = "topic:";
    const std::size_t marker = message.find(kMarker);
    const std::string_view named =
        marker == std::string_view::npos ? std::string_view{} : message.substr(marker + kMarker.size());
    const bool is_known = message.find("already subscribed") != std::string_view::npos;
    for (const std::size_t i : request.topics) {
        if (topics_[i].name != named) {
            if (!states_[i].has_spoken) schedule(i, now);
            continue;
        }
        if (is_known) {
            states_[i].is_acknowledged = true;
            continue;
        }
        states_[i].is_refused = true;
        states_[i].resubscribe_at.reset();
        break_book(i, market::BookGap::disconnected, {now, 0}, out);
        set_state(i, StreamState::down, "refused by the venue", out);
    }
    out.rejections.push_back({"bybit subscription", "refused: " + std::string(message.substr(0, 200))});
    if (state_ == SessionState::subscribing && are_all_confirmed()) state_ = SessionState::live;
}

void Session::note_heard(const Frame& frame, std::size_t topic, Timestamp now) {
    StreamStatus& status = statuses_[topic];
    status.last_receive_time = now;
    if (!status.last_exchange_time || *status.last_exchange_time < frame.exchange_time) {
        status.last_exchange_time = frame.exchange_time;
    }
    last_data_at_ = now;
    if (!states_[topic].has_spoken) {
        states_[topic].has_spoken = true;
        if (state_ == SessionState::subscribing && are_all_confirmed()) state_ = SessionState::live;
    }
}

void Session::on_book(const Frame& frame, std::size_t topic, EventStamp stamp, Output& out) {
    TopicState& state = states_[topic];
    const std::size_t level_count = frame.bid_count + frame.ask_count;
    const bool was_synced = state.sync.is_synced();
    const BookStep step =
        state.sync.on_frame({frame.is_snapshot, frame.depth, frame.update_id, frame.cross_sequence});
    // A delta of the subscription before this one is no sign of life of this one.
    if (was_synced || state.sync.is_synced()) note_heard(frame, topic, stamp.received);
    if (step.broken) {
        ++statuses_[topic].gaps;
        out.events.push_back({topics_[topic].instrument, frame.exchange_time, stamp.received, stamp.source_sequence,
                              market::BookInvalid{*step.broken}});
    }
    if (step.verdict == BookVerdict::snapshot || step.verdict == BookVerdict::delta) {
        const std::span<const market::Level> levels(out.levels.data() + (out.levels.size() - level_count),
                                                    level_count);
        market::BookUpdate update{step.verdict == BookVerdict::snapshot, frame.depth, frame.update_id,
                                  levels.first(frame.bid_count), levels.subspan(frame.bid_count)};
        out.events.push_back(
            {topics_[topic].instrument, frame.exchange_time, stamp.received, stamp.source_sequence, update});
        if (step.verdict == BookVerdict::snapshot) state.resubscribe_at.reset();
        set_state(topic, StreamState::live, "in sync", out);
        return;
    }
    out.levels.resize(out.levels.size() - level_count);
    if (step.verdict == BookVerdict::gap) {
        set_state(topic, StreamState::resyncing, "sequence gap", out);
        schedule(topic, stamp.received);
    } else if (state.sync.is_synced()) {
        set_state(topic, StreamState::live, "in sync", out);
    } else if (state.is_acknowledged && stamp.received - state.subscribed_at >= params_.times.lost_snapshot_after) {
        schedule(topic, stamp.received);  // the stream speaks again, but its snapshot was lost
    }
}

void Session::on_data(const Frame& frame, std::size_t topic, EventStamp stamp, Output& out) {
    note_heard(frame, topic, stamp.received);
    if (frame.moves_book && is_news(frame, topic, out)) states_[topic].moved_at = stamp.received;
    set_state(topic, StreamState::live, "speaks", out);
}

// A whole ticker names its last price whether or not it moved; a delta only what changed.
bool Session::is_news(const Frame& frame, std::size_t topic, const Output& out) {
    const auto* const ticker = std::get_if<market::Ticker>(&out.events.back().body);
    if (ticker == nullptr || !ticker->last_price) return !frame.is_snapshot;
    const bool has_moved = states_[topic].last_price != ticker->last_price;
    states_[topic].last_price = ticker->last_price;
    return has_moved || !frame.is_snapshot;
}

void Session::on_close(std::string_view reason, Timestamp now, Output& out) {
    if (state_ == SessionState::idle) return;
    const bool was_proven = opened_at_ && now - *opened_at_ >= params_.times.proven_after;
    attempt_ = was_proven ? 0 : attempt_ + 1;
    connect(reason.empty() ? "connection closed" : reason, now, out);
}

void Session::move_statuses(std::span<StreamStatus> statuses) {
    VT_ASSERT(statuses.size() == topics_.size());
    statuses_ = statuses;
}

void Session::set_state(std::size_t topic, StreamState state, std::string_view reason, Output& out) {
    if (statuses_[topic].state == state) return;
    statuses_[topic].state = state;
    out.changes.push_back({topics_[topic].instrument, topics_[topic].stream, state, std::string(reason)});
}

}  // namespace vt::exchange::bybit
