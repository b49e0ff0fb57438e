#include "api/client_message.hpp"

#include <simdjson.h>

namespace vt::api {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxNameBytes = 200;

Result<std::vector<std::string>> names(dom::element document) {
    dom::array list;
    if (document["topics"].get(list) != simdjson::SUCCESS)
        return fail(Errc::malformed, "topics must be a list of names");
    std::vector<std::string> topics;
    for (const dom::element item : list) {
        std::string_view name;
        if (item.get(name) != simdjson::SUCCESS || name.size() > kMaxNameBytes)
            return fail(Errc::malformed, "topics must be a list of names");
        topics.emplace_back(name);
    }
    return topics;
}

}  // namespace

Result<ClientMessage> parse_client_message(std::string_view text) {
    dom::parser parser;
    dom::element document;
    if (parser.parse(text.data(), text.size()).get(document) != simdjson::SUCCESS)
        return fail(Errc::malformed, "the message is not JSON");
    std::string_view operation;
    if (!document.is_object() || document["op"].get(operation) != simdjson::SUCCESS) {
        return fail(Errc::malformed,
                    "the message must be an object with op: subscribe, unsubscribe, ping or painted");
    }
    ClientMessage message;
    if (operation == "ping") {
        if (document["id"].get(message.ping_id) == simdjson::INCORRECT_TYPE)
            return fail(Errc::malformed, "id must be a whole number");
        return message;
    }
    if (operation == "painted") {
        message.kind = ClientMessage::Kind::painted;
        if (document["seq"].get(message.painted) != simdjson::SUCCESS)
            return fail(Errc::malformed, "seq must be the sequence number of the overview that was painted");
        return message;
    }
    if (operation != "subscribe" && operation != "unsubscribe") {
        return fail(Errc::malformed, "op must be subscribe, unsubscribe, ping or painted");
    }
    message.kind = operation == "subscribe" ? ClientMessage::Kind::subscribe : ClientMessage::Kind::unsubscribe;
    VT_TRY(message.topics, names(document));
    dom::object since;
    if (document["since"].get(since) == simdjson::SUCCESS) {
        for (const auto& [topic, value] : since) {
            std::uint64_t sequence = 0;
            if (value.get(sequence) != simdjson::SUCCESS)
                return fail(Errc::malformed, "since must map topics to sequence numbers");
            message.since.emplace(topic, sequence);
        }
    }
    std::string_view run;
    if (document["run"].get(run) == simdjson::SUCCESS) message.run = run;
    return message;
}

}  // namespace vt::api
