#include "exchange/venue_error.hpp"

#include "exchange/json_walk.hpp"
#include "exchange/venue_codes.hpp"

#include <algorithm>
#include <charconv>

namespace vt::exchange {
namespace {

constexpr Nanos kBanned = std::chrono::minutes{10};     // Bybit: "wait at least 10 minutes" after its 403
constexpr Nanos kBinanceBan = std::chrono::minutes{2};  // the shortest ban it knows
constexpr Nanos kBinanceMinute = std::chrono::minutes{1};
constexpr Nanos kShortWait = std::chrono::seconds{1};
constexpr Nanos kMaintenancePause = std::chrono::minutes{1};
constexpr Nanos kLongestWait = std::chrono::hours{24 * 3};  // Binance's longest ban

bool is_bybit(Site site) { return site == Site::bybit; }

/// Compares without case: venues and their gateways differ in it.
bool mentions(std::string_view text, std::string_view lower_case) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::search(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                       [&](char a, char b) { return lower(a) == b; }) != text.end();
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || at == text.data() || number < 0 || number > 9'000'000'000'000) return std::nullopt;
    return number;
}

std::optional<std::int64_t> header(std::string_view headers, std::string_view name) {
    while (!headers.empty()) {
        const std::size_t end = std::min(headers.find('\n'), headers.size());
        const std::string_view line = headers.substr(0, end);
        headers.remove_prefix(std::min(end + 1, headers.size()));
        if (line.substr(0, name.size()) != name || line.substr(name.size(), 2) != ": ") continue;
        if (const auto number = whole_number(line.substr(name.size() + 2))) return number;
    }
    return std::nullopt;
}

/// "... IP(1.2.3.4) banned until 1573123456789. ..." of Binance's -1003.
std::optional<std::int64_t> banned_until_ms(std::string_view message) {
    constexpr std::string_view kMark = "banned until ";
    const std::size_t mark = message.find(kMark);
    return mark == std::string_view::npos ? std::nullopt : whole_number(message.substr(mark + kMark.size()));
}

/// When a request may be sent again, by what the venue says or else by its rules.
Timestamp wait_end(const FailedReply& reply, ErrorClass kind, std::string_view message) {
    const Timestamp now = reply.received;
    const Timestamp last = now + kLongestWait;
    if (const auto until_ms = banned_until_ms(message))
        return std::clamp(from_ms(*until_ms) - reply.clock_offset, now, last);
    if (const auto seconds = header(reply.headers, "retry-after"))
        return std::min(now + std::chrono::seconds{std::min<std::int64_t>(*seconds, 1'000'000)}, last);
    if (kind == ErrorClass::maintenance) return now + kMaintenancePause;
    if (kind == ErrorClass::ban) return now + (is_bybit(reply.site) ? kBanned : kBinanceBan);
    if (!is_bybit(reply.site)) return now + kBinanceMinute;
    if (const auto reset_ms = header(reply.headers, "x-bapi-limit-reset-timestamp")) {
        // Where nothing is exceeded the venue sends about its own now: never sooner than a tenth of a second.
        return std::clamp(from_ms(*reset_ms) - reply.clock_offset, now + std::chrono::milliseconds{100},
                          now + kBanned);
    }
    return now + kShortWait;
}

Remedy remedy_for(ErrorClass kind, bool is_write) {
    switch (kind) {
        case ErrorClass::rate:
        case ErrorClass::ban:
        case ErrorClass::maintenance: return Remedy::wait;
        case ErrorClass::clock:
        case ErrorClass::overload:
        case ErrorClass::busy: return Remedy::retry;
        case ErrorClass::authentication: return Remedy::reauthenticate;
        case ErrorClass::unknown_outcome:
        case ErrorClass::malformed:
        case ErrorClass::unreachable: return is_write ? Remedy::query : Remedy::retry;
        case ErrorClass::gone:
        case ErrorClass::duplicate:
        case ErrorClass::reduce_only: return Remedy::query;
        case ErrorClass::no_change: return Remedy::none;
        case ErrorClass::unclassified: return is_write ? Remedy::query : Remedy::give_up;
        case ErrorClass::parameters:
        case ErrorClass::filter:
        case ErrorClass::funds:
        case ErrorClass::risk:
        case ErrorClass::post_only:
        case ErrorClass::trigger:
        case ErrorClass::halt:
        case ErrorClass::geo_block: break;
    }
    return Remedy::give_up;
}

