#pragma once

#include "demo/stream.hpp"
#include "net/http_message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

struct RestAnswer {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<net::HttpHeader> headers = {};
};

/// Answers GET requests of Bybit's public market endpoints from the stream's state: time, instruments-info, tickers,
/// kline, orderbook, recent-trade, open-interest, account-ratio, funding/history, category linear. A bad parameter
/// gets HTTP 200 and retCode 10001, another path HTTP 404.
///   source: https://bybit-exchange.github.io/docs/v5/market/*, read 2026-07-24
[[nodiscard]] RestAnswer answer_rest(Stream& stream, std::string_view path, std::string_view query, Timestamp now);

/// `{"retCode":10006,"retMsg":...,"result":{},...}`
[[nodiscard]] std::string rest_error(int ret_code, std::string_view message, Timestamp now);

}  // namespace vt::demo
