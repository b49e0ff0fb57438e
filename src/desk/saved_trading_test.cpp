#include "desk/saved_trading.hpp"

#include <gtest/gtest.h>

namespace vt::desk {
namespace {

TEST(SavedTrading, ReadsBackWhatItWroteAndNothingElse) {
    const SavedTrading saved{.numbering = {.boot = 7, .last_trade = 41},
                             .limits = std::string("a\0b", 3),
                             .venue = std::string(100'000, 'v'),
                             .trades = {{3, "bybit-linear-BTCUSDT", "trade"}},
                             .orders = {{3, "bybit-linear-BTCUSDT", "one"}, {3, "bybit-linear-BTCUSDT", "two"}}};
    const std::string bytes = encode_saved_trading(saved);
    EXPECT_EQ(decode_saved_trading(bytes).value(), saved);
    EXPECT_EQ(decode_saved_trading(bytes + "x").error().code, Errc::malformed);
    for (std::size_t length = 0; length < bytes.size(); length += 997)
        ASSERT_FALSE(decode_saved_trading(std::string_view(bytes).substr(0, length))) << length;
}

}  // namespace
}  // namespace vt::desk
