#pragma once

#include "base/result.hpp"
#include "engine/trading_wish.hpp"
#include "risk/trading_state.hpp"
#include "trading/order.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace vt::api {

/// What somebody asks of trading.
struct TradingRequest {
    engine::TradingWish wish = engine::TradingWish::halt;
    std::uint64_t trade = 0;       ///< of `close`
    trading::ClientOrderId order;  ///< of `cancel`
    std::string who;               ///< was authenticated
    std::string reason;
};

/// It was done.
struct TradingDone {
    risk::Mode mode = risk::Mode::active;  ///< as it is now
    std::string not_stored;                ///< why a restart would not know of it; empty: it is on the disk
};

/// Asks the engine, sooner or later answered once, on the API's thread: after it was done and stored.
///   errors: not_found, refused (not as things stand), unavailable
using AskTrading = std::function<void(TradingRequest request, std::function<void(const Result<TradingDone>&)> done)>;

}  // namespace vt::api
