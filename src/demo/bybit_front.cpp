#include "demo/bybit_front.hpp"

#include "base/assert.hpp"
#include "base/json_writer.hpp"
#include "base/prng.hpp"
#include "demo/disturbances.hpp"
#include "demo/rest.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace vt::demo {
namespace {

constexpr std::string_view kPublicPath = "/v5/public/";

/// The requests of one address.
struct Address {
    RollingCount requests;
    RollingCount connections;
    std::int64_t second = 0;
    std::size_t in_second = 0;
    std::optional<Timestamp> banned_until;
};

struct BybitSession {
    std::string connection_id;
    std::optional<Segment> segment;  // nothing: options, of which there are none
    std::set<TopicId> topics;
    std::size_t topic_characters = 0;
    Timestamp last_heard;
    Timestamp last_ping;
};

/// out: nothing when it is no path of a public stream; an empty inner value for options
std::optional<std::optional<Segment>> segment_of(std::string_view path) {
    if (!path.starts_with(kPublicPath)) return std::nullopt;
    const std::string_view category = path.substr(kPublicPath.size());
    if (category == "linear") return Segment::bybit_linear;
    if (category == "spot") return Segment::bybit_spot;
    if (category == "inverse") return Segment::bybit_inverse;
    if (category == "option") return std::optional<Segment>();
    return std::nullopt;
}

}  // namespace

struct BybitFront::Impl {
    Impl(Stream& from, const Accounts& of, const BybitLimits& given, std::uint64_t seed)
        : stream(from), accounts(of), limits(given), prng(seed, "connection ids") {}

    Stream& stream;
    const Accounts& accounts;
    BybitLimits limits;
    Prng prng;
    Timestamp now;
    PerAddress<Address> addresses;
    std::map<SessionId, BybitSession> sessions;
    std::vector<std::vector<SessionId>> subscribers;  // by topic
    std::vector<FrontAction> actions;
    Disturbances disturbances;
    simdjson::dom::parser parser;

    void send(SessionId session, std::string text) {
        actions.emplace_back(SessionSend{session, std::make_shared<const std::string>(std::move(text))});
    }
    std::optional<RestAnswer> refuse(Address& from);
    RestAnswer answer(const FrontRequest& request);
    void drop(SessionId id, std::string reason);
    void drop_all(const std::string& reason);
    void forget(SessionId id);
    void reply(SessionId id, const BybitSession& session, std::string_view op, std::string_view error,
               simdjson::dom::element request);
    void subscribe(SessionId id, BybitSession& session, simdjson::dom::element request);
    void refuse_options(SessionId id, const BybitSession& session, simdjson::dom::array args);
    void unsubscribe(SessionId id, BybitSession& session, simdjson::dom::element request);
    void broadcast(TopicId topic, const Disturbances::Frame& frame);
    void expire();
};

BybitFront::BybitFront(Stream& stream, const Accounts& accounts, const BybitLimits& limits, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(stream, accounts, limits, seed)) {}
BybitFront::~BybitFront() = default;

bool BybitFront::serves(std::string_view path) { return path.starts_with("/v5/"); }

/// What is answered before the request is looked at.
std::optional<RestAnswer> BybitFront::Impl::refuse(Address& from) {
    if (disturbances.is_tls_broken(now)) return RestAnswer{.status = 0, .body = "certificate not trusted"};
    if (disturbances.is_down(now)) return plain_answer(503, "service unavailable");
    const Timestamp clock = disturbances.clock(now);
    if (disturbances.is_banning(now) || disturbances.is_forbidding(now) ||
        (from.banned_until && now < *from.banned_until)) {
        return plain_answer(403, "access too frequent");
    }
    if (disturbances.is_overloaded(now)) {
        return RestAnswer{.status = 429, .body = rest_error(429, "too many requests, please try again later", clock)};
    }
    if (!from.requests.take(now, limits.window, limits.requests_per_window)) {
        from.banned_until = now + limits.ban;
        from.requests.clear();
        return plain_answer(403, "access too frequent");
    }
    return std::nullopt;
}

RestAnswer BybitFront::on_request(const FrontRequest& request, Timestamp now) {
    impl_->now = now;
    RestAnswer answer = impl_->answer(request);
    answer.delay = impl_->disturbances.rest_delay(now);
    return answer;
}

