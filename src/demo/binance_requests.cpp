#include "demo/binance_requests.hpp"

#include <algorithm>
#include <string>

namespace vt::demo {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

}  // namespace

RestAnswer BinanceRequests::refusal(int status, int code, std::string_view message) {
    return {.status = status, .body = binance::refusal_body(code, message)};
}

RestAnswer BinanceRequests::too_many(int status, std::string_view message, Nanos retry_after) {
    RestAnswer answer = refusal(status, -1003, message);
    const Nanos second = std::chrono::seconds{1};
    answer.headers.push_back({"Retry-After", std::to_string((retry_after + second - Nanos{1}) / second)});
    return answer;
}

std::optional<RestAnswer> BinanceRequests::refuse_all(const FrontRequest& request, Timestamp now) const {
    if (disturbances_.is_tls_broken(now)) return RestAnswer{.status = 0, .body = "certificate not trusted"};
    if (disturbances_.is_down(now)) return plain_answer(503, "service unavailable");
    if (disturbances_.is_forbidding(now)) {
        return RestAnswer{
            .status = 403, .content_type = "text/html", .body = "<html><body>403 Forbidden</body></html>"};
    }
    if (disturbances_.is_banning(now)) {
        const Timestamp until = disturbances_.banned_until();
        return too_many(418,
                        "Way too many requests; IP banned until " + std::to_string(to_ms(until)) +
                            ". Please use the websocket for live updates to avoid bans.",
                        until - now);
    }
    if (disturbances_.is_overloaded(now)) {
        return too_many(429, "Too many requests; please use the websocket for live updates.",
                        disturbances_.overloaded_until() - now);
    }
    if (disturbances_.is_in_maintenance(now) && request.path != "/sapi/v1/system/status")
        return refusal(503, -1016, "This service is no longer available.");
    return std::nullopt;
}

std::optional<RestAnswer> BinanceRequests::charge(Address& from, Budget& budget, const binance::Cost& cost,
                                                  std::uint32_t most, std::string_view address, Timestamp now) {
    const std::string_view slow_down = "Too many requests; please use the websocket for live updates.";
    if (cost.budget == binance::Budget::data || cost.budget == binance::Budget::funding) {
        const bool is_data = cost.budget == binance::Budget::data;
        const std::size_t count = is_data ? limits_.data_requests : limits_.funding_requests;
        if ((is_data ? from.data : from.funding).take(now, limits_.request_window, count)) return std::nullopt;
        return too_many(429, slow_down, limits_.request_window);
    }
    const std::int64_t minute = to_ms(now) / kMinuteMs;
    if (budget.minute != minute) {
        budget.minute = minute;
        budget.used = budget.refused = 0;
    }
    budget.used += cost.weight;
    if (budget.used <= most) return std::nullopt;
    const Nanos rest = from_ms((minute + 1) * kMinuteMs) - now;
    if (++budget.refused <= limits_.patience) return too_many(429, slow_down, rest);
    // Who goes on asking is banned, for twice as long each time.
    const Nanos length = std::min(limits_.longest_ban, limits_.ban * (std::int64_t{1} << std::min(budget.bans, 16U)));
    ++budget.bans;
    budget.banned_until = now + length;
    return too_many(418,
                    "Way too many requests; IP(" + std::string(address) + ") banned until " +
                        std::to_string(to_ms(*budget.banned_until)) +
                        ". Please use the websocket for live updates to avoid bans.",
                    length);
}

RestAnswer BinanceRequests::answer(const FrontRequest& request, Timestamp now) {
    if (auto refused = refuse_all(request, now)) return std::move(*refused);
    const bool is_spot = binance::is_spot_path(request.path);
    const std::uint32_t most = is_spot ? limits_.spot_weight : limits_.futures_weight;
    Address& from = addresses_[request.address];
    Budget& budget = is_spot ? from.spot : from.futures;
    if (budget.banned_until && now < *budget.banned_until) {
        return too_many(418,
                        "Way too many requests; IP(" + std::string(request.address) + ") banned until " +
                            std::to_string(to_ms(*budget.banned_until)) +
                            ". Please use the websocket for live updates to avoid bans.",
                        *budget.banned_until - now);
    }
    const binance::Endpoint* endpoint = binance::find_endpoint(request.path);
    if (endpoint == nullptr) {
        return {
            .status = 404, .content_type = "text/html", .body = "<html><body><h2>404 Not found</h2></body></html>"};
    }
    const binance::Request asked{
        .market = is_spot ? spot_ : futures_,
        .asked = request,
        .now = disturbances_.clock(now),
        .state = {
            .is_in_maintenance = disturbances_.is_in_maintenance(now), .weight_limit = most, .accounts = &accounts_}};
    RestAnswer answer;
    if (auto refused = charge(from, budget, endpoint->cost(asked), most, request.address, now)) {
        answer = std::move(*refused);
    } else if (auto body = endpoint->answer(asked)) {
        answer.body = std::move(*body);
    } else {
        answer = refusal(body.error().status, body.error().code, body.error().message);
    }
    const std::string used = std::to_string(budget.minute == to_ms(now) / kMinuteMs ? budget.used : 0);
    answer.headers.push_back({"x-mbx-used-weight-1m", used});
    if (is_spot) answer.headers.push_back({"x-mbx-used-weight", used});
    return answer;
}

}  // namespace vt::demo
