#pragma once

#include "demo/binance_front.hpp"
#include "demo/binance_rest.hpp"
#include "demo/disturbances.hpp"
#include "demo/front.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace vt::demo {

/// The REST half of BinanceFront: budgets by address, bans, and the answers.
class BinanceRequests {
public:
    /// All must outlive it.
    BinanceRequests(BinanceMarket& futures, BinanceMarket& spot, const Accounts& accounts,
                    const BinanceLimits& limits, const Disturbances& disturbances)
        : futures_(futures), spot_(spot), accounts_(accounts), limits_(limits), disturbances_(disturbances) {}

    [[nodiscard]] RestAnswer answer(const FrontRequest& request, Timestamp now);

private:
    struct Budget {
        std::int64_t minute = 0;
        std::uint32_t used = 0;
        std::uint32_t refused = 0;  // within the minute
        std::uint32_t bans = 0;
        std::optional<Timestamp> banned_until;
    };
    struct Address {
        Budget futures, spot;
        RollingCount data, funding;
    };
    std::optional<RestAnswer> refuse_all(const FrontRequest& request, Timestamp now) const;
    /// out: nothing, or the 429 or 418 that refuses it
    std::optional<RestAnswer> charge(Address& from, Budget& budget, const binance::Cost& cost, std::uint32_t most,
                                     std::string_view address, Timestamp now);
    static RestAnswer refusal(int status, int code, std::string_view message);
    static RestAnswer too_many(int status, std::string_view message, Nanos retry_after);

    BinanceMarket& futures_;
    BinanceMarket& spot_;
    const Accounts& accounts_;
    const BinanceLimits& limits_;
    const Disturbances& disturbances_;
    PerAddress<Address> addresses_;
};

}  // namespace vt::demo
