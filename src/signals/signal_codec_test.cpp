#include "signals/signal_codec.hpp"

#include "base/prng.hpp"
#include "signals/test_signal.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace vt::signals {
namespace {

Signal rich() {
    Signal signal = test_signal(market::Side::sell);
    signal.suppressed_by = "spread";
    signal.is_uncalibrated = false;
    signal.probability = .31;
    signal.placebo_of = "ffeeddccbbaa9988";
    signal.path.first_barrier = Ending::expired;
    signal.path.ended_at = kEntered + std::chrono::hours{1};
    signal.path.targets_hit[1] = kEntered;
    signal.path.horizons[2] = HorizonOutcome{1, 2, 3, -4};
    signal.path.hole_since = kEntered;
    signal.path.has_gap = true;
    return signal;
}

std::string bytes_of(const Signal& signal) {
    std::string bytes;
    encode_signal(signal, bytes);
    return bytes;
}

TEST(SignalCodec, ReadsBackWhatItWrote) {
    for (const Signal& signal : {rich(), test_signal(), Signal{}}) {
        const Signal back = decode_signal(bytes_of(signal)).value();
        EXPECT_EQ(bytes_of(back), bytes_of(signal));
        EXPECT_EQ(back.path, signal.path);
        EXPECT_EQ(back.id, signal.id);
        EXPECT_EQ(back.reasons, signal.reasons);
        EXPECT_EQ(back.probability, signal.probability);
        EXPECT_EQ(back.placebo_of, signal.placebo_of);
        EXPECT_EQ(back.levels.has_value(), signal.levels.has_value());
    }
}

TEST(SignalCodec, RefusesWhatIsCutShortOrLonger) {
    const std::string whole = bytes_of(rich());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(decode_signal(std::string_view(whole).substr(0, size))) << size;
    EXPECT_FALSE(decode_signal(whole + "x"));
    std::string other = whole;
    other[0] = 1;
    EXPECT_EQ(decode_signal(other).error().code, Errc::unsupported);
}

/// Whatever the bytes, a signal that is accepted is one that can be followed.
TEST(SignalCodec, SurvivesDamage) {
    Prng random(3);
    const std::string whole = bytes_of(rich());
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes = whole;
        for (std::uint64_t flips = 1 + random.below(3); flips > 0; --flips)
            bytes[1 + random.below(bytes.size() - 1)] = static_cast<char>(random.below(256));
        const auto signal = decode_signal(bytes);
        if (!signal) continue;
        ++accepted;
        EXPECT_TRUE(std::isfinite(signal->path.stop));
        if (signal->levels) {
            EXPECT_GT(signal->mid, 0);
            EXPECT_GT(signal->levels->entry, 0);
        }
    }
    EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace vt::signals
