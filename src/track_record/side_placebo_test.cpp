#include "track_record/side_placebo.hpp"

#include "track_record/test_signals.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::track_record {
namespace {

constexpr std::size_t kHour = 1;

/// `symbols` signals at each of 60 times, four hours apart, whose returns are one common move, with costs of 10 bps.
/// The move's mean is `edge` standard deviations.
std::vector<Judged> moves(int symbols, double edge, Prng& prng) {
    std::vector<Judged> all;
    for (int i = 0; i < 60; ++i) {
        const double gross = 30 * (prng.normal() + edge);
        for (int s = 0; s < symbols; ++s) {
            Judged one{.strategy = "a", .symbol = "S" + std::to_string(s)};
            one.confirmed_at = test::kFirst + i * std::chrono::hours{4};
            one.horizons[kHour].gross = Bps{gross};
            one.horizons[kHour].net = Bps{gross - 10};
            all.push_back(std::move(one));
        }
    }
    return all;
}

std::optional<statistics::PlaceboComparison> turned(const std::vector<Judged>& all, Prng& prng) {
    std::vector<const Judged*> signals;
    for (const Judged& one : all) signals.push_back(&one);
    return compare_with_turned_sides(signals, kHour, 99, prng);
}

/// Without an edge p is uniform, also where five symbols move as one: turned one by one, they would seem to be 300.
TEST(SidePlacebo, WithoutAnEdgeThereIsNoDiscovery) {
    Prng prng(1);
    constexpr int kRuns = 1000;
    int small = 0;
    for (int run = 0; run < kRuns; ++run) small += turned(moves(5, 0, prng), prng)->p <= 0.05 ? 1 : 0;
    EXPECT_NEAR(static_cast<double>(small) / kRuns, 0.05, 0.022);
}

TEST(SidePlacebo, AnEdgeBeatsThem) {
    Prng prng(2);
    const auto found = turned(moves(2, 0.6, prng), prng);
    ASSERT_TRUE(found.has_value());
    EXPECT_TRUE(found->is_beaten);
    EXPECT_LE(found->p, 0.02);
    EXPECT_NEAR(found->mean, -10, 3) << "turned signals pay the costs";
}

TEST(SidePlacebo, FewStretchesSayNothing) {
    Prng prng(3);
    auto all = moves(4, 0.6, prng);
    all.resize(4 * 19);
    EXPECT_FALSE(turned(all, prng).has_value());
    for (Judged& one : all) one.horizons[kHour].net.reset();
    EXPECT_FALSE(turned(all, prng).has_value());
    EXPECT_FALSE(turned({}, prng).has_value());
}

}  // namespace
}  // namespace vt::track_record
