#include "notify/answer.hpp"

#include "notify/inert_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace vt::notify {
namespace {

constexpr std::size_t kSaidUnits = 200;
constexpr std::size_t kReceiptMax = 128;
constexpr double kWaitMaxSeconds = 86'400;

std::optional<Nanos> wait_of(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
    if (seconds >= kWaitMaxSeconds) return kWaitMax;
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(seconds * 1000))};
}

std::optional<double> decimal_of(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    double number = 0;
    const char* const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, number);
    if (text.empty() || problem != std::errc{} || end != last) return std::nullopt;
    return number;
}

std::optional<Nanos> header_wait(const net::HttpResponse& response, std::string_view name) {
    const auto header = response.header(name);
    const auto seconds = header ? decimal_of(*header) : std::nullopt;
    return seconds ? wait_of(*seconds) : std::nullopt;
}

/// What of a service's JSON is of use. Everything may be absent: whoever answers may be anybody.
struct Body {
    bool is_json = false;
    std::optional<bool> ok;      // Telegram
    std::string id;              // of the message
    std::string message;         // why not
    std::optional<double> code;  // the service's own number for it
    std::optional<double> retry_after;
    bool is_global = false;
    std::string migrated_to;  // Telegram: the chat's new number
};

std::string text_or_number(const simdjson::dom::element& element) {
    std::string_view text;
    if (element.get(text) == simdjson::SUCCESS) {
        const std::string line = inert_line(text);
        return line.size() <= kReceiptMax ? line : std::string();
    }
    std::int64_t number = 0;
    if (element.get(number) == simdjson::SUCCESS) return std::to_string(number);
    return {};
}

Body parsed(std::string_view json) {
    Body body;
    simdjson::dom::parser parser(kAnswerBytesMax + 1);
    simdjson::dom::element root;
    simdjson::dom::object object;
    const simdjson::padded_string padded(json);
    if (parser.parse(padded).get(root) != simdjson::SUCCESS || root.get(object) != simdjson::SUCCESS) return body;
    body.is_json = true;
    const auto number = [](simdjson::simdjson_result<simdjson::dom::element> found) -> std::optional<double> {
        double value = 0;
        if (found.get(value) != simdjson::SUCCESS) return std::nullopt;
        return value;
    };
    bool truth = false;
    if (object["ok"].get(truth) == simdjson::SUCCESS) body.ok = truth;
    if (object["global"].get(truth) == simdjson::SUCCESS) body.is_global = truth;
    simdjson::dom::element element;
    if (object["id"].get(element) == simdjson::SUCCESS) body.id = text_or_number(element);
    if (object["result"]["message_id"].get(element) == simdjson::SUCCESS) body.id = text_or_number(element);
    std::string_view said;
    if (object["message"].get(said) == simdjson::SUCCESS || object["description"].get(said) == simdjson::SUCCESS) {
        body.message = written(inert_line(said), Markup::none, kSaidUnits);
    }
    body.code = number(object["code"]);
    if (!body.code) body.code = number(object["error_code"]);
    body.retry_after = number(object["retry_after"]);
    if (!body.retry_after) body.retry_after = number(object["parameters"]["retry_after"]);
    if (object["parameters"]["migrate_to_chat_id"].get(element) == simdjson::SUCCESS) {
        body.migrated_to = text_or_number(element);
    }
    return body;
}

std::string_view service_name(ChannelKind kind) {
    switch (kind) {
        case ChannelKind::discord: return "Discord";
        case ChannelKind::webhook: return "the webhook";
        case ChannelKind::telegram: return "Telegram";
        case ChannelKind::email: return "the mail server";
    }
    return "the service";
}

std::string remedy(ChannelKind kind, int status, const Body& body) {
    if (status >= 300 && status < 400) return "a redirect is not followed; put the final address into the channel";
    if (kind == ChannelKind::discord) {
        if (status == 404 || status == 401 || status == 403)
            return "the webhook is gone, or its address is not complete; copy it again from the channel's settings";
        if (status == 413) return "the pictures are too large";
        return "report this message, with the alert's id, as an error of this program";
    }
    if (kind == ChannelKind::telegram) {
        if (!body.migrated_to.empty()) return "the group has a new number; set the chat to " + body.migrated_to;
        if (status == 401 || status == 404) return "the bot's token is not valid; @BotFather shows it";
        if (status == 403) return "the bot may not write there; start it in the chat, or make it a member";
        return "check the chat's number, and that the bot is in it";
    }
    if (status == 401 || status == 403) return "the address or its key is not valid there; check both";
    if (status == 404 || status == 410) return "nothing takes alerts at this address; check it";
    if (status == 405) return "it takes no POST; check the address";
    if (status == 413) return "it does not take a message of this size";
    return "check what it expects against the schema in docs/alerts.md";
}

