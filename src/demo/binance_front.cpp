#include "demo/binance_front.hpp"

#include "base/assert.hpp"
#include "base/json_writer.hpp"
#include "demo/binance_requests.hpp"
#include "demo/disturbances.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

namespace vt::demo {
namespace {

constexpr Nanos kNotice = std::chrono::seconds{1};  // between the announcement of a shutdown and the cut
constexpr std::string_view kShutdownStream = "!serverShutdown";

/// How a path opens a session.
struct Entry {
    BinanceRoute route = BinanceRoute::spot;
    bool is_combined = false;
    std::string_view streams;  ///< behind "/ws/", divided by '/'
};

std::optional<Entry> entry_of(std::string_view path) {
    Entry entry;
    for (const auto& [prefix, route] :
         {std::pair<std::string_view, BinanceRoute>{"/public", BinanceRoute::public_data},
          {"/market", BinanceRoute::market_data},
          {"/private", BinanceRoute::private_data}}) {
        if (!path.starts_with(prefix)) continue;
        entry.route = route;
        path.remove_prefix(prefix.size());
        break;
    }
    if (path == "/ws") return entry;
    if (path == "/stream") {
        entry.is_combined = true;
        return entry;
    }
    if (!path.starts_with("/ws/")) return std::nullopt;
    entry.streams = path.substr(4);
    return entry;
}

struct BinanceSession {
    Entry entry;                          // without `streams`
    std::vector<std::string> subscribed;  // every name that was acknowledged, in order
    std::set<BinanceStreamId> heard;      // those that exist, on this route
    Timestamp opened;
    Timestamp last_ping;
    std::string ping;                           // its payload
    std::optional<Timestamp> unanswered_since;  // the first ping without a pong
    RollingCount messages;
};

}  // namespace

struct BinanceFront::Impl {
    Impl(Stream& stream, const Accounts& accounts, const BinanceLimits& given)
        : limits(given),
          futures(stream, Segment::binance_futures),
          spot(stream, Segment::binance_spot),
          requests(futures, spot, accounts, limits, disturbances) {}

    BinanceLimits limits;
    Disturbances disturbances;
    BinanceMarket futures;
    BinanceMarket spot;
    BinanceRequests requests;
    Timestamp now;
    std::map<SessionId, BinanceSession> sessions;
    std::map<std::uint32_t, std::vector<SessionId>> subscribers;  // by key_of()
    std::vector<FrontAction> actions;
    PerAddress<RollingCount> futures_connections, spot_connections;
    std::optional<Timestamp> cut_at;
    simdjson::dom::parser parser;

