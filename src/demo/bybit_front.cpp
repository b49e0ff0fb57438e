#include "demo/bybit_front.hpp"

#include "base/assert.hpp"
#include "base/json_writer.hpp"
#include "base/prng.hpp"

#include <simdjson.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace vt::demo {
namespace {

constexpr std::string_view kPublicPath = "/v5/public/linear";
constexpr std::size_t kMaxAddresses = 1024;  // whose requests are counted; further ones share one count
constexpr std::size_t kMaxMessageBytes = 64 << 10;

/// The requests of one address.
struct Address {
    std::deque<Timestamp> requests;     // within the window, at most one more than allowed
    std::deque<Timestamp> connections;  // within the window
    std::int64_t second = 0;
    std::size_t in_second = 0;
    std::optional<Timestamp> banned_until;
};

struct Session {
    std::string connection_id;
    std::set<TopicId> topics;
    std::size_t topic_characters = 0;
    Timestamp last_heard;
    Timestamp last_ping;
};

/// Faults that concern frames to come.
struct Disturbance {
    Fault fault;
    Timestamp until;
    std::uint32_t left = 0;
};

void forget_before(std::deque<Timestamp>& times, Timestamp oldest) {
    while (!times.empty() && times.front() <= oldest) times.pop_front();
}

}  // namespace

struct BybitFront::Impl {
    Impl(Stream& from, const FrontLimits& given, std::uint64_t seed, Timestamp at)
        : stream(from), limits(given), prng(seed, "connection ids"), started(at), now(at) {}

    Stream& stream;
    FrontLimits limits;
    Prng prng;
    Timestamp started;
    Timestamp now;
    std::map<std::string, Address, std::less<>> addresses;
    std::map<SessionId, Session> sessions;
    std::vector<std::vector<SessionId>> subscribers;  // by topic
    std::vector<FrontAction> actions;
    std::uint32_t next_session = 1;
    std::vector<ScheduledFault> scheduled;
    std::size_t next_scheduled = 0;
    std::vector<Disturbance> disturbances;
    std::map<TopicId, std::shared_ptr<const std::string>> held;  // frames to be sent after the next one
    Timestamp down_until, muted_until, overloaded_until, banned_until;
    simdjson::dom::parser parser;

    Address& address_of(std::string_view name);
    void send(SessionId session, std::string text) {
        actions.emplace_back(SessionSend{session, std::make_shared<const std::string>(std::move(text))});
    }
    void drop(SessionId id, std::string reason);
    void drop_all(const std::string& reason);
    void forget(SessionId id);
    void reply(SessionId id, const Session& session, std::string_view op, std::string_view error,
               simdjson::dom::element request);
    void subscribe(SessionId id, Session& session, simdjson::dom::element request);
    void unsubscribe(SessionId id, Session& session, simdjson::dom::element request);
    void on_frame(TopicId topic, std::string_view text);
    void broadcast(TopicId topic, const std::shared_ptr<const std::string>& frame);
    bool disturb(TopicId topic, const std::shared_ptr<const std::string>& frame);
    void apply(const Fault& fault, Timestamp at);
    void expire();
};

BybitFront::BybitFront(Stream& stream, const FrontLimits& limits, std::uint64_t seed, Timestamp now)
    : impl_(std::make_unique<Impl>(stream, limits, seed, now)) {}
BybitFront::~BybitFront() = default;

Address& BybitFront::Impl::address_of(std::string_view name) {
    const auto found = addresses.find(name);
    if (found != addresses.end()) return found->second;
    return addresses[addresses.size() < kMaxAddresses ? std::string(name) : std::string("others")];
}

