#pragma once

#include "base/time.hpp"
#include "demo/front.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vt::demo {

/// An API key of the demo exchange: the same on all of its venues, and no secret, since it opens nothing.
struct DemoKey {
    std::string key;
    std::string secret;  ///< of the HMAC
    std::uint64_t account = 1;
    bool may_trade = false;
    bool may_withdraw = false;
    bool may_read = true;
    bool has_ended = false;
};

/// "demoReadKey", "demoTradeKey", "demoWithdrawKey", "demoBlindKey" (which may do nothing) and "demoEndedKey", each
/// with "Secret" behind it for its secret.
[[nodiscard]] std::vector<DemoKey> demo_keys();

/// Who may ask for what is not public. Balances, orders and positions belong here, by DemoKey::account.
class Accounts {
public:
    explicit Accounts(std::vector<DemoKey> keys) : keys_(std::move(keys)) {}
    /// out: nullptr when there is no such key
    [[nodiscard]] const DemoKey* find(std::string_view key) const;

private:
    std::vector<DemoKey> keys_;
};

/// Whose request it is, or why it is refused: the venue's code and message.
struct Proof {
    const DemoKey* key = nullptr;
    int code = 0;
    std::string message;
    int status = 200;
};
/// Reads Bybit's four headers. Refused: 10003 (key), 10002 (time), 10004 (signature), 10001 (a header is missing),
/// 33004 (ended), 10005 (no right to read).
///   source: https://bybit-exchange.github.io/docs/v5/guide and /error, read 2026-07
[[nodiscard]] Proof prove_bybit(const Accounts& accounts, const FrontRequest& request, Timestamp now);
/// Reads Binance's header and query. Refused: -2014, -2015 (key, its end, its rights), -1102 (missing), -1131
/// (window), -1021 (time), -1022 (signature).
///   source: binance-spot-api-docs rest-api.md and errors.md, read 2026-07
[[nodiscard]] Proof prove_binance(const Accounts& accounts, const FrontRequest& request, Timestamp now);

/// What a venue says of a key, as the body of the answer or its `result`.
[[nodiscard]] std::string bybit_key_information(const DemoKey& key, Timestamp now);
[[nodiscard]] std::string binance_key_information(const DemoKey& key, Timestamp now);
[[nodiscard]] std::string binance_account(const DemoKey& key, Timestamp now);

}  // namespace vt::demo
