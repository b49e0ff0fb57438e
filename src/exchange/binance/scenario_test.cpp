// Trouble in virtual time: frames lost, cut, repeated and delayed, connections killed, rotated and shut down. At
// every moment a book that claims to be valid equals the venue's at the update it names (fake_venue.hpp checks each
// one).

#include "base/sanitized.hpp"
#include "exchange/binance/fake_venue.hpp"

#include <gtest/gtest.h>

namespace vt::exchange::binance {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Most connections asked of one site in any five minutes.
std::size_t most_connects(const FakeVenue& venue) {
    std::size_t most = 0;
    for (const auto& [site, connects] : venue.connects)
        for (std::size_t first = 0, last = 0; last < connects.size(); ++last) {
            while (connects[last] - connects[first] > minutes{5}) ++first;
            most = std::max(most, last - first + 1);
        }
    return most;
}

TEST(BinanceScenario, AValidBookAlwaysEqualsTheVenues) {
#if VT_IS_SANITIZED
    constexpr std::uint64_t kSeeds = 20;
#else
    constexpr std::uint64_t kSeeds = 150;
#endif
    std::uint64_t invalid = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        Prng prng(seed, "trouble");
        FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}, {"BTCUSDT"}));
        std::map<ConnectionId, std::vector<std::string>> delayed;
        venue.trouble = [&](ConnectionId id, const std::string& text) {
            std::vector<std::string> texts = std::exchange(delayed[id], {});
            const std::uint64_t fate = prng.below(100);
            if (fate < 2) return texts;                                                            // lost
            if (fate < 4) return texts.push_back(text.substr(0, prng.below(text.size()))), texts;  // cut off
            if (fate < 6) return delayed[id].push_back(text), texts;  // late: out of order
            texts.push_back(text);
            if (fate < 9) texts.push_back(text);  // twice
            return texts;
        };
        venue.start();
        for (int i = 0; i < 30; ++i) {
            venue.run(seconds{1});
            const auto open = venue.open_sockets();
            if (prng.below(10) == 0 && !open.empty()) venue.kill(open[prng.below(open.size())]);
        }
        venue.trouble = nullptr;
        venue.run(seconds{90});
        ASSERT_TRUE(venue.are_books_current()) << "seed " << seed;
        ASSERT_TRUE(venue.is_all_live()) << "seed " << seed << venue.not_live();
        ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
        invalid += venue.counts["invalid"];
    }
    EXPECT_GT(invalid, kSeeds * 5);  // the trouble was real
}

TEST(BinanceScenario, AThousandKillsStayWithinTheVenuesConnections) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}, {"BTCUSDT"}));
    Prng prng(7, "kills");
    venue.start();
    for (int kills = 0; kills < 1000;) {
        venue.run(milliseconds{500});
        const auto open = venue.open_sockets();
        if (open.empty()) continue;
        venue.kill(open[prng.below(open.size())]);
        ++kills;
    }
    EXPECT_LE(most_connects(venue), 300U);
    venue.run(minutes{6});
    EXPECT_TRUE(venue.is_all_live()) << venue.not_live();
    EXPECT_TRUE(venue.are_books_current());
    RecordProperty("most_in_5_minutes", std::to_string(most_connects(venue)));
}

// The venue closes every connection after 24 h. Each is replaced before, and nothing of it shows in the data.
TEST(BinanceScenario, ThirtyDaysOfRotationLeaveNoGap) {
    FeedParams params = FakeVenue::params_for({"BTCUSDT"}, {"BTCUSDT"});
    params.times.rotate_after = seconds{60};  // a day is a minute here: the market would be the same, only longer
    params.backfill = {0, 0, 0, 0, 0, 0, 0};
    FakeVenue venue(params);
    venue.start();
    venue.run(seconds{5});
    const auto before = venue.changes.size();
    venue.run(minutes{33});
    EXPECT_GE(venue.connects[Site::binance_spot].size(), 30U);
    EXPECT_GE(venue.connects[Site::binance_futures].size(), 60U);
    EXPECT_EQ(venue.counts["invalid"], 0U);
    for (int i = 0; i < 10 && venue.open_sockets().size() > 3; ++i) venue.run(seconds{1});  // one was under way
    EXPECT_EQ(venue.changes.size(), before);  // every stream was live all the time
    EXPECT_TRUE(venue.are_books_current());
    EXPECT_EQ(venue.open_sockets().size(), 3U);
    for (const auto& [id, prints] : venue.prints) {
        EXPECT_EQ(prints.missing, 0U);
        EXPECT_EQ(prints.repeated, 0U);
        EXPECT_GT(prints.count, 19'000U);
    }
    EXPECT_EQ(venue.rejections, std::vector<std::string>{});
}

TEST(BinanceScenario, AServerThatShutsDownIsReplacedWithoutAGap) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}, {"BTCUSDT"}));
    venue.start();
    venue.run(seconds{10});
    const std::vector<ConnectionId> old = venue.open_sockets();
    for (const ConnectionId id : old) {
        venue.act(
            [&] { venue.feed.on_text(id, R"({"e":"serverShutdown","E":1782864000123})", venue.now, 1, venue.out); });
    }
    venue.run(seconds{10});
    for (const ConnectionId id : old) EXPECT_FALSE(venue.sockets.contains(id));
    EXPECT_EQ(venue.open_sockets().size(), 3U);
    EXPECT_EQ(venue.counts["invalid"], 0U);
    for (const auto& [id, prints] : venue.prints) EXPECT_EQ(prints.missing + prints.repeated, 0U);
}

