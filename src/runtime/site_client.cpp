#include "runtime/site_client.hpp"

#include "exchange/server_time.hpp"

#include <memory>
#include <utility>

namespace vt::runtime {
namespace {

using exchange::Site;

constexpr Nanos kCallLimit = std::chrono::seconds{6};
constexpr Nanos kAnswerLimit = std::chrono::seconds{5};

}  // namespace

SiteClient::SiteClient(Site site, gateway::SiteHosts hosts, StopCheck is_stopping)
    : site_(site),
      hosts_(std::move(hosts)),
      is_stopping_(std::move(is_stopping)),
      client_(loop_, {.tls = hosts_.tls, .route = hosts_.route}) {}

Result<net::HttpResponse> SiteClient::get(net::HttpCall call) {
    using Answer = std::optional<Result<net::HttpResponse>>;
    const auto is_stopping = [this] { return is_stopping_ && is_stopping_(); };
    if (is_stopping()) return fail(Errc::unavailable, "stopped");
    const auto answer = std::make_shared<Answer>();  // the client may still answer when nobody waits any more
    client_.send(std::move(call), [answer](Result<net::HttpResponse> response) { *answer = std::move(response); });
    (void)loop_.run_until([&] { return answer->has_value() || is_stopping(); }, kCallLimit);
    if (*answer) return std::move(**answer);
    return fail(Errc::unavailable, is_stopping() ? "stopped" : "no answer in time");
}

Result<net::HttpResponse> SiteClient::ask_time() {
    const Timestamp sent = net::wall_now();
    auto answer = get({.url = hosts_.rest_url + std::string(exchange::time_target(site_)), .timeout = kAnswerLimit});
    if (!answer || answer->status != 200) return answer;
    if (const auto server = exchange::server_time(site_, answer->body))
        clock_.measure(sent, *server, answer->received);
    return answer;
}

Result<net::HttpResponse> SiteClient::sign_and_get(std::string_view target,
                                                   const exchange::Credentials& credentials) {
    VT_TRY(const exchange::SignedRequest request,
           exchange::sign(site_, {.target = target, .body = {}}, credentials, net::wall_now() + *clock_.offset()));
    net::HttpCall call{.url = hosts_.rest_url + request.target, .timeout = kAnswerLimit};
    for (const exchange::Header& header : request.headers) call.headers.push_back({header.name, header.value});
    return get(std::move(call));
}

Result<net::HttpResponse> SiteClient::get_signed(std::string_view target, const exchange::Credentials& credentials) {
    if (!clock_.offset()) {
        VT_TRY(const net::HttpResponse time, ask_time());
        if (!clock_.offset())
            return fail(Errc::malformed, "HTTP " + std::to_string(time.status) + " and no server time");
    }
    auto answer = sign_and_get(target, credentials);
    if (!answer) return answer;
    const auto refused = refusal_in(site_, *answer);
    if (!refused || refused->kind != exchange::ErrorClass::clock) return answer;
    if (const auto time = ask_time(); !time) return answer;
    return sign_and_get(target, credentials);
}

std::optional<exchange::VenueError> refusal_in(Site site, const net::HttpResponse& answer) {
    return exchange::error_in(
        {.site = site, .status = answer.status, .body = answer.body, .received = answer.received});
}

}  // namespace vt::runtime
