#include "runtime/program.hpp"

#include "demo/roster.hpp"
#include "obs/log.hpp"

#include <gtest/gtest.h>

#include <chrono>
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

/// The state of one stream of the symbol in the newest picture.
exchange::StreamState state_of(const Program& program, market::Stream stream, std::string_view symbol = kSymbol) {
    const auto picture = program.snapshot();
    if (!picture) return exchange::StreamState::down;
    for (const views::FeedRow& feed : picture->feeds) {
        if (feed.stream == stream && picture->rows[feed.instrument.value()].instrument.symbol == symbol)
            return feed.state;
    }
    return exchange::StreamState::down;
}

/// Looks twenty times a second until `holds`. out: how long it took; nothing when `limit` passed
std::optional<Nanos> time_until(const std::function<bool()>& holds, Nanos limit) {
    const auto began = Clock::now();
    while (!holds()) {
        if (Clock::now() - began > limit) return std::nullopt;
        std::this_thread::sleep_for(milliseconds{50});
    }
    return Clock::now() - began;
}

bool everything_is_live(const Program& program) {
    const auto picture = program.snapshot();
    return picture && picture->rows.size() == 6 && picture->health == views::Health::ok;
}

/// A program whose every stream is live.
class LiveProgram : public ::testing::Test {
protected:
    void SetUp() override {
        obs::configure_log({.level = obs::LogLevel::error, .color = false});
        program_ = std::make_unique<Program>(params());
        const auto started = program_->start();
        ASSERT_TRUE(started) << started.error().what;
        ASSERT_TRUE(time_until([&] { return everything_is_live(*program_); }, seconds{40})) << "never live";
    }
    [[nodiscard]] bool is_live(market::Stream stream, std::string_view symbol = kSymbol) const {
        return state_of(*program_, stream, symbol) == exchange::StreamState::live;
    }
    std::unique_ptr<Program> program_;
};

}  // namespace

TEST_F(LiveProgram, AStalledBookIsStaleWithinFiveSecondsAndOthersAreNot) {
    program_->inject({.kind = demo::Fault::Kind::stall, .topic = "orderbook.50.SOLUSDT", .duration = seconds{8}});
    const auto stale = time_until([&] { return !is_live(market::Stream::book); }, seconds{10});
    ASSERT_TRUE(stale);
    EXPECT_LE(*stale, Nanos(milliseconds{5500})) << to_seconds(*stale);
    EXPECT_TRUE(is_live(market::Stream::ticker)) << "the socket stays up";
    EXPECT_TRUE(is_live(market::Stream::book, "XRPUSDT"));
    EXPECT_TRUE(program_->snapshot()->health == views::Health::degraded);
    const auto live = time_until([&] { return is_live(market::Stream::book); }, seconds{20});
    ASSERT_TRUE(live) << "never live again";
    EXPECT_LE(*stale + *live, Nanos(seconds{8} + milliseconds{2500})) << "two seconds after its return";
}

TEST_F(LiveProgram, ACutConnectionIsToldAtOnceAndLiveAgainWithinTwoSeconds) {
    program_->inject({.kind = demo::Fault::Kind::drop});
    const auto seen = time_until([&] { return !is_live(market::Stream::book); }, seconds{5});
    ASSERT_TRUE(seen);
    EXPECT_LE(*seen, Nanos(seconds{1}));
    const auto live = time_until([&] { return everything_is_live(*program_); }, seconds{10});
    ASSERT_TRUE(live);
    EXPECT_LE(*live, Nanos(milliseconds{2500})) << to_seconds(*live);
}

TEST_F(LiveProgram, ARestartedExchangeIsLiveAgainWithinTwoSecondsOfItsReturn) {
    const auto away = seconds{3};
    program_->inject({.kind = demo::Fault::Kind::restart, .duration = away});
    ASSERT_TRUE(time_until([&] { return !is_live(market::Stream::book); }, seconds{5}));
    const auto live = time_until([&] { return everything_is_live(*program_); }, seconds{20});
    ASSERT_TRUE(live);
    // The back-off grows while the exchange is away: its next attempt may wait up to twice the time that passed.
    EXPECT_LE(*live, Nanos(away + seconds{6})) << to_seconds(*live);
}

TEST_F(LiveProgram, LostDeltasAreAGapAndHealByASnapshot) {
    const auto gaps = [&] {
        std::uint64_t count = 0;
        for (const views::FeedRow& feed : program_->snapshot()->feeds) count += feed.gaps;
        return count;
    };
    const std::uint64_t before = gaps();
    program_->inject({.kind = demo::Fault::Kind::lose, .topic = "orderbook.50.SOLUSDT", .count = 2});
    ASSERT_TRUE(time_until([&] { return gaps() > before; }, seconds{10}));
    ASSERT_TRUE(time_until([&] { return everything_is_live(*program_); }, seconds{10}));
    for (const auto& detail : program_->snapshot()->details) {
        if (detail->book.bids.empty() || detail->book.asks.empty()) continue;
        EXPECT_LT(detail->book.bids.front().price, detail->book.asks.front().price);
    }
}

TEST_F(LiveProgram, AMalformedFrameIsRefusedByNameAndHealed) {
    program_->inject({.kind = demo::Fault::Kind::malform, .topic = "orderbook.50.SOLUSDT", .count = 1});
    ASSERT_TRUE(time_until([&] { return program_->snapshot()->rejected > 0; }, seconds{10}));
    ASSERT_TRUE(time_until([&] { return everything_is_live(*program_); }, seconds{15}));
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

}  // namespace vt::runtime
