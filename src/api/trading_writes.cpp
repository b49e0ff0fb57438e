#include "api/server.hpp"
#include "api/trading_request.hpp"
#include "base/whole_number.hpp"

#include <simdjson.h>

#include <string>
#include <string_view>
#include <utility>

/// What a person may ask of trading. To stop is easier than to go on: anybody who is logged in may press the kill
/// switch, at once; to release it, to close a position or to take an order back needs the right to trade, and the
/// code where there is one.
namespace vt::api {
namespace {

using engine::TradingWish;

constexpr std::string_view kNothingTraded =
    "signals are not traded in this run: start it with `virtuoso run --trade paper` (trading.mode)";
constexpr std::size_t kReasonBytesMax = 200;

/// A switch's body, which has the members that the route takes.
struct SwitchBody {
    bool is_on = false;
    bool flattens = false;
    std::string reason;
};

bool is_true(const simdjson::simdjson_result<simdjson::dom::element>& member) {
    bool is = false;
    return member.get(is) == simdjson::SUCCESS && is;
}

SwitchBody switch_body(std::string_view text) {
    simdjson::dom::parser parser;
    SwitchBody body;
    simdjson::dom::element document;
    std::string_view reason;
    if (text.empty() || parser.parse(text.data(), text.size()).get(document) != simdjson::SUCCESS) return body;
    body.is_on = is_true(document["on"]);
    body.flattens = is_true(document["flatten"]);
    if (document["reason"].get(reason) == simdjson::SUCCESS) body.reason = reason;
    return body;
}

int status_of(Errc code) {
    if (code == Errc::not_found) return 404;
    return code == Errc::refused ? 409 : 503;
}

net::PreparedResponsePtr done_json(const TradingDone& done) {
    JsonWriter out;
    out.begin_object().field("mode", risk::name(done.mode)).field("is_stored", done.not_stored.empty());
    out.field("text", done.not_stored.empty() ? std::nullopt : std::optional<std::string_view>(done.not_stored));
    out.end_object();
    return live_json(out.take());
}

/// What the audit says a request was about.
std::string subject_of(const TradingRequest& request) {
    if (request.wish == TradingWish::cancel) return to_string(request.order);
    return request.trade > 0 ? std::to_string(request.trade) : request.reason;
}

const BodyMember kReason{.name = "reason", .meaning = "in words, for the record; at most 200 bytes"};

}  // namespace

net::HttpReply Server::ask_trading(const Call& call, TradingRequest request, const char* action) {
    if (!params_.ask_trading) return problem(503, kNothingTraded);
    if (request.reason.size() > kReasonBytesMax) return problem(400, "reason must be at most 200 bytes");
    request.who = call.visitor.caller ? call.visitor.caller->user : "this machine";
    const std::string subject = subject_of(request);
    return net::PendingResponse{
        .begin = [ask = params_.ask_trading, request = std::move(request),
                  note = login_.line_for(call.visitor, action, subject)](net::PendingResponse::Done done) {
            ask(request, [note, done = std::move(done)](const Result<TradingDone>& answer) {
                note(answer ? "done" : answer.error().what);
                done(answer ? done_json(*answer) : problem(status_of(answer.error().code), answer.error().what));
            });
        }};
}

net::HttpReply Server::turn_kill_switch(const Call& call) {
    SwitchBody body = switch_body(call.request.body);
    if (!body.is_on || body.flattens) {
        if (net::PreparedResponsePtr refusal = login_.refuse_trading(call.visitor)) return refusal;
    }
    if (!body.is_on && body.flattens) return problem(400, "flatten is for turning it on: it closes every position");
    if (!body.is_on && body.reason.empty())
        return problem(400, "to go on trading needs a reason: {\"on\": false, \"reason\": \"...\"}");
    if (body.is_on && body.reason.empty()) body.reason = "kill switch";
    const TradingWish wish = !body.is_on     ? TradingWish::release
                             : body.flattens ? TradingWish::flatten
                                             : TradingWish::halt;
    return ask_trading(call, {.wish = wish, .reason = std::move(body.reason)},
                       body.is_on ? "kill switch on" : "kill switch off");
}

net::HttpReply Server::turn_reduce_only(const Call& call) {
    SwitchBody body = switch_body(call.request.body);
    if (!body.is_on) {
        if (net::PreparedResponsePtr refusal = login_.refuse_trading(call.visitor)) return refusal;
        if (body.reason.empty())
            return problem(400, "to go on trading needs a reason: {\"on\": false, \"reason\": \"...\"}");
    }
    if (body.reason.empty()) body.reason = "reduce only";
    return ask_trading(
        call,
        {.wish = body.is_on ? TradingWish::reduce : TradingWish::end_reducing, .reason = std::move(body.reason)},
        body.is_on ? "reduce only on" : "reduce only off");
}

net::HttpReply Server::close_position(const Call& call) {
    const std::string& text = call.parameters.at("position");
    const auto number = whole_number<std::uint64_t>(text);
    if (!number || *number == 0)
        return problem(404, "no position has the number \"" + text.substr(0, 40) + "\"; /api/positions lists them");
    return ask_trading(
        call, {.wish = TradingWish::close, .trade = *number, .reason = switch_body(call.request.body).reason},
        "position close");
}

net::HttpReply Server::cancel_order(const Call& call) {
    const std::string& text = call.parameters.at("order");
    const auto order = trading::parse_client_order_id(text);
    if (!order) return problem(404, "no order has the id \"" + text.substr(0, 40) + "\"; /api/orders lists them");
    return ask_trading(call, {.wish = TradingWish::cancel, .order = *order}, "order cancel");
}

void Server::add_trading_writes() {
    const BodyMember on{.name = "on", .type = BodyType::truth, .meaning = "true: on", .is_required = true};
    routes_.add(
        {.method = net::Method::put,
         .pattern = "/api/trading/kill-switch",
         .access = Access::write,
         .summary = "On: no new positions, entries are cancelled, with `flatten` everything is closed; for "
                    "anybody who is logged in. Off: needs the right to trade, and a reason",
         .schema = "TradingDone",
         .body = {on, {.name = "flatten", .type = BodyType::truth, .meaning = "closes every position, too"}, kReason},
         .scope = login::Scope::read,
         .takes_code = true,
         .handler = [this](const Call& call) { return turn_kill_switch(call); }});
    routes_.add({.method = net::Method::put,
                 .pattern = "/api/trading/reduce-only",
                 .access = Access::write,
                 .summary = "On: no new positions, those that are open run to their end; for anybody who is logged "
                            "in. Off: needs the right to trade, and a reason",
                 .schema = "TradingDone",
                 .body = {on, kReason},
                 .scope = login::Scope::read,
                 .takes_code = true,
                 .handler = [this](const Call& call) { return turn_reduce_only(call); }});
    routes_.add({.method = net::Method::post,
                 .pattern = "/api/positions/{position}/close",
                 .access = Access::write,
                 .summary = "Closes a position at the market, by its number",
                 .schema = "TradingDone",
                 .body = {kReason},
                 .handler = [this](const Call& call) { return close_position(call); }});
    routes_.add({.method = net::Method::remove,
                 .pattern = "/api/orders/{order}",
                 .access = Access::write,
                 .summary = "Takes an entry or a target back, which is not placed anew; an order that protects or "
                            "closes a position is refused",
                 .schema = "TradingDone",
                 .handler = [this](const Call& call) { return cancel_order(call); }});
}

}  // namespace vt::api
