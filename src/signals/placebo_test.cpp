#include "signals/placebo.hpp"

#include "base/prng.hpp"
#include "signals/follow.hpp"
#include "signals/test_signal.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace vt::signals {
namespace {

using namespace std::chrono_literals;

TEST(Placebo, ItsMinuteDependsOnTheSignalAlone) {
    const Signal signal = test_signal(market::Side::sell);
    const PlannedPlacebo planned = planned_placebo(signal);
    EXPECT_EQ(planned.of, signal.id);
    EXPECT_EQ(planned.side, market::Side::sell);
    EXPECT_EQ(planned.expiry, Nanos{8h});
    EXPECT_EQ(floor_to(planned.from, 1min), planned.from);
    EXPECT_EQ(planned_placebo(signal).from, planned.from);
    Signal other = signal;
    other.id = "00112233445566fe";
    EXPECT_NE(planned_placebo(other).from, planned.from);
}

/// Of 24,000 draws a thousand fall into each hour, give or take; none before the signal nor a day after it.
TEST(Placebo, EveryMinuteOfTheDayIsAsLikely) {
    std::array<int, 24> by_hour{};
    Signal signal = test_signal();
    const Timestamp minute = floor_to(signal.confirmed_at, 1min);
    for (int i = 0; i < 24'000; ++i) {
        signal.id = std::to_string(i);
        const Nanos after = planned_placebo(signal).from - minute;
        ASSERT_GE(after, Nanos{1min});
        ASSERT_LE(after, Nanos{24h});
        ++by_hour[static_cast<std::size_t>((after - 1min) / Nanos{1h})];
    }
    for (const int count : by_hour) EXPECT_NEAR(count, 1000, 130) << "four standard deviations";
}

/// On a market that cannot be foreseen a placebo brings nothing before costs, whatever its stop and targets, and its
/// costs after them. 2,000 markets, each with one placebo of eight hours.
TEST(Placebo, ShowsNoEdgeWhereThereIsNone) {
    constexpr int kMarkets = 2000;
    Prng prng(11);
    double gross = 0, gross_squares = 0, net = 0;
    int targets = 0;
    std::vector<Change> changes;
    for (int i = 0; i < kMarkets; ++i) {
        Signal raised = test_signal(i % 2 == 0 ? market::Side::buy : market::Side::sell);
        raised.id = std::to_string(i);
        const PlannedPlacebo planned = planned_placebo(raised);
        Signal placebo = test_signal(planned.side);
        placebo.entered_at = placebo.path.seen_until = planned.from;
        placebo.expires_at = planned.from + planned.expiry;
        double price = 100;
        for (Timestamp at = planned.from + 20s; !placebo.path.ended_at; at += 20s) {
            price += .03 * prng.normal();
            follow_trade(placebo, at, price, changes);
        }
        gross += placebo.path.gross_bps;
        gross_squares += placebo.path.gross_bps * placebo.path.gross_bps;
        net += placebo.path.net_bps;
        targets += placebo.path.first_barrier == Ending::target ? 1 : 0;
    }
    const double mean = gross / kMarkets;
    const double error = std::sqrt((gross_squares / kMarkets - mean * mean) / kMarkets);
    const double p = std::erfc(std::abs(mean / error) / std::sqrt(2.));
    std::printf("gross %+.2f bps (error %.2f, p of 0 %.2f), net %+.2f bps, target first in %.3f\n", mean, error, p,
                net / kMarkets, static_cast<double>(targets) / kMarkets);
    EXPECT_GT(p, .01);
    EXPECT_NEAR(net / kMarkets, mean - 11.5, 1) << "two fees of 5 bps, and 2 bps more where it left at the market";
    EXPECT_LT(net / kMarkets + 2 * error, 0) << "costs are not earned by chance";
}

}  // namespace
}  // namespace vt::signals
