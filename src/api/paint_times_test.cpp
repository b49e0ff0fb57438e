#include "api/paint_times.hpp"

#include <gtest/gtest.h>

namespace vt::api {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kFirstInput = from_ms(1'750'000'000'000);

/// Pictures 1..count, a tenth of a second apart.
PaintTimes pictures(std::uint64_t count) {
    PaintTimes made;
    for (std::uint64_t n = 0; n < count; ++n)
        made.published(n + 1, kFirstInput + static_cast<std::int64_t>(n) * Nanos{100ms});
    return made;
}

}  // namespace

TEST(PaintTimes, TheWayBeginsAtTheSocketAndEndsWithThePagesWord) {
    PaintTimes times = pictures(3);
    times.published(3, kFirstInput + 900ms);  // nothing changed: the same number, still of its own input
    PaintTimes::Reader reader;
    EXPECT_EQ(times.painted(reader, 3, 3, kFirstInput + 242ms), Nanos{42ms});
    EXPECT_EQ(reader.painted, 3U);
}

TEST(PaintTimes, APageSpeaksOfWhatItWasSentAndOfEachPictureOnce) {
    const PaintTimes times = pictures(3);
    PaintTimes::Reader reader;
    EXPECT_FALSE(times.painted(reader, 3, 2, kFirstInput + 300ms)) << "it was sent two";
    EXPECT_FALSE(times.painted(reader, 0, 3, kFirstInput + 300ms));
    EXPECT_FALSE(times.painted(reader, 2, 3, kFirstInput + 99ms)) << "before the input was there";
    EXPECT_EQ(times.painted(reader, 2, 3, kFirstInput + 300ms), Nanos{200ms});
    EXPECT_FALSE(times.painted(reader, 2, 3, kFirstInput + 5s)) << "again";
    EXPECT_FALSE(times.painted(reader, 1, 3, kFirstInput + 5s)) << "an older one";
    EXPECT_TRUE(times.painted(reader, 3, 3, kFirstInput + 5s));
}

TEST(PaintTimes, AWordTooSoonAfterTheLastDoesNotCount) {
    const PaintTimes times = pictures(9);
    PaintTimes::Reader reader, other;
    ASSERT_TRUE(times.painted(reader, 1, 9, kFirstInput + 1s));
    EXPECT_FALSE(times.painted(reader, 2, 9, kFirstInput + 1499ms));
    EXPECT_TRUE(times.painted(other, 2, 9, kFirstInput + 1499ms)) << "each reader has its own time";
    EXPECT_TRUE(times.painted(reader, 2, 9, kFirstInput + 1500ms));
}

TEST(PaintTimes, APictureOfLongAgoIsForgotten) {
    const PaintTimes times = pictures(PaintTimes::kPicturesKept + 1);
    PaintTimes::Reader reader;
    EXPECT_FALSE(times.painted(reader, 1, 200, kFirstInput + 60s));
    EXPECT_TRUE(times.painted(reader, 2, 200, kFirstInput + 60s)) << "the oldest that is kept";
}

}  // namespace vt::api
