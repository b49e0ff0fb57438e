#include "api/client_message.hpp"

#include "base/assert.hpp"
#include "base/json_writer.hpp"

#include <simdjson.h>

#include <algorithm>

namespace vt::api {

namespace dom = simdjson::dom;

namespace {

constexpr std::size_t kMaxBytes = 64 << 10;
constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kMaxTopics = 256;   // in one message; the limit of a connection is the hub's
constexpr std::size_t kMaxNameBytes = 160;

tl::unexpected<Error> malformed(std::string_view why) { return fail(Errc::malformed, std::string(why)); }

Result<std::vector<std::string>> read_topics(const dom::object& message) {
    dom::array list;
    if (message["topics"].get(list) != simdjson::SUCCESS) return malformed("\"topics\" must be an array of names.");
    std::vector<std::string> topics;
    for (const dom::element each : list) {
        std::string_view topic;
        if (each.get(topic) != simdjson::SUCCESS || topic.empty() || topic.size() > kMaxNameBytes) {
            return malformed("A topic must be a name such as \"overview\".");
        }
        if (topics.size() == kMaxTopics) return malformed("Too many topics in one message.");
        topics.emplace_back(topic);
    }
    return topics;
}

Result<ClientMessage> read_subscribe(const dom::object& message) {
    Subscribe out;
    VT_TRY(out.topics, read_topics(message));
    dom::element element;
    if (message["since"].get(element) == simdjson::SUCCESS) {
        dom::object since;
        if (element.get(since) != simdjson::SUCCESS) return malformed("\"since\" must be an object of sequence numbers.");
        for (const auto& [topic, value] : since) {
            std::uint64_t sequence = 0;
            if (value.get(sequence) != simdjson::SUCCESS) return malformed("A sequence number must be a whole number.");
            if (!out.since.emplace(topic, sequence).second) return malformed("A topic is given twice in \"since\".");
        }
    }
    if (message["run"].get(element) == simdjson::SUCCESS) {
        std::string_view run;
        if (element.get(run) != simdjson::SUCCESS) return malformed("\"run\" must be the text of the hello.");
        out.run = run;
    }
    return ClientMessage(std::move(out));
}

Result<ClientMessage> read_ping(const dom::object& message) {
    Ping out{.id_json = "null"};
    dom::element id;
    if (message["id"].get(id) != simdjson::SUCCESS) return ClientMessage(std::move(out));
    JsonWriter json;
    std::int64_t number = 0;
    std::string_view text;
    if (id.get(number) == simdjson::SUCCESS) {
        json.value(number);
    } else if (id.get(text) == simdjson::SUCCESS && text.size() <= kMaxNameBytes) {
        json.value(text);
    } else {
        return malformed("\"id\" must be a whole number or a short text.");
    }
    out.id_json = json.take();
    return ClientMessage(std::move(out));
}

/// Every member is one that `operation` knows, and there once.
bool has_only_known_members(const dom::object& message, std::string_view operation) {
    std::vector<std::string_view> seen;
    for (const auto& [key, value] : message) {
        const bool is_known = key == "op" || (operation == "ping" && key == "id") ||
                              (operation != "ping" && key == "topics") ||
                              (operation == "subscribe" && (key == "since" || key == "run"));
        if (!is_known || std::ranges::find(seen, key) != seen.end()) return false;
        seen.push_back(key);
    }
    return true;
}

}  // namespace

struct ClientMessageReader::Impl {
    Impl() { VT_ASSERT(parser.allocate(kMaxBytes, kMaxDepth) == simdjson::SUCCESS); }
    dom::parser parser{kMaxBytes};
};

ClientMessageReader::ClientMessageReader() : impl_(std::make_unique<Impl>()) {}
ClientMessageReader::~ClientMessageReader() = default;

Result<ClientMessage> ClientMessageReader::read(std::string_view text) {
    if (text.size() > kMaxBytes) return malformed("The message is too long.");
    dom::element root;
    if (impl_->parser.parse(text.data(), text.size(), true).get(root) != simdjson::SUCCESS) {
        return malformed("The message is not JSON.");
    }
    dom::object message;
    std::string_view operation;
    if (root.get(message) != simdjson::SUCCESS || message["op"].get(operation) != simdjson::SUCCESS) {
        return malformed("The message must be an object with an \"op\".");
    }
    if (operation != "subscribe" && operation != "unsubscribe" && operation != "ping") {
        return malformed("\"op\" must be subscribe, unsubscribe or ping.");
    }
    if (!has_only_known_members(message, operation)) {
        return malformed("The message has an unknown member, or one twice.");
    }
    if (operation == "subscribe") return read_subscribe(message);
    if (operation == "ping") return read_ping(message);
    Unsubscribe out;
    VT_TRY(out.topics, read_topics(message));
    return ClientMessage(std::move(out));
}

}  // namespace vt::api
