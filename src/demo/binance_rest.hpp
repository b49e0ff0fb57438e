#pragma once

#include "demo/accounts.hpp"
#include "demo/binance_market.hpp"
#include "demo/front.hpp"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo::binance {

/// Which budget a request is charged to.
enum class Budget : std::uint8_t {
    weight,   ///< of the market, by the minute
    data,     ///< requests of /futures/data, by five minutes
    funding,  ///< requests of funding history and info, by five minutes
    none,
};
struct Cost {
    Budget budget = Budget::weight;
    std::uint32_t weight = 1;
};

/// A refused request: HTTP status and `{"code":...,"msg":...}`.
struct Refusal {
    int code = 0;
    std::string message;
    int status = 400;
};
template <class T>
using Answer = tl::expected<T, Refusal>;
[[nodiscard]] std::string refusal_body(int code, std::string_view message);

struct VenueState {
    bool is_in_maintenance = false;
    std::uint32_t weight_limit = 0;  ///< of the market, for a minute
    const Accounts* accounts = nullptr;
};

/// One request to one market.
struct Request {
    BinanceMarket& market;
    const FrontRequest& asked;
    Timestamp now;
    VenueState state = {};

    /// Empty when absent or not decodable.
    [[nodiscard]] std::string text(std::string_view name) const;
    /// Absent, or a whole number. errors: -1102
    [[nodiscard]] Answer<std::optional<std::int64_t>> number(std::string_view name) const;
    [[nodiscard]] Answer<std::size_t> limit(std::int64_t usual, std::int64_t largest) const;
    /// The index of the listed symbol that is asked for. errors: -1102 (absent), -1121 (unknown)
    [[nodiscard]] Answer<std::size_t> symbol() const;
    [[nodiscard]] bool has_symbol() const { return !text("symbol").empty(); }
};
[[nodiscard]] tl::unexpected<Refusal> refuse(int code, std::string message);

/// Answers one GET of a market, weighed.
struct Endpoint {
    std::string_view path;
    Answer<std::string> (*answer)(const Request& request);
    Cost (*cost)(const Request& request);
};
/// out: nullptr when the market has no such path
[[nodiscard]] const Endpoint* find_endpoint(std::string_view path);
/// Whether a path belongs to the spot market's host.
[[nodiscard]] bool is_spot_path(std::string_view path);

// binance_lists.cpp: what is listed. Each returns the whole body.
[[nodiscard]] Answer<std::string> futures_exchange_info(const Request& request);
[[nodiscard]] Answer<std::string> spot_exchange_info(const Request& request);
// binance_tickers.cpp
[[nodiscard]] Answer<std::string> day_tickers(const Request& request);
[[nodiscard]] Answer<std::string> prices(const Request& request);
[[nodiscard]] Answer<std::string> best_quotes(const Request& request);
[[nodiscard]] Answer<std::string> average_price(const Request& request);
/// The indices of the symbols that a request names by `symbol` or (spot) `symbols`, or all.
struct Named {
    std::vector<std::size_t> indices;
    bool is_one = false;  ///< the answer is one object, not a list
};
[[nodiscard]] Answer<Named> named(const Request& request);
// binance_contract.cpp: funding, open interest and ratios
[[nodiscard]] Answer<std::string> premium_index(const Request& request);
[[nodiscard]] Answer<std::string> funding_rates(const Request& request);
[[nodiscard]] Answer<std::string> funding_info(const Request& request);
[[nodiscard]] Answer<std::string> open_interest(const Request& request);
[[nodiscard]] Answer<std::string> open_interest_history(const Request& request);
[[nodiscard]] Answer<std::string> long_short_ratio(const Request& request);
[[nodiscard]] Answer<std::string> taker_ratio(const Request& request);

}  // namespace vt::demo::binance
