#include "api/hub.hpp"

#include "api/client_message.hpp"
#include "base/assert.hpp"
#include "base/json_writer.hpp"
#include "net/loop.hpp"
#include "net/prepared_response.hpp"

#include <algorithm>
#include <map>

namespace vt::api {

namespace {

/// A topic, and the messages written for those who follow it.
struct Entry {
    std::string name;
    Topic topic;
    Sequence flushed = 0;  // the state that clients may be given: moves on at flush() only
    std::size_t subscribers = 0;
    struct Encoded {
        Sequence since = 0;  // 0: the snapshot
        ClientLink::Message message;
    };
    std::vector<Encoded> encoded;  // all of the state `encoded_at`
    Sequence encoded_at = 0;
};

struct Subscription {
    Entry* entry = nullptr;
    Sequence sent = 0;  // what the client has; 0: nothing
};

struct Client {
    ClientLink link;
    std::vector<Subscription> subscriptions;
    std::size_t malformed = 0;
};

constexpr std::size_t kMaxEncoded = 16;  // different states behind one topic that share a message

std::string error_message(std::optional<std::string_view> topic, int status, std::string_view detail) {
    JsonWriter out;
    out.begin_object().field("type", "error").field("topic", topic);
    out.key("problem").raw(net::problem_json(status, detail));
    out.end_object();
    return out.take();
}

}  // namespace

struct Hub::Impl {
    explicit Impl(HubParams params_) : params(std::move(params_)) {}

    HubParams params;
    HubCounters counters;
    ClientMessageReader reader;
    std::map<std::string, std::unique_ptr<Entry>, std::less<>> entries;
    std::map<ClientId, std::unique_ptr<Client>> clients;
    std::uint64_t last_client = 0;

    Entry* find(std::string_view name) {
        const auto found = entries.find(name);
        return found == entries.end() ? nullptr : found->second.get();
    }

    void say(Client& client, std::string text) {
        ++counters.messages;
        ++counters.encoded;
        (void)client.link.send(std::make_shared<const std::string>(std::move(text)));  // full: it asks again
    }

    /// The message that leads from `since` to now, written once for all who are there.
    const ClientLink::Message& encode(Entry& entry, Sequence since) {
        const Sequence now = sequence_of(entry.topic);
        if (entry.encoded_at != now) entry.encoded.clear();
        entry.encoded_at = now;
        const auto found = std::ranges::find(entry.encoded, since, &Entry::Encoded::since);
        if (found != entry.encoded.end()) return found->message;
        if (entry.encoded.size() == kMaxEncoded) entry.encoded.erase(entry.encoded.begin());
        ++counters.encoded;
        auto text = delta_message(entry.name, entry.topic, since);
        entry.encoded.push_back({since, std::make_shared<const std::string>(std::move(text))});
        return entry.encoded.back().message;
    }

    /// One message for each topic that moved on, to a client that has taken all before.
    void serve(Client& client) {
        if (client.link.pending_bytes() > 0) return;
        for (Subscription& subscription : client.subscriptions) {
            Entry& entry = *subscription.entry;
            if (subscription.sent >= entry.flushed) continue;
            if (!client.link.send(encode(entry, subscription.sent))) return;  // the rest follows when it is writable
            ++counters.messages;
            subscription.sent = sequence_of(entry.topic);
        }
    }

    void subscribe(Client& client, const std::string& name, std::optional<Sequence> since) {
        if (params.prepare && !params.prepare(name)) {
            return say(client, error_message(name, 404, "There is no such topic."));
        }
        Entry* entry = find(name);
        if (entry == nullptr) return say(client, error_message(name, 404, "There is no such topic."));
        auto known = std::ranges::find(client.subscriptions, entry, &Subscription::entry);
        if (known == client.subscriptions.end()) {
            if (client.subscriptions.size() == params.max_topics_per_client) {
                const std::string limit = std::to_string(params.max_topics_per_client);
                return say(client, error_message(name, 400, "A connection may follow " + limit + " topics at most."));
            }
            client.subscriptions.push_back({entry, 0});
            known = client.subscriptions.end() - 1;
            ++entry->subscribers;
            ++counters.subscriptions;
        }
        const Sequence now = sequence_of(entry->topic);
        entry->flushed = now;  // who comes gets the newest
        known->sent = since && *since <= now ? *since : 0;
    }

    void unsubscribe(Client& client, const std::string& name) {
        std::erase_if(client.subscriptions, [&](const Subscription& subscription) {
            if (subscription.entry->name != name) return false;
            --subscription.entry->subscribers;
            --counters.subscriptions;
            return true;
        });
    }