RestAnswer BybitFront::on_request(std::string_view address, std::string_view path, std::string_view query,
                                  Timestamp now) {
    Impl& impl = *impl_;
    if (now < impl.down_until) return {.status = 503, .content_type = "text/plain", .body = "service unavailable\n"};
    Address& from = impl.address_of(address);
    const RestAnswer forbidden{.status = 403, .content_type = "text/plain", .body = "access too frequent\n"};
    if (now < impl.banned_until || (from.banned_until && now < *from.banned_until)) return forbidden;
    if (now < impl.overloaded_until) {
        return {.status = 429, .body = rest_error(429, "too many requests, please try again later", now)};
    }
    forget_before(from.requests, now - impl.limits.window);
    from.requests.push_back(now);
    if (from.requests.size() > impl.limits.requests_per_window) {
        from.banned_until = now + impl.limits.ban;
        from.requests.clear();
        return forbidden;
    }
    const std::int64_t second = to_ms(now) / 1000;
    if (second != from.second) {
        from.second = second;
        from.in_second = 0;
    }
    ++from.in_second;
    const std::size_t allowed = impl.limits.requests_per_second;
    RestAnswer answer = from.in_second > allowed ? RestAnswer{.body = rest_error(10006, "Too many visits!", now)}
                                                 : answer_rest(impl.stream, path, query, now);
    answer.headers = {{"X-Bapi-Limit", std::to_string(allowed)},
                      {"X-Bapi-Limit-Status", std::to_string(allowed - std::min(from.in_second, allowed))},
                      {"X-Bapi-Limit-Reset-Timestamp",
                       std::to_string(from.in_second > allowed ? (second + 1) * 1000 : to_ms(now))}};
    return answer;
}

std::optional<RestAnswer> BybitFront::refuses_session(std::string_view address, std::string_view path,
                                                      Timestamp now) {
    if (path != kPublicPath)
        return RestAnswer{.status = 404, .content_type = "text/plain", .body = "404 page not found\n"};
    if (now < impl_->down_until) {
        return RestAnswer{.status = 503, .content_type = "text/plain", .body = "service unavailable\n"};
    }
    Address& from = impl_->address_of(address);
    forget_before(from.connections, now - impl_->limits.connection_window);
    if (from.connections.size() >= impl_->limits.connections_per_window || sessions() >= impl_->limits.max_sessions) {
        return RestAnswer{.status = 403, .content_type = "text/plain", .body = "too many connections\n"};
    }
    from.connections.push_back(now);
    return std::nullopt;
}

SessionId BybitFront::on_open(Timestamp now) {
    const SessionId id{impl_->next_session++};
    std::string name;
    append_trade_id(name, {.high = impl_->prng.next(), .low = impl_->prng.next()});
    impl_->sessions.emplace(id, Session{.connection_id = std::move(name), .last_heard = now, .last_ping = now});
    return id;
}

void BybitFront::Impl::forget(SessionId id) {
    const auto found = sessions.find(id);
    if (found == sessions.end()) return;
    for (const TopicId topic : found->second.topics) {
        stream.unwatch(topic);
        std::erase(subscribers[topic.value()], id);
    }
    sessions.erase(found);
}

void BybitFront::on_close(SessionId session) { impl_->forget(session); }

void BybitFront::Impl::drop(SessionId id, std::string reason) {
    forget(id);
    actions.emplace_back(SessionDrop{id, std::move(reason)});
}

void BybitFront::Impl::drop_all(const std::string& reason) {
    while (!sessions.empty()) drop(sessions.begin()->first, reason);
}

void BybitFront::Impl::reply(SessionId id, const Session& session, std::string_view op, std::string_view error,
                             simdjson::dom::element request) {
    JsonWriter json;
    json.begin_object();
    json.field("success", error.empty() || error == "pong");
    json.field("ret_msg", error);
    json.field("conn_id", session.connection_id);
    std::string_view text;
    std::int64_t number = 0;
    if (request["req_id"].get(text) == simdjson::SUCCESS) {
        json.field("req_id", text);
    } else if (request["req_id"].get(number) == simdjson::SUCCESS) {  // a number is echoed as one
        json.field("req_id", number);
    } else {
        json.field("req_id", "");
    }
    json.field("op", op);
    json.end_object();
    send(id, json.take());
}

