#include "analysis/normaliser.hpp"

#include "analysis/archive.hpp"
#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace vt::analysis {
namespace {

constexpr Nanos kMinute = std::chrono::minutes{1};
constexpr Timestamp kStart = from_ms(1'700'000'040'000 / 60'000 * 60'000);

struct Feed {
    Normaliser normaliser{Frame::m1, MapKind::z0};
    std::vector<float> scratch;
    void step(Timestamp u, std::optional<double> value) {
        normaliser.advance(u, scratch);
        normaliser.offer(u, value);
    }
};

TEST(Normaliser, ExcludesEverySampleThatOverlapsTheWindow) {
    Feed feed;
    feed.step(kStart, 1.0);
    EXPECT_EQ(feed.normaliser.n(), 0U);
    feed.step(kStart + kMinute - std::chrono::seconds{1}, 9.0);  // not aligned: no sample
    EXPECT_EQ(feed.normaliser.n(), 0U);
    feed.step(kStart + kMinute, 2.0);  // the first ended one minute ago: it does not overlap
    EXPECT_EQ(feed.normaliser.n(), 1U);
    EXPECT_FLOAT_EQ(feed.normaliser.samples()[0], 1.0F);
}

TEST(Normaliser, SkipsAbsentValues) {
    Feed feed;
    feed.step(kStart, 1.0);
    feed.step(kStart + kMinute, std::nullopt);
    feed.step(kStart + 2 * kMinute, 3.0);
    feed.step(kStart + 3 * kMinute, std::nullopt);
    EXPECT_EQ(feed.normaliser.n(), 2U);
}

TEST(Normaliser, KeepsTheNewestSamples) {
    Feed feed;
    for (int i = 0; i < 1500; ++i) feed.step(kStart + i * kMinute, 1.0 + i);
    EXPECT_EQ(feed.normaliser.n(), 1440U);
    double least = 1e9;
    for (const float sample : feed.normaliser.samples()) least = std::min(least, static_cast<double>(sample));
    EXPECT_DOUBLE_EQ(least, 1500 - 1 - 1440 + 1);
}

TEST(Normaliser, IsRecomputedOncePerSampleAndFrozenBetween) {
    Feed feed;
    feed.step(kStart, 1.0);
    feed.step(kStart + kMinute, 5.0);
    const Spread before = feed.normaliser.spread();
    feed.step(kStart + kMinute + std::chrono::seconds{30}, 100.0);
    EXPECT_EQ(feed.normaliser.spread(), before);
    feed.step(kStart + 2 * kMinute, 5.0);
    EXPECT_NE(feed.normaliser.spread(), before);
}

TEST(Normaliser, CountsDownToItsMinimum) {
    Feed feed;
    for (int i = 0; i < 58; ++i) feed.step(kStart + i * kMinute, 1.0);
    // 57 samples count, one waits: three more boundaries until 60.
    EXPECT_EQ(feed.normaliser.ready_in(kStart + 57 * kMinute), 3 * kMinute);
    EXPECT_EQ(feed.normaliser.ready_in(kStart + 57 * kMinute + std::chrono::seconds{20}),
              3 * kMinute - std::chrono::seconds{20});
    for (int i = 58; i < 70; ++i) feed.step(kStart + i * kMinute, 1.0);
    EXPECT_EQ(feed.normaliser.ready_in(kStart + 69 * kMinute), Nanos{0});
}

TEST(Normaliser, SavedAndLoadedGoesOnAsIfNothingHappened) {
    Feed whole;
    Feed first;
    for (int i = 0; i < 100; ++i) {
        whole.step(kStart + i * kMinute, i * 0.25);
        first.step(kStart + i * kMinute, i * 0.25);
    }
    std::string bytes;
    StateWriter writer(bytes);
    first.normaliser.archive(writer);
    Feed second;
    StateReader reader(bytes);
    second.normaliser.archive(reader);
    ASSERT_FALSE(reader.failed());
    for (int i = 100; i < 130; ++i) {
        whole.step(kStart + i * kMinute, i * 0.25);
        second.step(kStart + i * kMinute, i * 0.25);
    }
    EXPECT_EQ(whole.normaliser.spread(), second.normaliser.spread());
    std::string a;
    std::string b;
    StateWriter to_a(a);
    StateWriter to_b(b);
    whole.normaliser.archive(to_a);
    second.normaliser.archive(to_b);
    EXPECT_EQ(a, b);
}

/// The spread of each instant against one measured anew from the samples, through the window's filling and turning.
TEST(Normaliser, SpreadIsThatOfItsSamples) {
    for (const MapKind kind : {MapKind::z0, MapKind::zm}) {
        Normaliser normaliser({.period = kMinute, .n_kept = 50, .n_min = 5}, kind);
        std::vector<float> scratch;
        Prng random(5, "spread");
        for (int i = 0; i < 400; ++i) {
            normaliser.advance(kStart + i * kMinute, scratch);
            const bool is_tie = random.below(3) == 0;
            normaliser.offer(kStart + i * kMinute, is_tie ? 0.0 : std::exp(2 * random.normal()) * random.normal());
            OrderedSamples<float> ordered(50);
            for (const float sample : normaliser.samples())
                ordered.add(kind == MapKind::z0 ? std::abs(sample) : sample);
            ASSERT_EQ(normaliser.spread(), measure_spread(kind, ordered, normaliser.samples())) << i;
        }
    }
}

TEST(Normaliser, RefusesTruncatedState) {
    Feed feed;
    for (int i = 0; i < 10; ++i) feed.step(kStart + i * kMinute, 1.0 + i);
    std::string bytes;
    StateWriter writer(bytes);
    feed.normaliser.archive(writer);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        Normaliser other(Frame::m1, MapKind::z0);
        StateReader reader(std::string_view(bytes).substr(0, cut));
        other.archive(reader);
        EXPECT_TRUE(reader.failed()) << cut;
    }
}

}  // namespace
}  // namespace vt::analysis
