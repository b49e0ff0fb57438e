#include "engine/cross_venues.hpp"

#include "base/prng.hpp"
#include "market/instrument_directory.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

namespace vt::engine {
namespace {

using market::Category;
using market::InstrumentId;
using market::Venue;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'000'400'000);  // on the ten minutes

class CrossVenuesTest : public testing::Test {
protected:
    InstrumentId list(Venue venue, std::string base, Category category = Category::linear) {
        market::Instrument one;
        one.venue = venue;
        one.category = category;
        one.base = std::move(base);
        one.quote = "USDT";
        one.settle = category == Category::spot ? "" : "USDT";
        one.symbol = one.base + "USDT";
        one.tick_size = one.lot_size = {1, 2};
        const InstrumentId id = directory.list(one);
        venues.on_listed();
        return id;
    }
    using MidAt = std::function<std::optional<double>(int second)>;
    /// Both mids for `count` seconds, the first venue's first.
    void run(int count, const MidAt& first, const MidAt& second) {
        venues.refresh(directory.all());
        for (int i = 0; i < count; ++i, ++elapsed) {
            venues.record(bybit, kStart + seconds{elapsed}, first(elapsed));
            venues.record(binance, kStart + seconds{elapsed}, second(elapsed));
        }
    }
    const VenueLead& lead() { return venues.leads()[0]; }

    market::InstrumentDirectory directory;
    CrossVenues venues;
    InstrumentId bybit = list(Venue::bybit, "SHIB1000");
    InstrumentId binance = list(Venue::binance, "1000SHIB");
    int elapsed = 0;
};

std::vector<double> random_walk(std::size_t count) {
    Prng prng(11, "walk");
    std::vector<double> mids;
    double log_mid = 0;
    for (std::size_t i = 0; i < count; ++i) mids.push_back(100 * std::exp(log_mid += (prng.uniform() - 0.5) / 1000));
    return mids;
}

TEST_F(CrossVenuesTest, TheVenueThatMovesFirstLeads) {
    const auto mids = random_walk(3700);
    const auto at = [&](int i) { return std::optional(mids[static_cast<std::size_t>(i)]); };
    run(3601, [&](int i) { return at(i + 2); }, at);
    ASSERT_EQ(venues.leads().size(), 1U);
    ASSERT_TRUE(lead().agreement);
    EXPECT_EQ(lead().agreement->lag, Nanos{seconds{2}});
    EXPECT_GT(lead().agreement->correlation, 0.99);
    EXPECT_EQ(lead().leader, bybit);
    EXPECT_DOUBLE_EQ(lead().coverage, 1);
    EXPECT_EQ(lead().at, kStart + seconds{3600});
}

TEST_F(CrossVenuesTest, ALeadOfAFractionOfASecondShowsInTheNextSecond) {
    const auto fine = random_walk(36'100);  // tenths of a second
    const auto at = [&](int tenth) { return std::optional(fine[static_cast<std::size_t>(tenth)]); };
    run(3601, [&](int i) { return at(10 * i); }, [&](int i) { return at(10 * i + 2); });
    ASSERT_TRUE(lead().agreement);
    EXPECT_EQ(lead().agreement->lag, Nanos{0});
    EXPECT_EQ(lead().leader, binance);
}

TEST_F(CrossVenuesTest, WhoMovesTogetherLeadsNobody) {
    const auto mids = random_walk(3700);
    const auto at = [&](int i) { return std::optional(mids[static_cast<std::size_t>(i)]); };
    run(3601, at, [&](int i) { return std::optional(*at(i) * 1.001); });
    ASSERT_TRUE(lead().agreement);
    EXPECT_EQ(lead().agreement->lag, Nanos{0});
    EXPECT_FALSE(lead().leader);
}

TEST_F(CrossVenuesTest, TooLittleOrStandingStillSaysNothing) {
    const auto mids = random_walk(8000);
    const auto at = [&](int i) { return std::optional(mids[static_cast<std::size_t>(i)]); };
    run(601, [&](int i) { return i % 2 == 0 ? at(i) : std::nullopt; }, at);
    EXPECT_EQ(lead().at, kStart + seconds{600});
    EXPECT_FALSE(lead().agreement);
    EXPECT_NEAR(lead().coverage, 301 / 3600.0, 1e-9);
    run(1200, at, at);
    EXPECT_TRUE(lead().agreement);
    // One venue is gone for more than an hour: what was known of it does not live on.
    run(3600, [](int) { return std::nullopt; }, at);
    EXPECT_EQ(lead().coverage, 0);
    EXPECT_FALSE(lead().agreement);
    run(1800, [](int) { return std::optional(100.0); }, at);
    EXPECT_GT(lead().coverage, 0.4);
    EXPECT_FALSE(lead().agreement);
}

TEST_F(CrossVenuesTest, AnotherListingKeepsWhatIsKnown) {
    const auto mids = random_walk(3700);
    const auto at = [&](int i) { return std::optional(mids[static_cast<std::size_t>(i)]); };
    run(1201, [&](int i) { return at(i + 1); }, at);
    ASSERT_EQ(lead().leader, bybit);
    const auto alone = list(Venue::bybit, "ETH");
    run(1, at, at);
    EXPECT_EQ(lead().leader, bybit);
    EXPECT_EQ(venues.leads().size(), 1U);
    venues.record(alone, kStart, 1.0);  // nobody to compare with: not kept
    const auto other = list(Venue::binance, "ETH");
    run(1, at, at);
    ASSERT_EQ(venues.leads().size(), 2U);
    EXPECT_EQ(venues.leads()[1].first, alone);
    EXPECT_EQ(venues.leads()[1].second, other);
}

}  // namespace
}  // namespace vt::engine