void BybitFront::on_text(SessionId id, std::string_view text, Timestamp now) {
    Impl& impl = *impl_;
    const auto found = impl.sessions.find(id);
    if (found == impl.sessions.end()) return;
    Session& session = found->second;
    session.last_heard = now;
    simdjson::dom::element request;
    simdjson::dom::object object;
    std::string_view op;
    if (text.size() > kMaxMessageBytes ||
        impl.parser.parse(text.data(), text.size()).get(request) != simdjson::SUCCESS ||
        request.get(object) != simdjson::SUCCESS) {
        JsonWriter json;
        json.begin_object().field("success", false).field("ret_msg", "error:request is not a JSON object");
        json.field("conn_id", session.connection_id).field("req_id", "").field("op", "").end_object();
        impl.send(id, json.take());
        return;
    }
    if (request["op"].get(op) != simdjson::SUCCESS) op = "";
    if (op == "ping") {
        session.last_ping = now;
        if (now >= impl.muted_until) impl.reply(id, session, op, "pong", request);
    } else if (op == "subscribe") {
        impl.subscribe(id, session, request);
    } else if (op == "unsubscribe") {
        impl.unsubscribe(id, session, request);
    } else {
        impl.reply(id, session, op, "error:invalid op", request);
    }
}

void BybitFront::Impl::subscribe(SessionId id, Session& session, simdjson::dom::element request) {
    simdjson::dom::array args;
    if (request["args"].get(args) != simdjson::SUCCESS || args.size() == 0) {
        return reply(id, session, "subscribe", "error:args is not a list of topics", request);
    }
    // The whole request holds or nothing of it.
    std::vector<TopicId> wanted;
    std::size_t characters = session.topic_characters;
    for (const simdjson::dom::element arg : args) {
        std::string_view name;
        if (arg.get(name) != simdjson::SUCCESS) {
            return reply(id, session, "subscribe", "error:args is not a list of topics", request);
        }
        characters += name.size();
        if (characters > limits.topic_characters) {
            return reply(id, session, "subscribe", "error:args size >" + std::to_string(limits.topic_characters),
                         request);
        }
        const auto topic = stream.topic(name);
        if (!topic) return reply(id, session, "subscribe", "error:" + topic.error().what, request);
        if (session.topics.contains(*topic) || std::find(wanted.begin(), wanted.end(), *topic) != wanted.end()) {
            std::string error = "error:already subscribed,topic:";
            return reply(id, session, "subscribe", error.append(name), request);
        }
        wanted.push_back(*topic);
    }
    session.topic_characters = characters;
    reply(id, session, "subscribe", "", request);
    for (const TopicId topic : wanted) {
        session.topics.insert(topic);
        if (topic.value() >= subscribers.size()) subscribers.resize(topic.value() + 1);
        subscribers[topic.value()].push_back(id);
        stream.watch(topic);
        std::string first;
        stream.append_first_frame(topic, first);
        const bool is_stalled = std::any_of(disturbances.begin(), disturbances.end(), [&](const Disturbance& one) {
            return one.fault.kind == Fault::Kind::stall && now < one.until &&
                   one.fault.concerns(stream.topic_name(topic));
        });
        if (!first.empty() && !is_stalled) send(id, std::move(first));
    }
}

void BybitFront::Impl::unsubscribe(SessionId id, Session& session, simdjson::dom::element request) {
    simdjson::dom::array args;
    if (request["args"].get(args) != simdjson::SUCCESS) {
        return reply(id, session, "unsubscribe", "error:args is not a list of topics", request);
    }
    for (const simdjson::dom::element arg : args) {
        std::string_view name;
        if (arg.get(name) != simdjson::SUCCESS) continue;
        const auto topic = stream.topic(name);
        if (!topic || session.topics.erase(*topic) == 0)
            continue;  // what was not subscribed is not served now either
        session.topic_characters -= name.size();
        std::erase(subscribers[topic->value()], id);
        stream.unwatch(*topic);
    }
    reply(id, session, "unsubscribe", "", request);
}

void BybitFront::Impl::broadcast(TopicId topic, const std::shared_ptr<const std::string>& frame) {
    for (const SessionId session : subscribers[topic.value()]) actions.emplace_back(SessionSend{session, frame});
}

