#pragma once

#include "base/time.hpp"
#include "exchange/protocol.hpp"

#include <optional>
#include <string_view>

namespace vt::exchange {

/// Where a site's clock is asked for.
///   source: https://bybit-exchange.github.io/docs/v5/market/time; https://developers.binance.com/docs:
///           "Check Server Time" of the USDT-M futures and of the spot API, read 2026-07
[[nodiscard]] std::string_view time_target(Site site);

/// The server's time in the answer to `time_target(site)`; nullopt: the answer names none.
[[nodiscard]] std::optional<Timestamp> server_time(Site site, std::string_view body);

}  // namespace vt::exchange
