#pragma once

#include "base/time.hpp"
#include "exchange/protocol.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::exchange::access {

/// Which of a site's limits a request counts against.
enum class Pool : std::uint8_t { general, analytics };

/// One published limit of a site.
struct PublishedLimit {
    Pool pool = Pool::general;
    std::uint32_t limit = 0;
    Nanos span{};
    bool counts_weight = false;  ///< false: every request counts one
};

/// What a site allows one address, by its documentation. Binance's exchangeInfo may say more; see rate_limits.
struct SiteLimits {
    std::vector<PublishedLimit> requests;
    PublishedLimit connects;  ///< new WebSocket connections
};

/// We plan with this share of what a venue allows: others may share the address, and clocks differ.
inline constexpr double kPlannedShare = 0.8;
/// What a command that works beside a running program plans with: the two do not see each other, and together they
/// stay below the whole.
inline constexpr double kBesideShare = 0.15;
/// `share` of a limit, rounded down.
[[nodiscard]] std::uint32_t planned(std::uint32_t limit, double share);

/// source: Bybit v5 "Rate Limit" (600 requests in 5 s, 500 connections in 5 min); Binance "Limits" of the futures and
///         the spot API, exchangeInfo of July 2026 (2400 and 6000 weight a minute), /futures/data's own 1000 in 5
///         min, 300 connections in 5 min
[[nodiscard]] SiteLimits published_limits(Site site);
[[nodiscard]] Pool pool_of(Site site, std::string_view target);

/// The path of a target, without its query: what a venue's buckets and our breakers are kept by.
[[nodiscard]] std::string_view path_of(std::string_view target);

/// The limits named in a Binance exchangeInfo body (REQUEST_WEIGHT and RAW_REQUESTS only); empty when it has none.
[[nodiscard]] std::vector<PublishedLimit> rate_limits(std::string_view body);
/// Its limits of new orders (ORDERS), which an account has, not an address.
[[nodiscard]] std::vector<PublishedLimit> order_limits(std::string_view body);

/// What a site allows one account, by its documentation: new orders in each span. Empty where it counts none.
///   source: exchangeInfo of July 2026: futures 300 in 10 s and 1200 a minute; spot 100 in 10 s and 200,000 a day
[[nodiscard]] std::vector<PublishedLimit> published_order_limits(Site site);

}  // namespace vt::exchange::access
