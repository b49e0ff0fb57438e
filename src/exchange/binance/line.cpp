#include "exchange/binance/line.hpp"

#include <algorithm>
#include <numeric>

namespace vt::exchange::binance {
namespace {

constexpr Nanos kFirstBackOff = std::chrono::seconds{5};
constexpr Nanos kLongestBackOff = std::chrono::seconds{60};
constexpr std::size_t kMaxPending = 64;

bool may_never_speak(const Topic& topic) {
    return topic.kind == MessageKind::liquidation || topic.kind == MessageKind::contract;
}

}  // namespace

std::string_view name(LineState state) {
    switch (state) {
        case LineState::idle: return "idle";
        case LineState::connecting: return "connecting";
        case LineState::subscribing: return "subscribing";
        case LineState::live: return "live";
        case LineState::closing: return "closing";
    }
    return "unknown";
}

Line::Line(LineParams params, std::span<const Topic> topics, ConnectBudget& budget)
    : params_(std::move(params)), topics_(topics), budget_(budget), states_(topics.size()) {}

bool Line::must_speak() const {
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        if (topics_[i].must_speak && !states_[i].is_refused) return true;
    }
    return false;
}

std::vector<std::size_t> Line::take_changed() { return std::exchange(changed_, {}); }

void Line::start(Timestamp now, Output& out) {
    if (state_ != LineState::idle) return;
    attempt_ = 0;
    connect(now, out);
}

void Line::stop(std::string_view reason, Timestamp /*now*/, Output& out) {
    if (state_ == LineState::idle) return;
    const bool was_asked = state_ != LineState::closing && !is_connect_due_;
    if (was_asked) out.actions.emplace_back(Disconnect{params_.connection, std::string(reason)});
    pending_.clear();
    outbox_.clear();
    is_connect_due_ = false;
    state_ = LineState::idle;
}

void Line::connect(Timestamp now, Output& out) {
    pending_.clear();
    outbox_.clear();
    state_ = LineState::connecting;
    since_ = now;
    is_connect_due_ = true;
    open_if_allowed(now, out);
}

void Line::open_if_allowed(Timestamp now, Output& out) {
    if (!is_connect_due_ || !budget_.take(now)) return;
    is_connect_due_ = false;
    since_ = now;
    out.actions.emplace_back(Connect{params_.connection, params_.site, params_.path, attempt_});
}

void Line::recycle(std::string_view reason, Timestamp now, Output& out) {
    if (state_ == LineState::idle || state_ == LineState::closing) return;
    reason_ = reason;
    out.actions.emplace_back(Disconnect{params_.connection, reason_});
    state_ = LineState::closing;
    since_ = now;
}

void Line::on_open(Timestamp now, Output& out) {
    if (state_ == LineState::closing) return;
    if (state_ == LineState::idle || is_connect_due_) {
        out.actions.emplace_back(Disconnect{params_.connection, "not wanted"});
        return;
    }
    ++generation_;
    state_ = LineState::subscribing;
    opened_at_ = last_data_at_ = now;
    last_heard_at_ = now;
    is_probing_ = false;
    next_control_at_ = now;
    next_check_at_ = now + params_.times.check_every;
    pending_.clear();
    outbox_.clear();
    for (TopicState& topic : states_) topic = {.subscribed_at = now, .renew_at = {}};
    std::vector<std::size_t> all(topics_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    subscribe(all);
    send_due(now, out);
}

void Line::subscribe(std::span<const std::size_t> topics) {
    for (std::size_t first = 0; first < topics.size(); first += params_.times.topics_per_request) {
        const auto batch = topics.subspan(first, std::min(params_.times.topics_per_request, topics.size() - first));
        outbox_.push_back({"SUBSCRIBE", {batch.begin(), batch.end()}});
    }
}

// {"method":"SUBSCRIBE","params":["btcusdt@depth@100ms","btcusdt@trade"],"id":1}
// At most so many a second, an idle connection's first at once: the venue closes a connection that is faster.
void Line::send_due(Timestamp now, Output& out) {
    const Nanos pace = Nanos{std::chrono::seconds{1}} / std::max(1U, params_.controls_per_second);
    while (!outbox_.empty() && now >= next_control_at_) {
        const Control control = std::move(outbox_.front());
        outbox_.pop_front();
        next_control_at_ = now + pace;
        const std::uint64_t id = next_id_++;
        std::string text = R"({"method":")";
        text.append(control.method).append("\"");
        if (!control.topics.empty()) text += R"(,"params":[)";
        for (const std::size_t i : control.topics) {
            if (i != control.topics.front()) text += ',';
            text.append("\"").append(topics_[i].name).append("\"");
        }
        if (!control.topics.empty()) text += ']';
        text.append(R"(,"id":)").append(std::to_string(id)).append("}");
        out.actions.emplace_back(SendText{params_.connection, std::move(text)});
        const bool is_subscription = std::string_view(control.method) == "SUBSCRIBE";
        for (const std::size_t i : control.topics) {
            if (is_subscription) states_[i].subscribed_at = now;
        }
        // So many without an answer: the venue does not answer at all, and the first-data limits will say so.
        if (pending_.size() == kMaxPending) pending_.erase(pending_.begin());
        pending_.push_back({id, now, is_subscription ? control.topics : std::vector<std::size_t>{}});
    }
}

