#include "exchange/bybit/replay_feed.hpp"

#include "exchange/bybit/feed.hpp"
#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vt::exchange::bybit {
namespace {

constexpr Timestamp kStart = from_ms(1'700'000'000'000);

std::string frame(const char* type, std::uint64_t update_id, const char* bids, const char* asks) {
    const std::string id = std::to_string(update_id);
    return R"({"topic":"orderbook.500.BTCUSDT","type":")" + std::string(type) +
           R"(","ts":1700000000000,"data":{"s":"BTCUSDT","b":[)" + bids + R"(],"a":[)" + asks + R"(],"u":)" + id +
           R"(,"seq":)" + id + R"(},"cts":1700000000000})";
}

/// A feed that nobody has started, as in the replay of an import, and what it says.
class Archive {
public:
    Archive() { feed.on_open(kArchiveConnection, now, out); }

    /// The kinds of events that one frame made: "S" snapshot, "D" delta, "X" the book is invalid.
    std::string said(const std::string& text) {
        out.clear();
        now += std::chrono::milliseconds{100};
        feed.on_text(kArchiveConnection, text, now, 1, out);
        return events();
    }
    [[nodiscard]] std::string events() const {
        std::string kinds;
        for (const market::Event& event : out.events) {
            const auto* update = std::get_if<market::BookUpdate>(&event.body);
            if (update != nullptr) kinds += update->is_snapshot ? "S" : "D";
            if (std::holds_alternative<market::BookInvalid>(event.body)) kinds += "X";
        }
        return kinds;
    }
    [[nodiscard]] StreamState state() const { return feed.streams().front().state; }

    market::InstrumentDirectory directory = test_directory();
    Feed feed{{}, directory};
    Output out;
    Timestamp now = kStart;
};

const std::string kSnapshot = frame("snapshot", 100, R"(["25000.0","1"])", R"(["25001.0","2"])");

TEST(BybitReplayFeed, ABookFollowsItsFramesWithoutAskingAnybody) {
    Archive archive;
    EXPECT_EQ(archive.said(frame("delta", 99, "", R"(["25001.0","1"])")), "") << "no snapshot yet";
    EXPECT_EQ(archive.said(kSnapshot), "S");
    EXPECT_EQ(archive.state(), StreamState::live);
    EXPECT_EQ(archive.said(frame("delta", 101, R"(["25000.0","3"])", "")), "D");
    EXPECT_EQ(archive.said(frame("delta", 101, R"(["25000.0","3"])", "")), "") << "a repetition";
    EXPECT_TRUE(archive.out.actions.empty());
    EXPECT_TRUE(archive.feed.is_backfilled());
    EXPECT_EQ(archive.feed.connection_age(kArchiveConnection, archive.now), Nanos{0});
}

TEST(BybitReplayFeed, AHoleEmptiesTheBookUntilTheArchivesNextSnapshot) {
    Archive archive;
    ASSERT_EQ(archive.said(kSnapshot), "S");
    EXPECT_EQ(archive.said(frame("delta", 103, R"(["25000.0","3"])", "")), "X");
    EXPECT_EQ(archive.state(), StreamState::resyncing);
    EXPECT_EQ(archive.said(frame("delta", 104, R"(["25000.0","3"])", "")), "");
    EXPECT_EQ(archive.feed.streams().front().gaps, 1U);
    EXPECT_EQ(archive.said(frame("snapshot", 200, R"(["25000.0","1"])", R"(["25001.0","2"])")), "S");
    EXPECT_EQ(archive.state(), StreamState::live);
    EXPECT_TRUE(archive.out.actions.empty());
}

TEST(BybitReplayFeed, ABrokenFrameACrossedBookAndTheEndEmptyTheBook) {
    for (const int how : {0, 1, 2, 3}) {
        Archive archive;
        ASSERT_EQ(archive.said(kSnapshot), "S");
        archive.out.clear();
        if (how == 0) (void)archive.said(frame("delta", 101, R"(["25000.0","-3"])", ""));
        if (how == 1)
            archive.feed.on_book_crossed(archive.feed.streams().front().instrument, archive.now, archive.out);
        if (how == 2) archive.feed.on_close(kArchiveConnection, "the capture ends", archive.now, archive.out);
        if (how == 3) archive.feed.on_dropped(kArchiveConnection, 2, archive.now, archive.out);
        EXPECT_EQ(archive.events(), "X") << how;
        EXPECT_EQ(archive.state(), how == 2 ? StreamState::down : StreamState::resyncing) << how;
    }
}

TEST(BybitReplayFeed, SilenceIsStaleAndAStrangerIsIgnored) {
    Archive archive;
    ASSERT_EQ(archive.said(kSnapshot), "S");
    archive.feed.on_tick(archive.now + std::chrono::seconds{4}, archive.out);
    EXPECT_EQ(archive.state(), StreamState::stale);
    archive.out.clear();
    archive.feed.on_text(connection_id(market::Venue::bybit, 7), kSnapshot, archive.now, 1, archive.out);
    EXPECT_EQ(archive.events(), "") << "a connection that was never opened";
}

}  // namespace
}  // namespace vt::exchange::bybit
