#include "demo/recording.hpp"

#include "demo/recorded_market.hpp"
#include "demo/roster.hpp"
#include "demo/sample_capture.hpp"

#include <gtest/gtest.h>

#include <map>

namespace vt::demo {
namespace {

using market::Side;

constexpr Timestamp kStart = from_ms(1'700'000'040'000);

Result<Recording> built(const std::string& bitcoin, const std::string& ether) {
    RecordingBuilder builder(recorded_as());
    if (auto done = add_capture(builder, "btcusdt", bitcoin); !done) return tl::unexpected<Error>(done.error());
    if (auto done = add_capture(builder, "ethusdt", ether); !done) return tl::unexpected<Error>(done.error());
    return builder.build();
}

TEST(Recording, HoldsBothBooksAndWhatFollowed) {
    const auto recording = sample_recording();
    ASSERT_NE(recording, nullptr);
    ASSERT_EQ(recording->symbols.size(), 2U);
    EXPECT_NEAR(recording->duration_ms, 20'000, 1'000);
    for (const RecordedSymbol& symbol : recording->symbols) {
        ASSERT_FALSE(symbol.bids.empty());
        EXPECT_LT(symbol.bids.front().price, symbol.asks.front().price);
        EXPECT_NE(symbol.bids.back().price, Ticks{10}) << "the update that the snapshot contained";
        EXPECT_GT(symbol.changes.size(), 100U);
        EXPECT_GT(symbol.mean_minute_quote, 0);
        for (std::size_t i = 1; i < symbol.changes.size(); ++i) {
            ASSERT_LE(symbol.changes[i - 1].at_ms, symbol.changes[i].at_ms);
        }
    }
}

TEST(Recording, RefusesWhatIsNotARecording) {
    const SampleCapture good = sample_capture(3);
    EXPECT_EQ(built("no numbers\n", good.ether).error().code, Errc::malformed);
    EXPECT_EQ(built("17 {\"stream\":\n", good.ether).error().code, Errc::malformed);
    EXPECT_EQ(built("", good.ether).error().code, Errc::malformed) << "no snapshot";
    EXPECT_NE(built("17 {\"stream\":7}\n", good.ether).error().what.find("line 1"), std::string::npos);
    // One depth update is missing.
    std::string torn = good.bitcoin;
    std::size_t line = 0;
    for (int i = 0; i < 12; ++i) line = torn.find("depthUpdate", line + 1);
    const std::size_t begin = torn.rfind('\n', line) + 1;
    torn.erase(begin, torn.find('\n', line) + 1 - begin);
    const auto result = built(torn, good.ether);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, Errc::corrupt);
}

TEST(RecordedMarket, PassesJoinWithoutAStepAndMirrorEachOther) {
    const auto recording = sample_recording();
    ASSERT_NE(recording, nullptr);
    sim::FactorHistory history(1, {}, kStart);
    RecordedMarket market(1, market::InstrumentId{0}, recorded_symbols()[0], recording->symbols[0],
                          {.start = kStart, .duration_ms = recording->duration_ms}, history);
    const Nanos pass = std::chrono::milliseconds{recording->duration_ms};
    std::array<double, 2> bought{};
    std::array<double, 2> sold{};
    const auto sink = [&](const market::Event& event) {
        const auto& trade = std::get<market::Trade>(event.body);
        const std::size_t which = market.passes() == 1 ? 0 : 1;
        (trade.aggressor == Side::buy ? bought : sold)[which] += static_cast<double>(trade.quantity.value());
    };
    const double first = market.middle();
    EXPECT_FALSE(market.advance(kStart + pass - std::chrono::milliseconds{20}, sink));
    const double before_seam = market.middle();
    EXPECT_TRUE(market.advance(kStart + pass, sink));
    EXPECT_NEAR(market.middle(), before_seam, 1.0) << "the seam";
    EXPECT_TRUE(market.advance(kStart + 2 * pass, sink));
    EXPECT_NEAR(market.middle(), first, 2.0) << "a mirrored pass leads back";
    EXPECT_DOUBLE_EQ(bought[0], sold[1]);
    EXPECT_DOUBLE_EQ(sold[0], bought[1]);
    for (int i = 0; i < 4000; ++i) {
        market.advance(kStart + 2 * pass + i * std::chrono::milliseconds{20}, {});
        ASSERT_LT(market.book().best(Side::buy)->price, market.book().best(Side::sell)->price);
    }
}

TEST(RecordedMarket, BookEqualsASlowModelOfTheRecording) {
    const auto recording = sample_recording();
    ASSERT_NE(recording, nullptr);
    const RecordedSymbol& symbol = recording->symbols[1];
    sim::FactorHistory history(1, {}, kStart);
    RecordedMarket market(1, market::InstrumentId{0}, recorded_symbols()[1], symbol,
                          {.start = kStart, .duration_ms = recording->duration_ms}, history);
    std::map<std::int64_t, std::int64_t> bids, asks;
    for (const auto& level : symbol.bids) bids[level.price.value()] = level.quantity.value();
    for (const auto& level : symbol.asks) asks[level.price.value()] = level.quantity.value();
    for (std::size_t i = 0; i < symbol.changes.size(); ++i) {
        const RecordedChange& change = symbol.changes[i];
        if (change.kind == RecordedChange::Kind::bid || change.kind == RecordedChange::Kind::ask) {
            auto& side = change.kind == RecordedChange::Kind::bid ? bids : asks;
            if (change.lots == 0) {
                side.erase(change.price);
            } else {
                side[change.price] = change.lots;
            }
        }
        if (i + 1 < symbol.changes.size() && symbol.changes[i + 1].at_ms == change.at_ms) continue;
        market.advance(kStart + std::chrono::milliseconds{change.at_ms}, {});
        ASSERT_EQ(market.book().best(Side::buy)->price.value(), bids.rbegin()->first);
        ASSERT_EQ(market.book().best(Side::sell)->price.value(), asks.begin()->first);
        ASSERT_EQ(market.book().level_count(Side::buy), bids.size());
        ASSERT_EQ(market.book().level_count(Side::sell), asks.size());
    }
}

}  // namespace
}  // namespace vt::demo