/// out: whether the frame was dealt with.
bool BybitFront::Impl::disturb(TopicId topic, const std::shared_ptr<const std::string>& frame) {
    for (Disturbance& one : disturbances) {
        if (!one.fault.concerns(stream.topic_name(topic))) continue;
        if (one.fault.kind == Fault::Kind::stall) {
            if (now < one.until) return true;
            continue;
        }
        if (one.left == 0) continue;
        switch (one.fault.kind) {
            case Fault::Kind::lose: --one.left; return true;
            case Fault::Kind::duplicate:
                --one.left;
                broadcast(topic, frame);
                broadcast(topic, frame);
                return true;
            case Fault::Kind::reorder:
                if (held.contains(topic)) continue;
                --one.left;
                held[topic] = frame;
                return true;
            case Fault::Kind::malform:
                --one.left;
                broadcast(topic, std::make_shared<const std::string>(frame->substr(0, frame->size() / 2)));
                return true;
            case Fault::Kind::drop:
            case Fault::Kind::restart:
            case Fault::Kind::new_books:
            case Fault::Kind::stall:
            case Fault::Kind::mute:
            case Fault::Kind::overload:
            case Fault::Kind::ban: break;
        }
    }
    return false;
}

void BybitFront::Impl::on_frame(TopicId topic, std::string_view text) {
    if (topic.value() >= subscribers.size() || subscribers[topic.value()].empty()) return;
    const auto frame = std::make_shared<const std::string>(text);
    if (!disturbances.empty() && disturb(topic, frame)) return;
    broadcast(topic, frame);
    if (held.empty()) return;
    if (const auto waiting = held.find(topic); waiting != held.end()) {
        broadcast(topic, waiting->second);
        held.erase(waiting);
    }
}

void BybitFront::Impl::apply(const Fault& fault, Timestamp at) {
    switch (fault.kind) {
        case Fault::Kind::drop: drop_all("scripted"); break;
        case Fault::Kind::restart:
            down_until = at + fault.duration;
            drop_all("scripted restart");
            break;
        case Fault::Kind::new_books:
            stream.restart_books([this](TopicId topic, std::string_view text, Timestamp) { on_frame(topic, text); });
            break;
        case Fault::Kind::mute: muted_until = at + fault.duration; break;
        case Fault::Kind::overload: overloaded_until = at + fault.duration; break;
        case Fault::Kind::ban: banned_until = at + fault.duration; break;
        case Fault::Kind::stall:
        case Fault::Kind::lose:
        case Fault::Kind::duplicate:
        case Fault::Kind::reorder:
        case Fault::Kind::malform:
            std::erase_if(disturbances, [&](const Disturbance& one) {
                return one.fault.kind == Fault::Kind::stall ? one.until <= at : one.left == 0;
            });
            disturbances.push_back({.fault = fault, .until = at + fault.duration, .left = fault.count});
            break;
    }
}

void BybitFront::Impl::expire() {
    std::vector<std::pair<SessionId, std::string>> late;
    for (const auto& [id, session] : sessions) {
        if (session.topics.empty() && now - session.last_heard > limits.idle_timeout) {
            late.emplace_back(id, "subscribed to nothing and silent");
        } else if (now - session.last_ping > limits.ping_timeout) {
            late.emplace_back(id, "no ping");
        }
    }
    for (auto& [id, reason] : late) drop(id, std::move(reason));
}

void BybitFront::advance(Timestamp now) {
    Impl& impl = *impl_;
    impl.now = now;
    while (impl.next_scheduled < impl.scheduled.size() &&
           impl.started + impl.scheduled[impl.next_scheduled].after <= now) {
        impl.apply(impl.scheduled[impl.next_scheduled++].fault, now);
    }
    // After a long pause of the machine nobody is told what happened meanwhile: subscribers see a gap.
    constexpr Nanos kLongestBacklog = std::chrono::seconds{10};
    if (now - impl.stream.now() > kLongestBacklog) impl.stream.advance(now - std::chrono::seconds{1}, {});
    impl.stream.advance(now, [&](TopicId topic, std::string_view text, Timestamp) { impl.on_frame(topic, text); });
    impl.expire();
}

void BybitFront::inject(const Fault& fault, Timestamp now) {
    impl_->now = now;
    impl_->apply(fault, now);
}

void BybitFront::schedule(std::vector<ScheduledFault> faults) {
    impl_->scheduled = std::move(faults);
    impl_->next_scheduled = 0;
}

std::vector<FrontAction> BybitFront::take_actions() { return std::exchange(impl_->actions, {}); }
std::size_t BybitFront::sessions() const { return impl_->sessions.size(); }

}  // namespace vt::demo
