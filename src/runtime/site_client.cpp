#include "runtime/site_client.hpp"

#include <charconv>
#include <memory>
#include <utility>

namespace vt::runtime {
namespace {

using exchange::Site;

constexpr Nanos kLimit = std::chrono::seconds{6};
constexpr Nanos kAnswerLimit = std::chrono::seconds{5};

/// The server's time in the answer to time_target().
std::optional<Timestamp> server_time(Site site, std::string_view body) {
    const std::string_view mark = site == Site::bybit ? "\"timeNano\":\"" : "\"serverTime\":";
    const std::size_t at = body.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    std::int64_t number = 0;
    const char* first = body.data() + at + mark.size();
    const auto [end, problem] = std::from_chars(first, body.data() + body.size(), number);
    if (problem != std::errc{} || number <= 0) return std::nullopt;
    if (site == Site::bybit) return from_ns(number);
    return number < 9'000'000'000'000 ? std::optional(from_ms(number)) : std::nullopt;
}

}  // namespace

std::string_view time_target(Site site) {
    switch (site) {
        case Site::bybit: return "/v5/market/time";
        case Site::binance_futures: return "/fapi/v1/time";
        case Site::binance_spot: return "/api/v3/time";
    }
    return "/";
}

SiteClient::SiteClient(Site site, gateway::SiteHosts hosts)
    : site_(site), hosts_(std::move(hosts)), client_(loop_, {.tls = hosts_.tls, .route = hosts_.route}) {}

Result<net::HttpResponse> SiteClient::get(net::HttpCall call) {
    using Answer = std::optional<Result<net::HttpResponse>>;
    const auto answer = std::make_shared<Answer>();  // the client may still answer when nobody waits any more
    client_.send(std::move(call), [answer](Result<net::HttpResponse> response) { *answer = std::move(response); });
    (void)loop_.run_until([&] { return answer->has_value(); }, kLimit);
    return *answer ? std::move(**answer) : Result<net::HttpResponse>(fail(Errc::unavailable, "no answer in time"));
}

Result<net::HttpResponse> SiteClient::ask_time() {
    const Timestamp sent = net::wall_now();
    auto answer = get({.url = hosts_.rest_url + std::string(time_target(site_)), .timeout = kAnswerLimit});
    if (!answer || answer->status != 200) return answer;
    if (const auto server = server_time(site_, answer->body)) clock_.measure(sent, *server, answer->received);
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
