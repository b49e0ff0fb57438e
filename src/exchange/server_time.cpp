#include "exchange/server_time.hpp"

#include <charconv>

namespace vt::exchange {

std::string_view time_target(Site site) {
    switch (site) {
        case Site::bybit: return "/v5/market/time";
        case Site::binance_futures: return "/fapi/v1/time";
        case Site::binance_spot: return "/api/v3/time";
    }
    return "/";
}

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

}  // namespace vt::exchange
