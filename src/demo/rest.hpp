#pragma once

#include "demo/accounts.hpp"
#include "demo/front.hpp"
#include "demo/stream.hpp"

#include <string>
#include <string_view>

namespace vt::demo {

/// What the answers say beside the market.
struct VenueState {
    bool is_in_maintenance = false;
    const Accounts* accounts = nullptr;  ///< absent: signed requests are refused
};

/// Answers GET requests of Bybit's public endpoints from the stream's state: system/status, user/query-api (signed),
/// and under market: time, instruments-info, risk-limit, tickers, kline, orderbook, recent-trade, open-interest,
/// account-ratio, funding/history; categories linear, spot and inverse, and empty lists for option. A bad parameter
/// gets HTTP 200 and retCode 10001, another path HTTP 404.
///   source: https://bybit-exchange.github.io/docs/v5/market/*, read 2026-07-24
[[nodiscard]] RestAnswer answer_rest(Stream& stream, const FrontRequest& request, Timestamp now,
                                     const VenueState& state = {});

/// `{"retCode":10006,"retMsg":...,"result":{},...}`
[[nodiscard]] std::string rest_error(int ret_code, std::string_view message, Timestamp now);

}  // namespace vt::demo