VenueError error_of(const FailedReply& reply, ErrorClass kind, int code, std::string_view message) {
    VenueError error{.kind = kind,
                     .remedy = remedy_for(kind, reply.is_write),
                     .wait_until = std::nullopt,
                     .status = reply.status,
                     .code = code,
                     .text = {}};
    if (error.remedy == Remedy::wait) error.wait_until = wait_end(reply, kind, message);
    error.text = std::string(name(reply.site));
    if (code != 0)
        error.text += " " + std::to_string(code);
    else if (reply.status != 200)
        error.text += reply.status == 0 ? " no answer" : " HTTP " + std::to_string(reply.status);
    if (!message.empty()) error.text.append(" ").append(message.substr(0, 200));
    error.text.append(" (").append(name(kind)).append(": ").append(name(error.remedy)).append(")");
    return error;
}

/// A refusal that the reply's own code explains, where the code is known.
std::optional<ErrorClass> class_of_code(Site site, int code, std::string_view message) {
    if (is_bybit(site)) return bybit_class(code);
    if (code == -2010) {  // "new order rejected": the message says why
        if (mentions(message, "insufficient balance")) return ErrorClass::funds;
        if (mentions(message, "immediately match")) return ErrorClass::post_only;
        if (mentions(message, "duplicate order")) return ErrorClass::duplicate;
        if (mentions(message, "market is closed")) return ErrorClass::halt;
        return ErrorClass::filter;
    }
    return binance_class(code);
}

/// What the HTTP status alone says.
ErrorClass class_of_status(const FailedReply& reply) {
    const std::string_view body = reply.body;
    const bool names_a_place = mentions(body, "block access from your country") ||
                               mentions(body, "restricted location") || mentions(body, "eligibility");
    switch (reply.status) {
        case 0: return ErrorClass::unreachable;
        case 401: return ErrorClass::authentication;
        case 403: return names_a_place ? ErrorClass::geo_block : ErrorClass::ban;
        case 418: return ErrorClass::ban;
        case 429: return ErrorClass::rate;
        case 451: return ErrorClass::geo_block;
        case 408: return ErrorClass::unknown_outcome;
        case 200: return ErrorClass::malformed;
        default: break;
    }
    if (names_a_place) return ErrorClass::geo_block;
    if (reply.status >= 500) {
        if (mentions(body, "maintenance")) return ErrorClass::maintenance;
        // Binance futures: this body alone says that the request was not executed.
        const bool is_unseen = reply.status == 503 && !is_bybit(reply.site) && mentions(body, "service unavailable");
        return is_unseen ? ErrorClass::overload : ErrorClass::unknown_outcome;
    }
    return reply.status >= 400 ? ErrorClass::parameters : ErrorClass::malformed;
}

struct Refusal {
    bool is_readable = false;  ///< the body is the JSON of this venue
    int code = 0;
    std::string message;
};

