#include "analysis/test_capture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>

namespace vt::analysis {
namespace {

struct Reference {
    std::uint64_t n_trades, n_l1, n_parents;
    double cvd_1m, tfi_1m, ofi_1m, ofi_book_1m, mid_close, ret_mid_bps, spread_bps_mean, rv_1s_bps, kyle_1s;
    std::optional<double> depth_bid_10bps;
    double depth_ask_10bps;
    std::optional<double> large_threshold, large_share;
};

// V9: minutes 23:55 .. 23:59 of 2024-08-08, computed once from the whole capture by an independent program.
const std::array<Reference, 5> kReference = {{
    {2005, 10384, 417, -22.080, -.161755561, -109.023, -36.209, 61760.35, -7.67188333, .0163386449, 5.62963161,
     2.30515306, 7994404.19, 9316774.17, std::nullopt, std::nullopt},
    {1992, 10222, 430, 9.243, .0454896975, -270.906, -206.244, 61701.25, -9.57382773, .0163649114, 5.32962247,
     1.09623743, 8685099.61, 16680513.5, 450525.737, .466419731},
    {4717, 10644, 660, -88.306, -.145473471, -137.114, -157.831, 61628.15, -11.8544335, .0178443955, 11.4275161,
     .695293573, std::nullopt, 35305506.6, 502059.909, .667569701},
    {7387, 15853, 833, 203.897, .229167421, 334.057, 237.724, 61694.45, 10.7522881, .0260128309, 12.4854189,
     .507325602, std::nullopt, 14745453.8, 623487.02, .672428615},
    {3461, 10897, 573, -4.749, -.010180828, 17.721, 95.325, 61659.75, -5.6260753, .0171042797, 11.3343227, 1.69730427,
     5913061.73, 23753366.9, 651091.149, .447448196},
}};

/// The reference is printed to nine digits.
void expect_digits(std::optional<double> value, std::optional<double> reference, const char* what) {
    ASSERT_EQ(value.has_value(), reference.has_value()) << what;
    if (value) {
        EXPECT_NEAR(*value, *reference, 6e-9 * std::max(0.01, std::abs(*reference))) << what;
    }
}

TEST(MinuteFeaturesOfTheCapture, EqualTheReference) {
    const test::Capture capture = test::read_capture();
    if (capture.records.empty()) {
        GTEST_SKIP() << "NOT CHECKED: no ../shared/data (or VIRTUOSO_SHARED), or no zstd program";
    }
    test::Player player(capture.instrument, {.quote_source = QuoteSource::quotes, .has_liquidations = false});
    for (const test::Record& record : capture.records) player.play(record);
    player.reach(capture.records.back().time + std::chrono::seconds{2});

    ASSERT_GE(player.minutes.size(), 6U);
    EXPECT_FALSE(player.minutes[0].is_complete);
    EXPECT_EQ(player.minutes[0].n_trades, 1751U);
    EXPECT_NEAR(player.minutes[0].cvd_1m, -24.219, 1e-9);
    for (std::size_t i = 0; i < kReference.size(); ++i) {
        SCOPED_TRACE(i);
        const MinuteFeatures& minute = player.minutes[i + 1];
        const Reference& reference = kReference[i];
        EXPECT_TRUE(minute.is_complete);
        EXPECT_EQ(minute.n_trades, reference.n_trades);
        EXPECT_EQ(minute.n_l1, reference.n_l1);
        EXPECT_EQ(minute.n_parents, reference.n_parents);
        EXPECT_EQ(minute.n_late, 0U);
        EXPECT_EQ(minute.book_samples, 60U);
        EXPECT_NEAR(minute.cvd_1m, reference.cvd_1m, 1e-9);
        expect_digits(minute.tfi_1m, reference.tfi_1m, "tfi");
        EXPECT_NEAR(minute.ofi_1m.value(), reference.ofi_1m, 1e-8);
        EXPECT_NEAR(minute.ofi_book_1m.value(), reference.ofi_book_1m, 1e-8);
        expect_digits(minute.mid_close, reference.mid_close, "mid_close");
        expect_digits(minute.ret_mid_bps_1m, reference.ret_mid_bps, "ret_mid");
        expect_digits(minute.spread_bps_mean, reference.spread_bps_mean, "spread");
        expect_digits(minute.rv_1s_bps_1m, reference.rv_1s_bps, "rv_1s");
        expect_digits(minute.kyle_1s_bps_per_musd, reference.kyle_1s, "kyle_1s");
        expect_digits(minute.depth_bid_10bps, reference.depth_bid_10bps, "depth_bid_10bps");
        expect_digits(minute.depth_ask_10bps, reference.depth_ask_10bps, "depth_ask_10bps");
        expect_digits(minute.large_threshold, reference.large_threshold, "large_threshold");
        expect_digits(minute.large_share_1m, reference.large_share, "large_share");
    }
}

}  // namespace
}  // namespace vt::analysis