void Line::on_message(const Message& message, std::optional<std::size_t> topic, Timestamp now, Output& out) {
    if (!is_open()) return;
    last_heard_at_ = now;
    if (message.kind == MessageKind::acknowledged || message.kind == MessageKind::refused) {
        on_answer(message, now, out);
    } else if (topic) {
        last_data_at_ = now;
        TopicState& state = states_[*topic];
        if (!state.has_spoken) {
            state.has_spoken = true;
            state.back_off = {};
            state.renew_at.reset();
            changed_.push_back(*topic);
            settle();
        }
    }
    if (now >= next_check_at_) check(now, out);
    if (is_open()) send_due(now, out);
}

void Line::settle() {
    if (state_ != LineState::subscribing) return;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        const TopicState& state = states_[i];
        const bool is_confirmed = state.has_spoken || (state.is_acknowledged && !topics_[i].must_speak);
        if (!is_confirmed && !state.is_refused) return;
    }
    state_ = LineState::live;
}

void Line::on_answer(const Message& message, Timestamp now, Output& out) {
    is_probing_ = false;
    const auto found = std::find_if(pending_.begin(), pending_.end(), [&](const Pending& pending) {
        return message.request_id && pending.id == *message.request_id;
    });
    if (found == pending_.end()) {
        if (message.kind == MessageKind::refused) {
            out.rejections.push_back({"binance subscription", "refused without naming the request: code " +
                                                                  std::to_string(message.code) + " " +
                                                                  std::string(message.text.substr(0, 200))});
        }
        return;
    }
    const Pending pending = std::move(*found);
    pending_.erase(found);
    if (message.kind == MessageKind::refused) return on_refused(pending, message, out);
    for (const std::size_t i : pending.topics) {
        states_[i].is_acknowledged = true;
        states_[i].subscribed_at = now;
        changed_.push_back(i);
    }
    settle();
}

/// The venue refuses a whole request for one bad name: each half is asked alone, until only the bad one stays out.
void Line::on_refused(const Pending& pending, const Message& message, Output& out) {
    if (pending.topics.empty()) return;
    if (pending.topics.size() > 1) {
        const std::span<const std::size_t> all = pending.topics;
        for (const auto half : {all.first(all.size() / 2), all.subspan(all.size() / 2)})
            outbox_.push_back({"SUBSCRIBE", {half.begin(), half.end()}});
        return;
    }
    const std::size_t topic = pending.topics.front();
    states_[topic].is_refused = true;
    states_[topic].renew_at.reset();
    changed_.push_back(topic);
    out.rejections.push_back({"binance subscription", "refused: " + topics_[topic].name + ": code " +
                                                          std::to_string(message.code) + " " +
                                                          std::string(message.text.substr(0, 200))});
    settle();
}

