#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "exchange/protocol.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::exchange {

/// What an API key may do, in the same words for all venues. Absent: the venue does not say there.
struct KeyInformation {
    std::optional<bool> may_read;
    std::optional<bool> may_trade_spot;
    std::optional<bool> may_trade_derivatives;
    std::optional<bool> may_withdraw;
    std::optional<bool> may_transfer;  ///< between accounts of the same owner
    std::optional<bool> is_address_bound;
    std::optional<Timestamp> created_at;
    std::optional<Timestamp> expires_at;
    std::vector<std::string> rights;  ///< as the venue names them: "ContractTrade.Order", "enableReading"

    [[nodiscard]] bool may_trade() const {
        return may_trade_spot.value_or(false) || may_trade_derivatives.value_or(false);
    }
};

/// What to GET, signed, to learn about the key. Binance's futures site knows the account only, not the key.
[[nodiscard]] std::string_view key_information_target(Site site);

/// Reads the reply to `key_information_target(site)`.
///   errors: malformed; refused: the venue's own code and message
///   source: https://bybit-exchange.github.io/docs/v5/user/apikey-info;
///           https://developers.binance.com/docs/wallet/account/api-key-permission and, for the futures account,
///           .../derivatives/usds-margined-futures/account/rest-api/Account-Information-V2, read 2026-07
[[nodiscard]] Result<KeyInformation> read_key_information(Site site, std::string_view body);

}  // namespace vt::exchange
