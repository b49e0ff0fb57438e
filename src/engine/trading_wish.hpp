#pragma once

#include <cstdint>
#include <string_view>

namespace vt::engine {

/// What somebody asks of trading.
enum class TradingWish : std::uint8_t {
    halt,          ///< no entries
    flatten,       ///< the same, and every position is closed
    reduce,        ///< no new positions
    release,       ///< trade again
    close,         ///< one trade
    end_reducing,  ///< trade again, unless it is halted
    cancel,        ///< one order
};
[[nodiscard]] std::string_view name(TradingWish wish);

}  // namespace vt::engine
