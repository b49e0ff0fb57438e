#pragma once

#include "base/result.hpp"
#include "execution/trade.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vt::desk {

/// A trade or an order as it was written down, by the path id of its instrument.
struct SavedRecord {
    execution::TradeId trade = 0;
    std::string instrument;
    std::string bytes;
    bool operator==(const SavedRecord&) const = default;
};

/// What a run goes on from.
struct SavedTrading {
    execution::Numbering numbering;
    std::string limits;               ///< Desk::encode_limits; empty: nothing was counted yet
    std::string venue;                ///< the paper venue's account; empty: a new one
    std::vector<SavedRecord> trades;  ///< execution::encode_trade, of those that are open
    std::vector<SavedRecord> orders;  ///< execution::encode_order, of those trades
    bool operator==(const SavedTrading&) const = default;
};

[[nodiscard]] std::string encode_saved_trading(const SavedTrading& saved);
/// errors: malformed
[[nodiscard]] Result<SavedTrading> decode_saved_trading(std::string_view bytes);

}  // namespace vt::desk
