#include "runtime/program.hpp"

#include "demo/roster.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>

/// The whole program over real sockets on loopback: demo exchange, TLS, gateway, engine. Each test waits for a
/// condition with a deadline; the times it asserts are those promised to users.
namespace vt::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kSymbol = "SOLUSDT";

ProgramParams params() {
    ProgramParams made;
    made.mode = views::MarketMode::demo;
    made.config.server.port = 0;
    made.config.server.monitoring_port = 0;
    made.config.demo.symbols = 6;
    made.config.market.top_symbols = 6;
    made.config.market.backfill_bars = 50;
    made.run_id = 7;
    return made;
}

using Picture = std::shared_ptr<const views::Snapshot>;

/// The state of one stream of the symbol in a picture.
exchange::StreamState state_in(const Picture& picture, market::Stream stream, std::string_view symbol = kSymbol) {
    for (const views::FeedRow& feed : picture->feeds) {
        if (feed.stream == stream && picture->rows[feed.instrument.value()].instrument.symbol == symbol)
            return feed.state;
    }
    return exchange::StreamState::down;
}

bool is_live(const Picture& picture, market::Stream stream, std::string_view symbol = kSymbol) {
    return state_in(picture, stream, symbol) == exchange::StreamState::live;
}

bool everything_is_live(const Picture& picture) {
    return picture->rows.size() == 6 && picture->health == views::Health::ok;
}

/// Looks at each picture until one holds. out: that picture; null when `limit` passed
/// Times are judged by Snapshot::at, the receive time of the newest input in it, so that a test which is late to look
/// (a loaded machine) blames nobody.
Picture await(const Program& program, const std::function<bool(const Picture&)>& holds, Nanos limit) {
    const auto began = Clock::now();
    while (Clock::now() - began < limit) {
        if (auto picture = program.snapshot(); picture && holds(picture)) return picture;
        std::this_thread::sleep_for(milliseconds{10});
    }
    return nullptr;
}

/// A program whose every stream is live.
class LiveProgram : public ::testing::Test {
protected:
    void SetUp() override {
        obs::configure_log({.level = obs::LogLevel::error, .color = false});
        program_ = std::make_unique<Program>(params());
        const auto started = program_->start();
        ASSERT_TRUE(started) << started.error().what;
        ASSERT_TRUE(await(everything_is_live, seconds{40})) << "never live";
    }
    [[nodiscard]] Picture await(const std::function<bool(const Picture&)>& holds, Nanos limit) const {
        return runtime::await(*program_, holds, limit);
    }
    /// out: when it went wrong, by the same clock as Snapshot::at
    Timestamp inject(const demo::Fault& fault) {
        program_->inject(fault);
        return net::wall_now();
    }
    std::unique_ptr<Program> program_;
};

bool is_book_lost(const Picture& picture) { return !is_live(picture, market::Stream::book); }

}  // namespace

TEST_F(LiveProgram, AStalledBookIsStaleWithinFiveSecondsAndOthersAreNot) {
    const auto away = seconds{8};
    const Timestamp stalled =
        inject({.kind = demo::Fault::Kind::stall, .topic = "orderbook.50.SOLUSDT", .duration = away});
    const Picture stale = await(is_book_lost, seconds{20});
    ASSERT_TRUE(stale);
    EXPECT_LE(to_seconds(stale->at - stalled), 5);
    EXPECT_TRUE(is_live(stale, market::Stream::ticker)) << "the socket stays up";
    EXPECT_TRUE(is_live(stale, market::Stream::book, "XRPUSDT"));
    EXPECT_EQ(stale->health, views::Health::degraded);
    const Picture live = await([](const Picture& picture) { return !is_book_lost(picture); }, seconds{30});
    ASSERT_TRUE(live) << "never live again";
    EXPECT_LE(to_seconds(live->at - (stalled + away)), 2) << "after its return";
}