std::string said_by(const net::HttpResponse& response, const Body& body) {
    if (!body.message.empty()) {
        const bool has_code = body.code && std::abs(*body.code) < 1e9 && *body.code != response.status;
        const std::string code = has_code ? " (" + std::to_string(static_cast<std::int64_t>(*body.code)) + ")" : "";
        return body.message + code;
    }
    const std::string text = written(inert_line(response.body.substr(0, 4096)), Markup::none, kSaidUnits);
    const std::string_view phrase = net::reason_phrase(response.status);
    return !text.empty() ? text : phrase.empty() ? "nothing more" : std::string(phrase);
}

/// Without an answer.
Outcome no_answer(ChannelKind kind, const Error& error) {
    Outcome outcome{.problem = std::string(service_name(kind)) + " gives no answer: " + error.what};
    if (error.code == Errc::configuration) {
        outcome.fate = Fate::refused;
        outcome.problem += "; correct the channel's address, or set allow_private if the machine is yours";
        return outcome;
    }
    // Of a certificate that is not valid, or of a full queue, we know that nothing was sent.
    outcome.may_have_arrived = error.code != Errc::refused;
    if (error.code == Errc::out_of_range) outcome.problem += "; check that the address is one for alerts";
    return outcome;
}

bool is_for_later(ChannelKind kind, int status) {
    return status == 408 || status == 425 || status == 429 || status >= 500 ||
           (kind == ChannelKind::webhook && status == 409);  // the same key is under way there
}

/// Whether a 2xx is the service's own word that it has the message.
bool is_receipt(ChannelKind kind, int status, const Body& body) {
    if (kind == ChannelKind::webhook || status == 204) return kind != ChannelKind::telegram;
    if (kind == ChannelKind::telegram) return body.ok == true && !body.id.empty();
    return !body.id.empty();
}

}  // namespace

Outcome read_answer(ChannelKind kind, const Result<net::HttpResponse>& answer) {
    if (!answer) return no_answer(kind, answer.error());
    const net::HttpResponse& response = *answer;
    const Body body = parsed(std::string_view(response.body).substr(0, kAnswerBytesMax));
    Outcome outcome{.status = response.status};
    const bool is_telegram_no = kind == ChannelKind::telegram && body.ok == false;
    int status = response.status;
    if (is_telegram_no && status < 300 && body.code && *body.code >= 400 && *body.code < 600) {
        status = static_cast<int>(*body.code);  // it says no in the body of a yes
    }
    const std::string what = std::string(service_name(kind)) + " answered " + std::to_string(status) + ": ";
    if (kind == ChannelKind::discord && response.header("X-RateLimit-Remaining") == "0") {
        outcome.wait = header_wait(response, "X-RateLimit-Reset-After");
    }
    if (status >= 200 && status < 300) {
        if (is_receipt(kind, status, body)) {
            outcome.fate = Fate::delivered;
            outcome.receipt = body.id;
            return outcome;
        }
        outcome.may_have_arrived = true;
        outcome.problem = what + said_by(response, body) + "; this is not its word that it has the alert";
        return outcome;
    }
    if (!is_for_later(kind, status)) {
        outcome.fate = Fate::refused;
        outcome.problem = what + said_by(response, body) + "; " + remedy(kind, status, body);
        return outcome;
    }
    outcome.problem = what + said_by(response, body);
    outcome.may_have_arrived = status >= 500;  // a gateway may have passed it on before it gave up
    const std::optional<Nanos> in_body = body.retry_after ? wait_of(*body.retry_after) : std::nullopt;
    const std::optional<Nanos> asked = in_body ? in_body : header_wait(response, "Retry-After");
    if (asked) outcome.wait = std::max(*asked, outcome.wait.value_or(Nanos{0}));
    outcome.is_wait_global = status == 429 && kind == ChannelKind::discord &&
                             (body.is_global || response.header("X-RateLimit-Global").has_value());
    return outcome;
}

Outcome read_mail_reply(int code, std::string_view said, bool is_accepted) {
    Outcome outcome{.status = code};
    const std::string text = written(inert_line(said), Markup::none, kSaidUnits);
    if (is_accepted && code >= 200 && code < 300) {
        outcome.fate = Fate::delivered;
        outcome.receipt = text;
        return outcome;
    }
    outcome.problem = "the mail server answered " + std::to_string(code) + ": " + text;
    const bool is_login = code == 530 || code == 534 || code == 535 || code == 538;
    if (code < 500 || code > 599) return outcome;
    outcome.fate = Fate::refused;
    outcome.problem += is_login ? "; check the user and the password, or make one for programs at the mail provider"
                                : "; check from and to, and that this server takes mail from you";
    return outcome;
}

}  // namespace vt::notify
