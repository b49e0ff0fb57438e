#include "api/hub.hpp"

#include "api/client_message.hpp"
#include "api/json.hpp"
#include "base/json_writer.hpp"

#include <algorithm>

namespace vt::api {
namespace {

std::shared_ptr<const std::string> share(JsonWriter& out) { return std::make_shared<const std::string>(out.take()); }

}  // namespace

Hub::Hub(Topics& topics, std::string run, views::MarketMode mode, bool trades)
    : topics_(topics), run_(std::move(run)), mode_(mode), trades_(trades) {}

ReaderId Hub::connect(Reader reader, Timestamp now, bool may_see_account) {
    const ReaderId id = ++last_id_;
    Connected made{.reader = std::move(reader), .may_see_account = may_see_account, .subscriptions = {}};
    const auto connected = readers_.emplace(id, std::move(made)).first;
    const views::TradingView at_start{.state = trades_ ? views::TradingState::waiting : views::TradingState::off};
    JsonWriter out;
    out.begin_object()
        .field("type", "hello")
        .field("protocol", 1)
        .field("run", run_)
        .field("server_time", to_ms(now))
        .key("mode");
    write_mode(out, mode_, topics_.snapshot() ? *topics_.snapshot()->trading : at_start);
    out.end_object();
    (void)connected->second.reader.send(share(out));
    return id;
}

void Hub::disconnect(ReaderId id) {
    const auto found = readers_.find(id);
    if (found == readers_.end()) return;
    for (const Subscription& subscription : found->second.subscriptions) topics_.unfollow(subscription.topic);
    readers_.erase(found);
}

void Hub::receive(ReaderId id, std::string_view text, Timestamp now) {
    const auto found = readers_.find(id);
    if (found == readers_.end()) return;
    Connected& connected = found->second;
    auto message = parse_client_message(text);
    if (!message) {
        send_error(connected, {}, 400, message.error().what);
        return;
    }
    switch (message->kind) {
        case ClientMessage::Kind::ping: {
            JsonWriter out;
            out.begin_object()
                .field("type", "pong")
                .field("id", message->ping_id)
                .field("server_time", to_ms(now))
                .end_object();
            (void)connected.reader.send(share(out));
            return;
        }
        case ClientMessage::Kind::painted: painted(connected, message->painted, now); return;
        case ClientMessage::Kind::unsubscribe: unsubscribe(connected, message->topics); return;
        case ClientMessage::Kind::subscribe:
            if (message->run != run_) message->since.clear();
            subscribe(connected, message->topics, message->since);
            flush_one(connected, now);
            framed_.clear();
            return;
    }
}

void Hub::subscribe(Connected& connected, const std::vector<std::string>& topics,
                    const std::map<std::string, std::uint64_t>& since) {
    for (const std::string& topic : topics) {
        const auto same = [&](const Subscription& each) { return each.topic == topic; };
        if (std::any_of(connected.subscriptions.begin(), connected.subscriptions.end(), same)) continue;
        if (Topics::is_of_account(topic) && !connected.may_see_account) {
            send_error(connected, topic, 401, "this shows the account: log in, and connect again");
            continue;
        }
        if (connected.subscriptions.size() >= kMaxTopics) {
            send_error(connected, topic, 429,
                       "a connection follows at most 64 topics; unsubscribe from some, or open another");
            continue;
        }
        if (const auto followed = topics_.follow(topic); !followed) {
            send_error(connected, topic, followed.error().code == Errc::unavailable ? 503 : 404,
                       followed.error().what);
            continue;
        }
        Subscription subscription{.topic = topic};
        const auto known = since.find(topic);
        if (known != since.end() && topics_.can_resume(topic, known->second)) subscription.known = known->second;
        connected.subscriptions.push_back(std::move(subscription));
    }
}

void Hub::unsubscribe(Connected& connected, const std::vector<std::string>& topics) {
    for (const std::string& topic : topics) {
        const auto removed =
            std::erase_if(connected.subscriptions, [&](const Subscription& each) { return each.topic == topic; });
        if (removed > 0) topics_.unfollow(topic);
    }
}

void Hub::painted(Connected& connected, std::uint64_t sequence, Timestamp received) {
    const auto overview =
        std::ranges::find(connected.subscriptions, std::string_view("overview"), &Subscription::topic);
    if (overview == connected.subscriptions.end() || !on_painted_) return;
    const auto way = paint_times_.painted(connected.painted, sequence, overview->known, received);
    if (way) on_painted_(*way);
}

Hub::Message Hub::message_for(const Subscription& subscription, Timestamp now) {
    Message& framed = framed_[{subscription.topic, subscription.known}];
    if (framed) return framed;
    const bool is_delta = subscription.known > 0 && topics_.can_resume(subscription.topic, subscription.known);
    JsonWriter out;
    out.begin_object().field("type", is_delta ? "delta" : "snapshot").field("topic", subscription.topic);
    out.field("seq", topics_.sequence(subscription.topic));
    if (is_delta) out.field("since", subscription.known);
    out.field("timestamp", to_ms(now)).key("data");
    out.raw(is_delta ? topics_.delta_of(subscription.topic, subscription.known)
                     : topics_.snapshot_of(subscription.topic))
        .end_object();
    framed = share(out);
    return framed;
}

void Hub::flush_one(Connected& connected, Timestamp now) {
    if (connected.reader.pending() > 0) return;
    for (Subscription& subscription : connected.subscriptions) {
        const std::uint64_t newest = topics_.sequence(subscription.topic);
        if (newest == subscription.known && subscription.is_answered) continue;
        if (!connected.reader.send(message_for(subscription, now))) return;
        subscription.known = newest;
        subscription.is_answered = true;
    }
}

void Hub::writable(ReaderId id, Timestamp now) {
    const auto found = readers_.find(id);
    if (found == readers_.end()) return;
    flush_one(found->second, now);
    framed_.clear();
}

void Hub::flush(Timestamp now) {
    if (topics_.snapshot() && mode_ != views::MarketMode::replay)
        paint_times_.published(topics_.overview().sequence(), topics_.snapshot()->at);
    for (auto& [id, connected] : readers_) flush_one(connected, now);
    framed_.clear();
}

void Hub::send_error(Connected& connected, std::string_view topic, int status, std::string_view detail) {
    JsonWriter out;
    out.begin_object().field("type", "error").key("topic");
    if (topic.empty()) {
        out.null();
    } else {
        out.value(topic);
    }
    out.key("problem").begin_object().field("type", "about:blank").field("status", status);
    out.field("title", status == 404   ? "Not Found"
                       : status == 401 ? "Unauthorized"
                       : status == 429 ? "Too Many Requests"
                       : status == 503 ? "Service Unavailable"
                                       : "Bad Request");
    out.field("detail", detail).end_object().end_object();
    (void)connected.reader.send(share(out));
}

}  // namespace vt::api