/// Bybit writes {"retCode":..,"retMsg":..}, Binance {"code":..,"msg":..} and only where something failed.
Refusal refusal_in(const FailedReply& reply) {
    Refusal refusal;
    const std::size_t start = reply.body.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return refusal;
    if (reply.body[start] == '[') {
        refusal.is_readable = !is_bybit(reply.site);
        return refusal;
    }
    if (reply.body[start] != '{') return refusal;
    json::Document document;
    json::ondemand::object root;
    document.hold(reply.body);
    if (document.open(root)) return refusal;
    const bool bybit = is_bybit(reply.site);
    std::int64_t code = 0;
    std::uint64_t text_code = 0;
    json::ondemand::value value;
    const json::Lookup lookup = json::look_up(root, bybit ? "retCode" : "code", value);
    if (lookup == json::Lookup::absent) refusal.is_readable = !bybit;  // a Binance success carries no code
    if (lookup != json::Lookup::found) return refusal;
    json::ondemand::json_type type{};
    if (value.type().get(type)) return refusal;
    refusal.is_readable =
        type == json::ondemand::json_type::string ? !json::count_of(value, text_code) : !value.get_int64().get(code);
    if (!refusal.is_readable) return refusal;
    if (text_code != 0) code = static_cast<std::int64_t>(std::min<std::uint64_t>(text_code, 1'000'000'000));
    refusal.code = static_cast<int>(std::clamp<std::int64_t>(code, -1'000'000'000, 1'000'000'000));
    std::string_view message;
    if (!root.find_field_unordered(bybit ? "retMsg" : "msg").get_string().get(message))
        refusal.message = message.substr(0, 200);
    return refusal;
}

}  // namespace

std::string_view name(ErrorClass kind) {
    static constexpr std::string_view kNames[kErrorClassCount] = {
        "rate",        "ban",         "clock",     "authentication", "unknown outcome", "overload",    "busy",
        "parameters",  "filter",      "funds",     "risk",           "post-only",       "trigger",     "reduce-only",
        "gone",        "duplicate",   "no change", "halt",           "geo-block",       "maintenance", "malformed",
        "unreachable", "unclassified"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name(Remedy remedy) {
    switch (remedy) {
        case Remedy::none: return "as good as done";
        case Remedy::retry: return "retry";
        case Remedy::wait: return "wait";
        case Remedy::reauthenticate: return "reauthenticate";
        case Remedy::query: return "query";
        case Remedy::give_up: return "give up";
    }
    return "unknown";
}

VenueError classify(const FailedReply& reply, int code, std::string_view message) {
    if (mentions(message, "restricted location")) return error_of(reply, ErrorClass::geo_block, code, message);
    if (reply.status == 451) return error_of(reply, ErrorClass::geo_block, code, message);
    if (reply.status == 418) return error_of(reply, ErrorClass::ban, code, message);
    if (const auto known = class_of_code(reply.site, code, message)) return error_of(reply, *known, code, message);
    if (code != 0 && reply.status >= 200 && reply.status < 400)
        return error_of(reply, ErrorClass::unclassified, code, message);
    ErrorClass kind = class_of_status(reply);
    // A code that nobody knows under a status of 4xx: the venue understood the request and refused it.
    if (code != 0 && kind == ErrorClass::parameters) kind = ErrorClass::unclassified;
    return error_of(reply, kind, code, message);
}

std::optional<VenueError> error_in(const FailedReply& reply) {
    if (reply.status == 0) return classify(reply, 0, reply.body);
    const Refusal refusal = refusal_in(reply);
    if (refusal.is_readable) {
        const bool is_done = reply.status >= 200 && reply.status < 300 &&
                             (refusal.code == 0 || (!is_bybit(reply.site) && refusal.code == 200));
        if (is_done) return std::nullopt;
        return classify(reply, refusal.code, refusal.message);
    }
    if (reply.status >= 200 && reply.status < 300) {
        // Success in name only: a page for people, an empty or cut-off body.
        const bool is_page = reply.body.find_first_not_of(" \t\r\n") != std::string_view::npos &&
                             reply.body[reply.body.find_first_not_of(" \t\r\n")] == '<';
        const ErrorClass kind =
            is_page && mentions(reply.body, "maintenance") ? ErrorClass::maintenance : ErrorClass::malformed;
        return error_of(reply, kind, 0,
                        is_page ? "a page of HTML where JSON belongs" : "a body that is not the venue's JSON");
    }
    return classify(reply, 0, {});
}

}  // namespace vt::exchange
