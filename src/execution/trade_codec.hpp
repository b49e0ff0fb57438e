#pragma once

#include "base/result.hpp"
#include "execution/trade.hpp"
#include "trading/order.hpp"

#include <string>
#include <string_view>

namespace vt::execution {

// The binary forms of trades and orders, for a later run to go on from: a version, then the members in their order.
// The instrument is no part of them, since its number is of one run only: it is kept beside them by its path id, and
// put in by whoever resumes them.

[[nodiscard]] std::string encode_trade(const Trade& trade);
/// errors: unsupported (another version), malformed (cut short, an impossible value)
[[nodiscard]] Result<Trade> decode_trade(std::string_view bytes, market::InstrumentId instrument);

[[nodiscard]] std::string encode_order(const trading::Order::Facts& order);
/// errors: as decode_trade
[[nodiscard]] Result<trading::Order::Facts> decode_order(std::string_view bytes, market::InstrumentId instrument);

}  // namespace vt::execution
