#include "exchange/access/limits.hpp"

#include "base/whole_number.hpp"

#include <string>

namespace vt::exchange::access {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kAnalyticsPath = "/futures/data/";

/// The text after `"name":` in one flat JSON object, up to the next comma or brace, without quotes.
std::string_view value_of(std::string_view object, std::string_view name) {
    const std::string quoted = "\"" + std::string(name) + "\":";
    const std::size_t at = object.find(quoted);
    if (at == std::string_view::npos) return {};
    std::string_view value = object.substr(at + quoted.size());
    value = value.substr(0, value.find_first_of(",}"));
    if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
    return value;
}

std::optional<std::uint32_t> positive(std::string_view text) {
    const auto number = whole_number<std::uint32_t>(text);
    return number && *number > 0 ? number : std::nullopt;
}

std::optional<Nanos> interval(std::string_view name) {
    if (name == "SECOND") return seconds{1};
    if (name == "MINUTE") return minutes{1};
    if (name == "HOUR") return minutes{60};
    if (name == "DAY") return minutes{24 * 60};
    return std::nullopt;
}

/// The limits of an exchangeInfo body of the kinds that are wanted.
std::vector<PublishedLimit> limits_in(std::string_view body, bool (*is_wanted)(std::string_view kind)) {
    constexpr std::string_view kList = "\"rateLimits\":[";
    constexpr std::size_t kMost = 16;
    std::vector<PublishedLimit> limits;
    const std::size_t at = body.find(kList);
    if (at == std::string_view::npos) return limits;
    std::string_view list = body.substr(at + kList.size());
    list = list.substr(0, list.find(']'));
    for (std::size_t i = 0; i < kMost && !list.empty(); ++i) {
        const std::size_t end = std::min(list.find('}'), list.size() - 1);
        const std::string_view object = list.substr(0, end + 1);
        list.remove_prefix(end + 1);
        const std::string_view kind = value_of(object, "rateLimitType");
        const auto unit = interval(value_of(object, "interval"));
        const auto count = positive(value_of(object, "intervalNum"));
        const auto limit = positive(value_of(object, "limit"));
        if (!is_wanted(kind) || !unit || !count || !limit) continue;
        limits.push_back({.limit = *limit, .span = *unit * *count, .counts_weight = kind == "REQUEST_WEIGHT"});
    }
    return limits;
}

}  // namespace

std::uint32_t planned(std::uint32_t limit, double share) {
    return static_cast<std::uint32_t>(static_cast<double>(limit) * share);
}

SiteLimits published_limits(Site site) {
    switch (site) {
        case Site::bybit:
            return {.requests = {{.limit = 600, .span = seconds{5}}}, .connects = {.limit = 500, .span = minutes{5}}};
        case Site::binance_futures:
            return {.requests = {{.limit = 2400, .span = minutes{1}, .counts_weight = true},
                                 {.pool = Pool::analytics, .limit = 1000, .span = minutes{5}}},
                    .connects = {.limit = 300, .span = minutes{5}}};
        case Site::binance_spot:
            return {.requests = {{.limit = 6000, .span = minutes{1}, .counts_weight = true},
                                 {.limit = 300'000, .span = minutes{5}}},
                    .connects = {.limit = 300, .span = minutes{5}}};
    }
    return {};
}

Pool pool_of(Site site, std::string_view target) {
    return site == Site::binance_futures && target.starts_with(kAnalyticsPath) ? Pool::analytics : Pool::general;
}

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::vector<PublishedLimit> rate_limits(std::string_view body) {
    return limits_in(body, [](std::string_view kind) { return kind == "REQUEST_WEIGHT" || kind == "RAW_REQUESTS"; });
}

std::vector<PublishedLimit> order_limits(std::string_view body) {
    return limits_in(body, [](std::string_view kind) { return kind == "ORDERS"; });
}

std::vector<PublishedLimit> published_order_limits(Site site) {
    switch (site) {
        case Site::bybit: return {};
        case Site::binance_futures: return {{.limit = 300, .span = seconds{10}}, {.limit = 1200, .span = minutes{1}}};
        case Site::binance_spot:
            return {{.limit = 100, .span = seconds{10}}, {.limit = 200'000, .span = minutes{24 * 60}}};
    }
    return {};
}

}  // namespace vt::exchange::access
