#include "demo/journal_recording.hpp"

#include "demo/recorded_market.hpp"
#include "demo/roster.hpp"
#include "demo/stream.hpp"
#include "storage/bundled_recording.hpp"

#include <gtest/gtest.h>

namespace vt::demo {
namespace {

using market::Side;

constexpr Timestamp kStart = from_ms(1'700'000'040'000);

TEST(BundledRecording, IsPlayedAsBitcoinAndEther) {
    const auto recording = bundled_recording();
    ASSERT_TRUE(recording) << recording.error().what;
    ASSERT_EQ((*recording)->symbols.size(), 2U);
    EXPECT_NEAR((*recording)->duration_ms, 344'513, 1000);
    EXPECT_GT((*recording)->symbols[0].changes.size(), 400'000U);
    EXPECT_GT((*recording)->symbols[1].changes.size(), 100'000U);
    Stream stream(StreamParams{.seed = 1, .start = kStart, .recording = *recording});
    EXPECT_EQ(stream.size(), 34U);
    // Through the seam at 5:44 the price goes on, the book is never crossed, and Bitcoin comes back after two passes.
    const auto middle = [&](std::size_t i) {
        const auto view = stream.symbol(i);
        return view.instrument.price(view.book.best(Side::buy)->price + view.book.best(Side::sell)->price) / 2;
    };
    const double first = middle(0);
    EXPECT_NEAR(first, 61'800, 10);
    double before = first;
    double largest = 0;
    for (int i = 1; i <= 12 * 60 * 5; ++i) {
        stream.advance(kStart + i * std::chrono::milliseconds{200}, {});
        for (std::size_t s = 0; s < stream.size(); ++s) {
            const auto view = stream.symbol(s);
            if (!view.is_listed) continue;
            ASSERT_LT(view.book.best(Side::buy)->price, view.book.best(Side::sell)->price) << view.instrument.symbol;
        }
        const double now = middle(0);
        largest = std::max(largest, std::abs(now / before - 1));
        before = now;
    }
    EXPECT_LT(largest, 20e-4) << "no step at the seams larger than the recording's own moves";
    EXPECT_NEAR(before / first, 1, 30e-4);
    for (std::size_t s = 0; s < stream.size(); ++s) EXPECT_GT(stream.symbol(s).recent_trades.size(), 30U);
}

TEST(BundledRecording, ADamagedJournalIsRefused) {
    std::string bytes(storage::bundled_recording());
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    auto journal = storage::JournalReader::open_memory(bytes, "damaged");
    ASSERT_TRUE(journal);
    const auto recording = read_recording(*journal);
    ASSERT_FALSE(recording);
    EXPECT_EQ(recording.error().code, Errc::corrupt);
    EXPECT_FALSE(open_recording("/no/such/journal.vtj").has_value());
}

}  // namespace
}  // namespace vt::demo