TEST(BinanceScenario, ARotationThatFailsLeavesTheOldConnectionAlone) {
    FeedParams params = FakeVenue::params_for({"BTCUSDT"});
    params.times.rotate_after = seconds{60};
    FakeVenue venue(params);
    venue.start();
    venue.run(seconds{30});
    venue.is_refusing_connections = true;
    venue.run(seconds{90});
    EXPECT_TRUE(venue.is_all_live()) << venue.not_live();
    EXPECT_TRUE(venue.are_books_current());
    EXPECT_EQ(venue.counts["invalid"], 0U);
    venue.is_refusing_connections = false;
    venue.run(seconds{120});
    EXPECT_TRUE(venue.is_all_live()) << venue.not_live();
    EXPECT_EQ(venue.counts["invalid"], 0U);
    EXPECT_LE(most_connects(venue), 300U);
}

// The old connection dies while the next one is getting ready: what the next one kept closes the gap.
TEST(BinanceScenario, ADeathDuringTheOverlapIsCoveredByTheSuccessor) {
    FeedParams params = FakeVenue::params_for({"BTCUSDT"});
    params.times.rotate_after = seconds{60};
    FakeVenue venue(params);
    venue.start();
    venue.run(seconds{62});
    ASSERT_EQ(venue.open_sockets().size(), 4U);
    for (const ConnectionId id : venue.open_sockets()) {
        if (venue.sockets.contains(id) && id.value() % 2 == 0) venue.kill(id);
    }
    venue.run(seconds{3});
    EXPECT_EQ(venue.open_sockets().size(), 2U);
    EXPECT_TRUE(venue.are_books_current());
    EXPECT_EQ(venue.counts["invalid"], 0U);
    for (const auto& [id, prints] : venue.prints) EXPECT_EQ(prints.missing + prints.repeated, 0U);
}

// A book whose quotes move without it is not believed, although its connection speaks.
TEST(BinanceScenario, ABookThatStandsStillWhileItsQuotesMoveIsRenewed) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}));
    venue.start();
    venue.run(seconds{10});
    bool is_swallowing = true;
    venue.trouble = [&](ConnectionId, const std::string& text) {
        const bool is_depth = text.find("depthUpdate") != std::string::npos;
        return is_swallowing && is_depth ? std::vector<std::string>{} : std::vector<std::string>{text};
    };
    venue.run(seconds{5});
    const market::InstrumentId bitcoin{0};
    EXPECT_FALSE(venue.books[bitcoin].is_valid());
    EXPECT_NE(venue.state(bitcoin, market::Stream::book), StreamState::live);
    EXPECT_EQ(venue.state(bitcoin, market::Stream::trades), StreamState::live);
    is_swallowing = false;
    venue.run(seconds{15});
    EXPECT_TRUE(venue.is_all_live()) << venue.not_live();
    EXPECT_TRUE(venue.are_books_current());
}

TEST(BinanceScenario, ADeadConnectionIsStaleWithinFiveSecondsAndReplaced) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}));
    venue.start();
    venue.run(seconds{10});
    venue.silent_paths = {"/public/ws", "/market/ws"};
    venue.run(seconds{5});
    const market::InstrumentId bitcoin{0};
    EXPECT_EQ(venue.state(bitcoin, market::Stream::book), StreamState::stale);
    EXPECT_EQ(venue.state(bitcoin, market::Stream::ticker), StreamState::stale);
    venue.run(seconds{30});
    venue.silent_paths.clear();
    venue.run(seconds{60});
    EXPECT_TRUE(venue.is_all_live()) << venue.not_live();
}

}  // namespace
}  // namespace vt::exchange::binance