RestAnswer BybitFront::Impl::answer(const FrontRequest& request) {
    Address& from = addresses[request.address];
    if (auto refusal = refuse(from)) return std::move(*refusal);
    const std::int64_t second = to_ms(now) / 1000;
    if (second != from.second) {
        from.second = second;
        from.in_second = 0;
    }
    ++from.in_second;
    const std::size_t allowed = limits.requests_per_second;
    const Timestamp clock = disturbances.clock(now);
    const bool is_status = request.path == "/v5/system/status";
    RestAnswer made;
    if (from.in_second > allowed) {
        made.body = rest_error(10006, "Too many visits!", clock);
    } else if (disturbances.is_in_maintenance(now) && !is_status) {
        made.body = rest_error(10016, "Service is under maintenance", clock);
    } else {
        made = answer_rest(stream, request, clock,
                           {.is_in_maintenance = disturbances.is_in_maintenance(now), .accounts = &accounts});
    }
    made.headers = {{"X-Bapi-Limit", std::to_string(allowed)},
                    {"X-Bapi-Limit-Status", std::to_string(allowed - std::min(from.in_second, allowed))},
                    {"X-Bapi-Limit-Reset-Timestamp",
                     std::to_string(from.in_second > allowed ? (second + 1) * 1000 : to_ms(now))}};
    return made;
}

std::optional<RestAnswer> BybitFront::refuses_session(const FrontRequest& request, Timestamp now) {
    Impl& impl = *impl_;
    impl.now = now;
    if (impl.disturbances.is_tls_broken(now)) return RestAnswer{.status = 0, .body = "certificate not trusted"};
    if (!segment_of(request.path)) return plain_answer(404, "404 page not found");
    if (impl.disturbances.is_down(now) || impl.disturbances.is_in_maintenance(now))
        return plain_answer(503, "service unavailable");
    const bool fits = sessions() < impl.limits.max_sessions;
    if (!fits || !impl.addresses[request.address].connections.take(now, impl.limits.connection_window,
                                                                   impl.limits.connections_per_window)) {
        return plain_answer(403, "too many connections");
    }
    return std::nullopt;
}

void BybitFront::on_open(SessionId id, std::string_view path, Timestamp now) {
    const auto segment = segment_of(path);
    VT_ASSERT(segment.has_value());
    std::string name;
    append_trade_id(name, {.high = impl_->prng.next() | 1U, .low = impl_->prng.next()});
    impl_->sessions.emplace(id, BybitSession{.connection_id = std::move(name),
                                             .segment = *segment,
                                             .topics = {},
                                             .last_heard = now,
                                             .last_ping = now});
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

void BybitFront::Impl::reply(SessionId id, const BybitSession& session, std::string_view op, std::string_view error,
                             simdjson::dom::element request) {
    JsonWriter json;
    json.begin_object();
    json.field("success", !error.starts_with("error:"));
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
    impl.now = now;
    BybitSession& session = found->second;
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
        if (!impl.disturbances.is_mute(now)) impl.reply(id, session, op, "pong", request);
    } else if (op == "subscribe") {
        impl.subscribe(id, session, request);
    } else if (op == "unsubscribe") {
        impl.unsubscribe(id, session, request);
    } else {
        impl.reply(id, session, op, "error:invalid op", request);
    }
}

void BybitFront::Impl::subscribe(SessionId id, BybitSession& session, simdjson::dom::element request) {
    simdjson::dom::array args;
    if (request["args"].get(args) != simdjson::SUCCESS || args.size() == 0) {
        return reply(id, session, "subscribe", "error:args is not a list of topics", request);
    }
    if (!session.segment) return refuse_options(id, session, args);
    const bool is_spot = session.segment == Segment::bybit_spot;
    if (is_spot && args.size() > limits.spot_arguments) {
        return reply(id, session, "subscribe", "error:args size >" + std::to_string(limits.spot_arguments), request);
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
        const auto topic = stream.topic(name, *session.segment);
        if (!topic) return reply(id, session, "subscribe", "error:" + topic.error().what, request);
        if (session.topics.contains(*topic) || std::find(wanted.begin(), wanted.end(), *topic) != wanted.end()) {
            std::string error = "error:already subscribed,topic:";
            return reply(id, session, "subscribe", error.append(name), request);
        }
        wanted.push_back(*topic);
    }
    session.topic_characters = characters;
    reply(id, session, "subscribe", is_spot ? "subscribe" : "", request);
    for (const TopicId topic : wanted) {
        session.topics.insert(topic);
        if (topic.value() >= subscribers.size()) subscribers.resize(topic.value() + 1);
        subscribers[topic.value()].push_back(id);
        stream.watch(topic);
        std::string first;
        stream.append_first_frame(topic, first);
        if (!first.empty() && !disturbances.is_stalled(stream.topic_name(topic), now)) send(id, std::move(first));
    }
}

