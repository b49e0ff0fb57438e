// What orders for show look like on real books: docs/indicators/spoof_like.md has the figures.

#include "analysis/smart_money/smart_money.hpp"
#include "analysis/test_capture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace vt::analysis::smart_money {
namespace {

struct Seen {
    int seconds = 0;   ///< in which it was known what is large
    int doubtful = 0;  ///< of them with spoof_like above 0
    double most = 0;
    double mean = 0;
    double threshold = 0;  ///< quote currency, the last
    std::size_t orders = 0;
    double largest_quote = 0;
};

Seen look_at(const test::Capture& capture, QuoteSource source) {
    test::Player player(capture.instrument, {.quote_source = source, .has_liquidations = false});
    Seen seen;
    bool knows_large = false;
    player.on_evaluation = [&](const Evaluation& evaluation) {
        if (evaluation.closed_minute != nullptr) {
            knows_large = evaluation.closed_minute->large_threshold.has_value();
            seen.threshold = evaluation.closed_minute->large_threshold.value_or(0);
        }
        if (!knows_large) return;
        const double spoof = player.analysis.smart_money().spoof_like(evaluation.at);
        ++seen.seconds;
        seen.doubtful += spoof > 0 ? 1 : 0;
        seen.most = std::max(seen.most, spoof);
        seen.mean += spoof;
    };
    for (const test::Record& record : capture.records) player.play(record);
    player.reach(capture.records.back().time + std::chrono::seconds{2});
    seen.mean /= std::max(1, seen.seconds);
    const auto& orders = player.analysis.smart_money().vanished_orders();
    seen.orders = orders.size();
    for (std::size_t i = 0; i < orders.size(); ++i)
        seen.largest_quote = std::max(seen.largest_quote, orders[i].added_quote);
    std::printf(
        "%s: %d s, %d of them doubtful, spoof_like %.3f at most, %.3f in the mean, %zu orders, the largest %.0f, "
        "large %.0f\n",
        capture.instrument.path_id().c_str(), seen.seconds, seen.doubtful, seen.most, seen.mean, seen.orders,
        seen.largest_quote, seen.threshold);
    return seen;
}

TEST(SpoofLikeOfTheCaptures, IsAsItsPageSays) {
    const test::Capture futures = test::read_capture();
    const test::Capture bitcoin = test::read_captures(
        test::spot("BTC", {1, 5}), {"ws-spot/btcusdt_20240808.log.zst", "ws-spot/btcusdt_20240809.log.zst"});
    const test::Capture ether = test::read_captures(test::spot("ETH", {1, 4}), {"ws-spot/ethusdt_20240808.log.zst"});
    if (futures.records.empty() || bitcoin.records.empty() || ether.records.empty()) {
        GTEST_SKIP() << "NOT CHECKED: no ../shared/data (or VIRTUOSO_SHARED), or no zstd program";
    }
    const Seen of_futures = look_at(futures, QuoteSource::quotes);
    EXPECT_EQ(of_futures.seconds, 183);
    EXPECT_EQ(of_futures.orders, 0U) << "the three asks of 500 coins that rest there are no orders for show";
    const Seen of_bitcoin = look_at(bitcoin, QuoteSource::book);
    EXPECT_EQ(of_bitcoin.seconds, 487);
    EXPECT_GT(of_bitcoin.mean, 0.99) << "makers who move their quotes";
    const Seen of_ether = look_at(ether, QuoteSource::book);
    EXPECT_EQ(of_ether.seconds, 63);
    EXPECT_EQ(of_ether.orders, 1U);
    EXPECT_NEAR(of_ether.most, 0.2, 0.001);
}

}  // namespace
}  // namespace vt::analysis::smart_money
