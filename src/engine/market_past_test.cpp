#include "engine/market_past.hpp"

#include "base/math.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace vt::engine {
namespace {

constexpr market::InstrumentId kOne{0}, kOther{1};
constexpr Timestamp kFrom = from_ms(1'772'323'200'000);

/// Closed half hours by turns up and down a hundredth of a percent; `holes` of them are missing.
class HalfHours {
public:
    void put(int count, bool is_closed = true) {
        for (int i = 0; i < count; ++i) {
            const double before = price_;
            price_ = bars_ % 2 == 0 ? 100 * math::exp(.001) : 100;
            candles.put({.open_time = kFrom + bars_ * risk::kMoveInterval,
                         .interval = risk::kMoveInterval,
                         .open = before,
                         .high = std::max(before, price_),
                         .low = std::min(before, price_),
                         .close = price_,
                         .volume_base = 1,
                         .turnover_quote = 100,
                         .is_closed = is_closed});
            ++bars_;
        }
    }
    void skip() { ++bars_; }
    market::CandleFrames candles;

private:
    int bars_ = 0;
    double price_ = 100;
};

TEST(MarketPast, IsMadeOfClosedHalfHoursThatFollowEachOther) {
    constexpr int kLeast = 1 + static_cast<int>(risk::kMovesToWarmUp + risk::kMovesLeast);
    MarketPast past;
    HalfHours one;
    EXPECT_EQ(past.moves(kOne, one.candles), nullptr);
    one.put(kLeast - 1);
    EXPECT_EQ(past.moves(kOne, one.candles), nullptr) << "one is missing";
    one.put(1, false);
    EXPECT_EQ(past.moves(kOne, one.candles), nullptr) << "and is not closed";
    HalfHours other;
    other.put(kLeast);
    const auto whole = past.moves(kOther, other.candles);
    ASSERT_NE(whole, nullptr);
    EXPECT_EQ(whole->moves.size(), risk::kMovesLeast);
    EXPECT_NEAR(std::abs(math::log(1 + *whole->moves.back())), .001 * std::sqrt(48), 1e-12);
    EXPECT_EQ(whole->first + static_cast<std::int64_t>(risk::kMovesLeast) - 1,
              (kFrom.time_since_epoch() / risk::kMoveInterval) + kLeast - 1);
    other.skip();
    other.put(2);
    const auto holed = past.moves(kOther, other.candles);
    ASSERT_NE(holed, nullptr);
    ASSERT_EQ(holed->moves.size(), risk::kMovesLeast + 3);
    EXPECT_FALSE(holed->moves[risk::kMovesLeast]) << "no bar";
    EXPECT_FALSE(holed->moves[risk::kMovesLeast + 1]) << "the bar before it is missing";
    EXPECT_TRUE(holed->moves[risk::kMovesLeast + 2]);
}

TEST(MarketPast, IsMadeOncePerBar) {
    MarketPast past;
    HalfHours one;
    one.put(300);
    const auto before = past.moves(kOne, one.candles);
    one.put(1, false);
    EXPECT_EQ(past.moves(kOne, one.candles), before) << "the same while a bar is open";
    HalfHours same = one;
    same.put(2);
    EXPECT_NE(past.moves(kOne, same.candles), before);
}

}  // namespace
}  // namespace vt::engine