void Line::on_close(std::string_view reason, Timestamp now, Output& out) {
    if (state_ == LineState::idle || is_connect_due_) return;
    if (state_ != LineState::closing) reason_ = reason.empty() ? "connection closed" : reason;
    const Timestamp until = state_ == LineState::closing ? since_ : now;
    const bool was_proven = state_ != LineState::connecting && until - opened_at_ >= params_.times.proven_after;
    attempt_ = was_proven ? 0 : attempt_ + 1;
    connect(now, out);
}

void Line::on_tick(Timestamp now, Output& out) {
    switch (state_) {
        case LineState::idle: return;
        case LineState::connecting:
            open_if_allowed(now, out);
            if (!is_connect_due_ && now - since_ >= params_.times.connect_timeout)
                recycle("did not open in time", now, out);
            return;
        case LineState::closing:
            if (now - since_ >= params_.times.close_timeout) on_close("did not close in time", now, out);
            return;
        case LineState::subscribing:
        case LineState::live:
            if (now >= next_check_at_) check(now, out);
            if (is_open()) send_due(now, out);
    }
}

void Line::check(Timestamp now, Output& out) {
    const LineTimes& times = params_.times;
    next_check_at_ = now + times.check_every;
    const Nanos unheard = now - *last_heard_at_;
    if (unheard >= times.silence_timeout) return recycle("silent for too long", now, out);
    if (is_probing_ && now - probed_at_ >= times.probe_timeout) return recycle("no answer to a probe", now, out);
    if (must_speak() && now - last_data_at_ >= times.data_silence_timeout) {
        out.rejections.push_back({"binance " + params_.path, "answers but sends no data; is the route right? " +
                                                                 std::string("Connecting again")});
        return recycle("answers but sends no data", now, out);
    }
    if (!is_probing_ && unheard >= times.probe_after) {
        is_probing_ = true;
        probed_at_ = now;
        outbox_.push_front({"LIST_SUBSCRIPTIONS", {}});
    }
    check_acknowledgements(now);
    check_topics(now);
}

void Line::check_acknowledgements(Timestamp now) {
    const auto is_overdue = [&](const Pending& pending) {
        return now - pending.sent_at >= params_.times.acknowledge_timeout;
    };
    for (const Pending& pending : pending_) {
        if (!is_overdue(pending)) continue;
        for (const std::size_t i : pending.topics) {
            if (!states_[i].has_spoken) renew(i, now);
        }
    }
    pending_.erase(std::remove_if(pending_.begin(), pending_.end(), is_overdue), pending_.end());
}

void Line::check_topics(Timestamp now) {
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < topics_.size(); ++i) {
        TopicState& state = states_[i];
        if (state.is_refused) continue;
        const Nanos limit =
            topics_[i].must_speak ? params_.times.first_data_timeout : params_.times.first_print_timeout;
        const bool is_silent = !state.has_spoken && state.is_acknowledged && !may_never_speak(topics_[i]) &&
                               now - state.subscribed_at >= limit;
        if (is_silent) renew(i, now);
        if (!state.renew_at || *state.renew_at > now) continue;
        state.renew_at.reset();
        state.is_acknowledged = state.has_spoken = false;
        state.subscribed_at = now;
        due.push_back(i);
        changed_.push_back(i);
    }
    if (due.empty()) return;
    for (std::size_t first = 0; first < due.size(); first += params_.times.topics_per_request) {
        const auto batch =
            std::span(due).subspan(first, std::min(params_.times.topics_per_request, due.size() - first));
        outbox_.push_back({"UNSUBSCRIBE", {batch.begin(), batch.end()}});
        subscribe(batch);
    }
}

void Line::renew(std::size_t topic, Timestamp now) {
    TopicState& state = states_[topic];
    if (!is_open() || state.renew_at || state.is_refused) return;
    state.renew_at = now + state.back_off;
    state.back_off = std::clamp(state.back_off * 2, kFirstBackOff, kLongestBackOff);
}

}  // namespace vt::exchange::binance