void BybitFront::Impl::unsubscribe(SessionId id, BybitSession& session, simdjson::dom::element request) {
    simdjson::dom::array args;
    if (request["args"].get(args) != simdjson::SUCCESS || !session.segment) {
        return reply(id, session, "unsubscribe", "error:args is not a list of topics", request);
    }
    for (const simdjson::dom::element arg : args) {
        std::string_view name;
        if (arg.get(name) != simdjson::SUCCESS) continue;
        const auto topic = stream.topic(name, *session.segment);
        if (!topic || session.topics.erase(*topic) == 0)
            continue;  // what was not subscribed is not served now either
        session.topic_characters -= name.size();
        std::erase(subscribers[topic->value()], id);
        stream.unwatch(*topic);
    }
    reply(id, session, "unsubscribe", "", request);
}

void BybitFront::Impl::refuse_options(SessionId id, const BybitSession& session, simdjson::dom::array args) {
    JsonWriter json;
    json.begin_object().field("success", false).field("conn_id", session.connection_id).key("data").begin_object();
    json.key("failTopics").begin_array();
    for (const simdjson::dom::element arg : args) {
        std::string_view name;
        if (arg.get(name) == simdjson::SUCCESS) json.value(name);
    }
    json.end_array().key("successTopics").begin_array().end_array().end_object();
    json.field("type", "COMMAND_RESP").end_object();
    send(id, json.take());
}

void BybitFront::Impl::broadcast(TopicId topic, const Disturbances::Frame& frame) {
    for (const SessionId session : subscribers[topic.value()]) actions.emplace_back(SessionSend{session, frame});
}

void BybitFront::on_frame(TopicId topic, std::string_view text) {
    Impl& impl = *impl_;
    if (topic.value() >= impl.subscribers.size() || impl.subscribers[topic.value()].empty()) return;
    const auto frame = std::make_shared<const std::string>(text);
    impl.disturbances.pass(topic.value(), impl.stream.topic_name(topic), frame, impl.now,
                           [&](std::uint32_t of, const auto& one) { impl.broadcast(TopicId{of}, one); });
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

void BybitFront::begin_frames(Timestamp now) { impl_->now = now; }

void BybitFront::advance(Timestamp now) {
    Impl& impl = *impl_;
    impl.now = now;
    impl.disturbances.release(now, [&](std::uint32_t topic, const auto& frame) {
        if (topic < impl.subscribers.size()) impl.broadcast(TopicId{topic}, frame);
    });
    impl.expire();
}

void BybitFront::inject(const Fault& fault, Timestamp now) {
    Impl& impl = *impl_;
    impl.now = now;
    impl.disturbances.begin(fault, now);
    switch (fault.kind) {
        case Fault::Kind::drop: impl.drop_all("scripted"); break;
        case Fault::Kind::restart: impl.drop_all("scripted restart"); break;
        case Fault::Kind::maintenance: impl.drop_all("scripted maintenance"); break;
        case Fault::Kind::tls: impl.drop_all("scripted certificate"); break;
        case Fault::Kind::new_books:
            impl.stream.restart_books(
                [this](TopicId topic, std::string_view text, Timestamp) { on_frame(topic, text); });
            break;
        default: break;
    }
}

bool BybitFront::is_tls_broken(Timestamp now) const { return impl_->disturbances.is_tls_broken(now); }

std::vector<FrontAction> BybitFront::take_actions() { return std::exchange(impl_->actions, {}); }
std::size_t BybitFront::sessions() const { return impl_->sessions.size(); }

}  // namespace vt::demo