    BinanceMarket& market_of(const BinanceSession& session) {
        return session.entry.route == BinanceRoute::spot ? spot : futures;
    }
    /// Tells the streams of both markets apart.
    static std::uint32_t key_of(bool is_spot, BinanceStreamId id) { return id.value() * 2 + (is_spot ? 1 : 0); }
    void send(SessionId id, std::string text) {
        actions.emplace_back(SessionSend{id, std::make_shared<const std::string>(std::move(text))});
    }
    void drop(SessionId id, std::string reason);
    void drop_all(const std::string& reason);
    void forget(SessionId id);
    void subscribe(SessionId id, BinanceSession& session, std::string_view name);
    void unsubscribe(SessionId id, BinanceSession& session, std::string_view name);
    void error(SessionId id, const BinanceSession& session, int code, std::string_view message,
               std::optional<std::int64_t> request = std::nullopt);
    void obey(SessionId id, BinanceSession& session, simdjson::dom::element request);
    void change(SessionId id, BinanceSession& session, simdjson::dom::element request, std::int64_t number,
                bool adds);
    void list(SessionId id, const BinanceSession& session, std::int64_t number);
    void deliver(std::uint32_t key, const Disturbances::Frame& frame);
    void announce_shutdown();
    [[nodiscard]] bool takes_message(BinanceSession& session);
    void expire();
    /// out: whether the peer has left the pings unanswered for too long
    [[nodiscard]] bool ping(SessionId id, BinanceSession& session);
};

BinanceFront::BinanceFront(Stream& stream, const Accounts& accounts, const BinanceLimits& limits)
    : impl_(std::make_unique<Impl>(stream, accounts, limits)) {}
BinanceFront::~BinanceFront() = default;

bool BinanceFront::serves(std::string_view path) { return !path.starts_with("/v5/"); }

RestAnswer BinanceFront::on_request(const FrontRequest& request, Timestamp now) {
    RestAnswer answer = impl_->requests.answer(request, now);
    answer.delay = impl_->disturbances.rest_delay(now);
    return answer;
}

std::optional<RestAnswer> BinanceFront::refuses_session(const FrontRequest& request, Timestamp now) {
    Impl& impl = *impl_;
    if (impl.disturbances.is_tls_broken(now)) return RestAnswer{.status = 0, .body = "certificate not trusted"};
    const auto entry = entry_of(request.path);
    if (!entry) return plain_answer(404, "404 page not found");
    if (impl.disturbances.is_down(now) || impl.disturbances.is_in_maintenance(now))
        return plain_answer(503, "service unavailable");
    auto& counts = entry->route == BinanceRoute::spot ? impl.spot_connections : impl.futures_connections;
    if (sessions() >= impl.limits.max_sessions ||
        !counts[request.address].take(now, impl.limits.connection_window, impl.limits.connections_per_window)) {
        return plain_answer(403, "too many connections");
    }
    return std::nullopt;
}

void BinanceFront::on_open(SessionId id, const FrontRequest& request, Timestamp now) {
    const auto entry = entry_of(request.path);
    VT_ASSERT(entry.has_value());
    impl_->now = now;
    BinanceSession& session = impl_->sessions[id];
    session.entry = {.route = entry->route, .is_combined = entry->is_combined, .streams = {}};
    session.opened = session.last_ping = now;
    std::string names(entry->streams);
    if (entry->is_combined) names = net::query_value(request.query, "streams").value_or(std::string());
    // A number behind "/ws/" is no stream: some clients tell their connections apart by it.
    std::string_view rest = names;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('/'), rest.size());
        const std::string_view name = rest.substr(0, end);
        if (name.find('@') != std::string_view::npos || name.starts_with('!')) impl_->subscribe(id, session, name);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

void BinanceFront::Impl::subscribe(SessionId id, BinanceSession& session, std::string_view name) {
    if (std::find(session.subscribed.begin(), session.subscribed.end(), name) != session.subscribed.end()) return;
    session.subscribed.emplace_back(name);
    BinanceMarket& market = market_of(session);
    const auto stream = market.find_stream(name);
    const BinanceRoute route = session.entry.route;
    // Unknown names and the wrong route: acknowledged, and silent for ever.
    if (!stream || (route != BinanceRoute::spot && route_of(market.kind(*stream)) != route)) return;
    if (!session.heard.insert(*stream).second) return;
    subscribers[key_of(market.is_spot(), *stream)].push_back(id);
    market.watch(*stream);
}

void BinanceFront::Impl::unsubscribe(SessionId id, BinanceSession& session, std::string_view name) {
    std::erase(session.subscribed, name);
    BinanceMarket& market = market_of(session);
    const auto stream = market.find_stream(name);
    if (!stream || session.heard.erase(*stream) == 0) return;
    std::erase(subscribers[key_of(market.is_spot(), *stream)], id);
    market.unwatch(*stream);
}

void BinanceFront::Impl::forget(SessionId id) {
    const auto found = sessions.find(id);
    if (found == sessions.end()) return;
    BinanceMarket& market = market_of(found->second);
    for (const BinanceStreamId stream : found->second.heard) {
        std::erase(subscribers[key_of(market.is_spot(), stream)], id);
        market.unwatch(stream);
    }
    sessions.erase(found);
}

void BinanceFront::on_close(SessionId session) { impl_->forget(session); }

void BinanceFront::Impl::drop(SessionId id, std::string reason) {
    forget(id);
    actions.emplace_back(SessionDrop{id, std::move(reason)});
}

void BinanceFront::Impl::drop_all(const std::string& reason) {
    while (!sessions.empty()) drop(sessions.begin()->first, reason);
}

/// Futures wrap an error in "error", spot does not.
void BinanceFront::Impl::error(SessionId id, const BinanceSession& session, int code, std::string_view message,
                               std::optional<std::int64_t> request) {
    JsonWriter json;
    const bool is_spot = session.entry.route == BinanceRoute::spot;
    json.begin_object();
    if (!is_spot) json.key("error").begin_object();
    json.field("code", code).field("msg", message);
    if (!is_spot) json.end_object();
    if (request) json.field("id", *request);
    json.end_object();
    send(id, json.take());
}

/// A pong is a message like any other: both count.
bool BinanceFront::Impl::takes_message(BinanceSession& session) {
    const bool is_spot = session.entry.route == BinanceRoute::spot;
    return session.messages.take(now, std::chrono::seconds{1},
                                 is_spot ? limits.spot_messages : limits.futures_messages);
}

void BinanceFront::on_pong(SessionId id, std::string_view payload, Timestamp now) {
    Impl& impl = *impl_;
    const auto found = impl.sessions.find(id);
    if (found == impl.sessions.end()) return;
    impl.now = now;
    BinanceSession& session = found->second;
    if (!impl.takes_message(session)) return impl.drop(id, "too many messages");
    if (payload == session.ping) session.unanswered_since.reset();
}

void BinanceFront::on_text(SessionId id, std::string_view text, Timestamp now) {
    Impl& impl = *impl_;
    const auto found = impl.sessions.find(id);
    if (found == impl.sessions.end()) return;
    impl.now = now;
    BinanceSession& session = found->second;
    if (!impl.takes_message(session)) return impl.drop(id, "too many messages");
    simdjson::dom::element request;
    if (text.size() > kMaxMessageBytes ||
        impl.parser.parse(text.data(), text.size()).get(request) != simdjson::SUCCESS) {
        return impl.error(id, session, 3, "Invalid JSON: expected value at line 1 column 1");
    }
    impl.obey(id, session, request);
}

void BinanceFront::Impl::obey(SessionId id, BinanceSession& session, simdjson::dom::element request) {
    std::string_view method;
    std::uint64_t number = 0;
    simdjson::dom::object object;
    if (request.get(object) != simdjson::SUCCESS || request["method"].get(method) != simdjson::SUCCESS)
        return error(id, session, 2, "Invalid request: missing field `method`");
    if (request["id"].get(number) != simdjson::SUCCESS && method != "PONG")
        return error(id, session, 2, "Invalid request: request ID must be an unsigned integer");
    const auto answered = static_cast<std::int64_t>(number);
    if (method == "SUBSCRIBE") return change(id, session, request, answered, true);
    if (method == "UNSUBSCRIBE") return change(id, session, request, answered, false);
    if (method == "LIST_SUBSCRIPTIONS") return list(id, session, answered);
    JsonWriter json;
    simdjson::dom::array params;
    std::string_view property;
    if (method == "GET_PROPERTY" || method == "SET_PROPERTY") {
        if (request["params"].get(params) != simdjson::SUCCESS || params.size() == 0 ||
            params.at(0).get(property) != simdjson::SUCCESS || property != "combined") {
            return error(id, session, 0, "Unknown property", answered);
        }
        json.begin_object();
        if (method == "SET_PROPERTY") {
            bool is_combined = false;
            if (params.size() < 2 || params.at(1).get(is_combined) != simdjson::SUCCESS)
                return error(id, session, 1, "Invalid value type: expected Boolean", answered);
            session.entry.is_combined = is_combined;
            json.key("result").null();
        } else {
            json.field("result", session.entry.is_combined);
        }
        return send(id, json.field("id", answered).end_object().take());
    }
    error(id, session, 2,
          "Invalid request: unknown variant `" + std::string(method.substr(0, 40)) +
              "`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`");
}

void BinanceFront::Impl::change(SessionId id, BinanceSession& session, simdjson::dom::element request,
                                std::int64_t number, bool adds) {
    simdjson::dom::array params;
    if (request["params"].get(params) != simdjson::SUCCESS)
        return error(id, session, 2, "Invalid request: missing field `params`", number);
    if (adds && session.subscribed.size() + params.size() > limits.streams)
        return drop(id, "more than the streams that one connection may have");
    std::vector<std::string_view> names;
    for (const simdjson::dom::element param : params) {
        std::string_view name;
        if (param.get(name) != simdjson::SUCCESS)
            return error(id, session, 2, "Invalid request: params must be an array of strings", number);
        names.push_back(name);
    }
    JsonWriter json;
    json.begin_object().key("result").null().field("id", number).end_object();
    send(id, json.take());
    for (const std::string_view name : names) adds ? subscribe(id, session, name) : unsubscribe(id, session, name);
}

void BinanceFront::Impl::list(SessionId id, const BinanceSession& session, std::int64_t number) {
    JsonWriter json;
    json.begin_object().key("result").begin_array();
    for (const std::string& name : session.subscribed) json.value(name);
    json.end_array().field("id", number).end_object();
    send(id, json.take());
}

void BinanceFront::Impl::deliver(std::uint32_t key, const Disturbances::Frame& frame) {
    const auto found = subscribers.find(key);
    if (found == subscribers.end()) return;
    BinanceMarket& market = key % 2 == 1 ? spot : futures;
    std::shared_ptr<const std::string> wrapped;
    for (const SessionId session : found->second) {
        if (sessions.find(session)->second.entry.is_combined && !wrapped) {
            const std::string& name = market.stream_name(BinanceStreamId{key / 2});
            wrapped = std::make_shared<const std::string>(
                std::string("{\"stream\":\"").append(name).append("\",\"data\":").append(*frame).append("}"));
        }
        actions.emplace_back(
            SessionSend{session, sessions.find(session)->second.entry.is_combined ? wrapped : frame});
    }
}

void BinanceFront::on_step(Timestamp at, Timestamp now) {
    Impl& impl = *impl_;
    impl.now = now;
    for (BinanceMarket* market : {&impl.futures, &impl.spot}) {
        market->on_step(at, [&](BinanceStreamId id, std::string_view text) {
            const std::uint32_t key = Impl::key_of(market->is_spot(), id);
            impl.disturbances.pass(key, market->stream_name(id), std::make_shared<const std::string>(text), now,
                                   [&](std::uint32_t to, const auto& frame) { impl.deliver(to, frame); });
        });
    }
}

void BinanceFront::Impl::announce_shutdown() {
    JsonWriter json;
    json.begin_object().field("e", "serverShutdown").field("E", to_ms(disturbances.clock(now))).end_object();
    const std::string event = json.take();
    for (const auto& [id, session] : sessions) {
        send(id,
             session.entry.is_combined
                 ? std::string("{\"stream\":\"").append(kShutdownStream).append("\",\"data\":").append(event) + "}"
                 : event);
    }
    cut_at = now + kNotice;
}

void BinanceFront::Impl::expire() {
    std::vector<std::pair<SessionId, std::string>> old;
    for (auto& [id, session] : sessions) {
        if (now - session.opened > limits.life) {
            old.emplace_back(id, "24 hours");
        } else if (ping(id, session)) {
            old.emplace_back(id, "no pong");
        }
    }
    for (auto& [id, reason] : old) drop(id, std::move(reason));
    if (!cut_at || now < *cut_at) return;
    cut_at.reset();
    drop_all("scripted maintenance");
}

bool BinanceFront::Impl::ping(SessionId id, BinanceSession& session) {
    const bool is_spot = session.entry.route == BinanceRoute::spot;
    const Nanos timeout = is_spot ? limits.spot_pong_timeout : limits.futures_pong_timeout;
    if (session.unanswered_since && now - *session.unanswered_since > timeout) return true;
    if (now - session.last_ping < (is_spot ? limits.spot_ping_every : limits.futures_ping_every)) return false;
    session.last_ping = now;
    session.ping = std::to_string(to_ms(now));
    if (!session.unanswered_since) session.unanswered_since = now;
    actions.emplace_back(SessionPing{id, session.ping});
    return false;
}

void BinanceFront::advance(Timestamp now) {
    impl_->now = now;
    impl_->disturbances.release(now, [&](std::uint32_t key, const auto& frame) { impl_->deliver(key, frame); });
    impl_->expire();
}

void BinanceFront::inject(const Fault& fault, Timestamp now) {
    Impl& impl = *impl_;
    impl.now = now;
    impl.disturbances.begin(fault, now);
    switch (fault.kind) {
        case Fault::Kind::drop: impl.drop_all("scripted"); break;
        case Fault::Kind::restart: impl.drop_all("scripted restart"); break;
        case Fault::Kind::tls: impl.drop_all("scripted certificate"); break;
        case Fault::Kind::maintenance: impl.announce_shutdown(); break;
        default: break;
    }
}

bool BinanceFront::is_tls_broken(Timestamp now) const { return impl_->disturbances.is_tls_broken(now); }
std::vector<FrontAction> BinanceFront::take_actions() { return std::exchange(impl_->actions, {}); }
std::size_t BinanceFront::sessions() const { return impl_->sessions.size(); }

}  // namespace vt::demo