TEST_F(LiveProgram, ACutConnectionIsToldAtOnceAndLiveAgainWithinTwoSeconds) {
    const Timestamp cut = inject({.kind = demo::Fault::Kind::drop});
    const Picture seen = await(is_book_lost, seconds{10});
    ASSERT_TRUE(seen);
    EXPECT_LE(to_seconds(seen->at - cut), 0.5);
    const Picture live = await(everything_is_live, seconds{20});
    ASSERT_TRUE(live);
    EXPECT_LE(to_seconds(live->at - cut), 2);
}

TEST_F(LiveProgram, ARestartedExchangeIsLiveAgainWithinTwoSecondsOfItsReturn) {
    const auto away = seconds{3};
    const Timestamp gone = inject({.kind = demo::Fault::Kind::restart, .duration = away});
    ASSERT_TRUE(await(is_book_lost, seconds{10}));
    const Picture live = await(everything_is_live, seconds{30});
    ASSERT_TRUE(live);
    EXPECT_LE(to_seconds(live->at - (gone + away)), 2);
}

TEST_F(LiveProgram, LostDeltasAreAGapAndHealByASnapshot) {
    const auto gaps = [](const Picture& picture) {
        std::uint64_t count = 0;
        for (const views::FeedRow& feed : picture->feeds) count += feed.gaps;
        return count;
    };
    const std::uint64_t before = gaps(program_->snapshot());
    program_->inject({.kind = demo::Fault::Kind::lose, .topic = "orderbook.50.SOLUSDT", .count = 2});
    ASSERT_TRUE(await([&](const Picture& picture) { return gaps(picture) > before; }, seconds{10}));
    const Picture live = await(everything_is_live, seconds{10});
    ASSERT_TRUE(live);
    for (const auto& detail : live->details) {
        if (detail->book.bids.empty() || detail->book.asks.empty()) continue;
        EXPECT_LT(detail->book.bids.front().price, detail->book.asks.front().price);
    }
}

TEST_F(LiveProgram, AMalformedFrameIsRefusedByNameAndHealed) {
    program_->inject({.kind = demo::Fault::Kind::malform, .topic = "orderbook.50.SOLUSDT", .count = 1});
    ASSERT_TRUE(await([](const Picture& picture) { return picture->rejected > 0; }, seconds{10}));
    ASSERT_TRUE(await(everything_is_live, seconds{15}));
}

TEST(Program, APortInUseIsAClearError) {
    Program first(params());
    ASSERT_TRUE(first.start());
    ProgramParams second_params = params();
    second_params.config.server.port = first.port();
    Program second(second_params);
    const auto started = second.start();
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().what.find(std::to_string(first.port())), std::string::npos) << started.error().what;
}

// Five connections over real sockets and TLS to one port: Bybit's, Binance's two routes of the futures, and its spot.
TEST(Program, FollowsBothVenuesOverSockets) {
    obs::configure_log({.level = obs::LogLevel::error, .color = false});
    ProgramParams both = params();
    both.config.demo.symbols = 3;
    both.config.market.symbols = {"BTCUSDT", "SOLUSDT"};
    both.config.binance.markets = {"futures", "spot"};
    Program program(std::move(both));
    const auto started = program.start();
    ASSERT_TRUE(started) << started.error().what;
    const auto is_there = [](const Picture& picture) {
        return picture->rows.size() == 6 && picture->health == views::Health::ok;
    };
    const Picture picture = await(program, is_there, seconds{60});
    ASSERT_TRUE(picture) << "never live";
    std::set<std::string> instruments;
    for (const views::Row& row : picture->rows) instruments.insert(row.instrument.path_id());
    EXPECT_TRUE(instruments.contains("binance-linear-SOLUSDT"));
    EXPECT_TRUE(instruments.contains("binance-spot-BTCUSDT"));
    EXPECT_TRUE(instruments.contains("bybit-linear-BTCUSDT"));
}

}  // namespace vt::runtime