    void reject(Client& client, const std::string& detail) {
        ++counters.malformed;
        if (++client.malformed > params.max_malformed_messages) {
            return client.link.close(net::CloseCode::policy, "too many malformed messages");
        }
        say(client, error_message(std::nullopt, 400, detail));
    }
};

Hub::Hub(HubParams params) : impl_(std::make_unique<Impl>(std::move(params))) {}
Hub::~Hub() = default;

Topic& Hub::add_topic(std::string name, Topic topic) {
    auto entry = std::make_unique<Entry>();
    entry->name = name;
    entry->topic = std::move(topic);
    const auto [place, is_new] = impl_->entries.emplace(std::move(name), std::move(entry));
    VT_ASSERT(is_new);
    return place->second->topic;
}

Topic* Hub::find_topic(std::string_view name) {
    Entry* entry = impl_->find(name);
    return entry == nullptr ? nullptr : &entry->topic;
}

bool Hub::has_subscribers(std::string_view name) const {
    const Entry* entry = impl_->find(name);
    return entry != nullptr && entry->subscribers > 0;
}

ClientId Hub::join(ClientLink link, Timestamp now) {
    const ClientId id{++impl_->last_client};
    Client& client = *impl_->clients.emplace(id, std::make_unique<Client>()).first->second;
    client.link = std::move(link);
    ++impl_->counters.clients;
    JsonWriter hello;
    hello.begin_object().field("type", "hello").field("protocol", 1).field("run", impl_->params.run);
    hello.field("server_time", to_ms(now)).key("mode").raw(impl_->params.mode_json);
    hello.end_object();
    impl_->say(client, hello.take());
    return id;
}

void Hub::on_text(ClientId id, std::string_view text, Timestamp now) {
    const auto found = impl_->clients.find(id);
    if (found == impl_->clients.end()) return;
    Client& client = *found->second;
    const Result<ClientMessage> message = impl_->reader.read(text);
    if (!message) return impl_->reject(client, message.error().what);
    if (const auto* subscribe = std::get_if<Subscribe>(&*message)) {
        const bool is_same_run = subscribe->run == impl_->params.run;
        for (const std::string& topic : subscribe->topics) {
            const auto since = subscribe->since.find(topic);
            const bool resumes = is_same_run && since != subscribe->since.end();
            impl_->subscribe(client, topic, resumes ? std::optional(since->second) : std::nullopt);
        }
        impl_->serve(client);
    } else if (const auto* unsubscribe = std::get_if<Unsubscribe>(&*message)) {
        for (const std::string& topic : unsubscribe->topics) impl_->unsubscribe(client, topic);
    } else if (const auto* ping = std::get_if<Ping>(&*message)) {
        JsonWriter pong;
        pong.begin_object().field("type", "pong").key("id").raw(ping->id_json).field("server_time", to_ms(now));
        pong.end_object();
        impl_->say(client, pong.take());
    }
}

void Hub::on_writable(ClientId id) {
    const auto found = impl_->clients.find(id);
    if (found != impl_->clients.end()) impl_->serve(*found->second);
}

void Hub::leave(ClientId id) {
    const auto found = impl_->clients.find(id);
    if (found == impl_->clients.end()) return;
    for (const Subscription& subscription : found->second->subscriptions) --subscription.entry->subscribers;
    impl_->counters.subscriptions -= found->second->subscriptions.size();
    --impl_->counters.clients;
    impl_->clients.erase(found);
}

void Hub::flush() {
    for (auto& [name, entry] : impl_->entries) entry->flushed = sequence_of(entry->topic);
    for (auto& [id, client] : impl_->clients) impl_->serve(*client);
}

HubCounters Hub::counters() const { return impl_->counters; }

net::WebSocketAccept join_hub(Hub& hub) {
    return {[&hub](const net::WebSocketSessionPtr& session) {
        const ClientId id = hub.join({.send = [session](ClientLink::Message message) {
                                          return session->send(std::move(message));
                                      },
                                      .pending_bytes = [session] { return session->pending_bytes(); },
                                      .close = [session](net::CloseCode code, std::string reason) {
                                          session->close(code, std::move(reason));
                                      }},
                                     net::wall_now());
        return net::WebSocketSessionCallbacks{
            .on_text = [&hub, id](std::string_view text, Timestamp received) { hub.on_text(id, text, received); },
            .on_writable = [&hub, id] { hub.on_writable(id); },
            .on_close = [&hub, id](const net::CloseReason&) { hub.leave(id); }};
    }};
}

}  // namespace vt::api
