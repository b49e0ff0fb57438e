// Frames that come twice, overtake each other, or are told again behind a reconnect must not change what a minute
// was.

#include "base/prng.hpp"
#include "demo/journal_recording.hpp"
#include "demo/roster.hpp"
#include "engine/event_codec.hpp"
#include "exchange/binance/replay_feed.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"
#include "storage/bundled_recording.hpp"
#include "storage/journal_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// The inputs of a run, each in its encoded form.
using Inputs = std::vector<std::string>;

engine::Event decoded(const std::string& input) { return *engine::decode(input); }

std::string encoded(engine::Event event, std::uint64_t sequence, Timestamp at) {
    event.sequence = sequence;
    event.at = at;
    std::string bytes;
    engine::encode(event, bytes);
    return bytes;
}

enum class FrameKind : std::uint8_t { other, trade, candle };
FrameKind kind_of(const engine::Event& event) {
    const auto* frame = std::get_if<engine::FrameReceived>(&event.body);
    if (frame == nullptr) return FrameKind::other;
    const auto has = [&](std::string_view part) { return frame->text.find(part) != std::string_view::npos; };
    if (has("\"topic\":\"publicTrade.") || has("\"e\":\"trade\"")) return FrameKind::trade;
    return has("\"topic\":\"kline.") || has("\"e\":\"kline\"") ? FrameKind::candle : FrameKind::other;
}

/// Connections that carry the same streams, one after the other.
enum class Line : std::uint8_t { bybit, binance_futures, binance_spot };
Line line_of(exchange::ConnectionId connection) {
    if (exchange::venue_of(connection) == market::Venue::bybit) return Line::bybit;
    const auto first_spot = exchange::connection_id(market::Venue::binance, exchange::binance::kFirstSpotConnection);
    return connection < first_spot ? Line::binance_futures : Line::binance_spot;
}

/// What was done to a stream.
struct Disorder {
    Inputs inputs;
    int duplicated = 0, overtaken = 0, told_again = 0, replies_twice = 0;
};

/// A fifth of the frames of trades and candles comes twice, a fifth comes up to `latest` late, behind others; each
/// reply comes twice; and the first print of a new connection brings the last forty of the old one along.
Disorder disordered(const Inputs& clean, Nanos latest) {
    struct Placed {
        Timestamp at;
        engine::Event event;
    };
    Disorder result;
    Prng prng(17, "disorder");
    std::vector<Placed> placed;
    std::map<Line, std::deque<engine::Event>> newest;
    std::map<Line, bool> is_reopened;
    for (const std::string& input : clean) {
        const engine::Event event = decoded(input);
        const FrameKind kind = kind_of(event);
        if (const auto* opened = std::get_if<engine::Opened>(&event.body))
            is_reopened[line_of(opened->connection)] = true;
        if (const auto* closed = std::get_if<engine::Closed>(&event.body)) {
            for (Placed& one : placed) {  // nothing comes from a connection after its end
                const auto* frame = std::get_if<engine::FrameReceived>(&one.event.body);
                if (frame != nullptr && frame->connection == closed->connection) one.at = std::min(one.at, event.at);
            }
        }
        if (kind == FrameKind::other) {
            placed.push_back({event.at, event});
            if (!std::holds_alternative<engine::Replied>(event.body)) continue;
            ++result.replies_twice;
            placed.push_back({event.at, event});
            continue;
        }
        const auto& frame = std::get<engine::FrameReceived>(event.body);
        const Line line = line_of(frame.connection);
        if (kind == FrameKind::trade) {
            std::deque<engine::Event>& last = newest[line];
            if (is_reopened[line] && !last.empty()) {
                for (engine::Event again : last) {
                    std::get<engine::FrameReceived>(again.body).connection = frame.connection;
                    placed.push_back({event.at, again});
                    ++result.told_again;
                }
            }
            is_reopened[line] = false;
            last.push_back(event);
            if (last.size() > 40) last.pop_front();
        }
        const std::uint64_t draw = prng.next() % 5;
        const Nanos late{static_cast<std::int64_t>(prng.next() % static_cast<std::uint64_t>(latest.count()))};
        placed.push_back({draw == 0 ? event.at + late : event.at, event});
        if (draw == 0) ++result.overtaken;
        if (draw == 1) placed.push_back({event.at + late, event});
        if (draw == 1) ++result.duplicated;
    }
    std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.at < b.at; });
    for (const Placed& one : placed) result.inputs.push_back(encoded(one.event, result.inputs.size() + 1, one.at));
    return result;
}

/// What the closed minutes of every instrument were.
struct Account {
    std::map<std::string, analysis::MinuteFeatures> minutes;  ///< by instrument and start
    std::map<std::string, double> bar_volumes;                ///< of the closed minute bars
    std::uint64_t duplicates = 0;
};

/// The answer to one of Bybit's pings.
std::string pong_to(std::string_view ping) {
    const std::size_t at = ping.find("\"req_id\":\"") + 10;
    const std::string id(ping.substr(at, ping.find('"', at) - at));
    return R"({"success":true,"ret_msg":"pong","conn_id":"c","req_id":")" + id + R"(","op":"ping"})";
}

Account account_of(const Inputs& inputs, const engine::Params& params) {
    Account account;
    engine::Engine engine(params);
    std::vector<engine::Effect> effects;
    std::uint64_t sequence = 0;
    const auto step = [&](engine::Event event) {
        event.sequence = ++sequence;
        engine.step(event, effects);
    };
    for (const std::string& input : inputs) {
        const engine::Event event = decoded(input);
        // When a ping is due depends on when frames come: pongs are given as they are asked for, not as recorded.
        const auto* frame = std::get_if<engine::FrameReceived>(&event.body);
        if (frame != nullptr && frame->text.find("\"ret_msg\":\"pong\"") != std::string_view::npos) continue;
        effects.clear();
        step(event);
        for (std::size_t i = 0; i < effects.size(); ++i) {
            const auto* sent = std::get_if<exchange::SendText>(&effects[i]);
            if (sent == nullptr || sent->text.find("\"op\":\"ping\"") == std::string::npos) continue;
            const std::string pong = pong_to(sent->text);
            const exchange::ConnectionId connection = sent->connection;
            step({.sequence = 0, .at = event.at, .body = engine::FrameReceived{connection, pong}});
        }
        for (const engine::Effect& effect : effects) {
            const auto* closed = std::get_if<engine::MinuteClosed>(&effect);
            if (closed == nullptr || closed->features->is_missing) continue;
            const std::string minute = engine.instruments()[closed->instrument].path_id() + " " +
                                       std::to_string(to_ms(closed->features->start) / 1000);
            EXPECT_TRUE(account.minutes.emplace(minute, *closed->features).second) << minute << " closed twice";
        }
    }
    for (const auto& symbol : engine.symbols()) {
        account.duplicates += symbol->state().counts().duplicate_trades;
        const market::CandleSeries& bars = symbol->state().candles()[market::Timeframe::m1];
        for (std::size_t i = 0; i < bars.size(); ++i) {
            if (!bars[i].is_closed) continue;
            account
                .bar_volumes[symbol->instrument().path_id() + " " + std::to_string(to_ms(bars[i].open_time) / 1000)] =
                bars[i].volume_base;
        }
    }
    return account;
}

/// Bit by bit: no tolerance.
void expect_equal(const Account& clean, const Account& disturbed) {
    ASSERT_EQ(clean.minutes.size(), disturbed.minutes.size());
    for (const auto& [minute, expected] : clean.minutes) {
        const auto found = disturbed.minutes.find(minute);
        ASSERT_NE(found, disturbed.minutes.end()) << minute;
        const analysis::MinuteFeatures& got = found->second;
        EXPECT_EQ(got.n_late, 0U) << minute;
        EXPECT_EQ(got.n_trades, expected.n_trades) << minute;
        EXPECT_EQ(got.n_parents, expected.n_parents) << minute;
        EXPECT_EQ(got.volume_1m, expected.volume_1m) << minute;
        EXPECT_EQ(got.notional_1m, expected.notional_1m) << minute;
        EXPECT_EQ(got.cvd_1m, expected.cvd_1m) << minute;
        EXPECT_EQ(got.cvd_notional_1m, expected.cvd_notional_1m) << minute;
        EXPECT_EQ(got.vwap_1m, expected.vwap_1m) << minute;
        EXPECT_EQ(got.open_1m, expected.open_1m) << minute;
        EXPECT_EQ(got.high_1m, expected.high_1m) << minute;
        EXPECT_EQ(got.low_1m, expected.low_1m) << minute;
        EXPECT_EQ(got.close_1m, expected.close_1m) << minute;
        EXPECT_EQ(got.parent_notional_max, expected.parent_notional_max) << minute;
    }
}

engine::Params both_venues() {
    config::Config config;
    config.market.symbols = {"BTCUSDT", "ETHUSDT"};
    config.market.backfill_bars = 30;
    config.binance.markets = {"futures", "spot"};
    return engine_params(config);
}

/// Both venues for seven minutes, in the fourth of which every connection is cut.
Inputs demo_inputs() {
    demo::StreamParams market{.seed = 5, .start = kWarmMarketStart};
    market.generated = demo::generated_symbols();
    market.generated.resize(1);
    if (auto recording = demo::bundled_recording()) market.recording = std::move(*recording);
    market.others = {demo::Segment::binance_futures, demo::Segment::binance_spot};
    Inputs inputs;
    VirtualVenue venue(both_venues(), market, {},
                       [&](const engine::Event& event) { engine::encode(event, inputs.emplace_back()); });
    venue.start();
    venue.advance_to(kWarmMarketStart + minutes{3} + seconds{17});
    venue.inject({.kind = demo::Fault::Kind::drop});
    venue.advance_to(kWarmMarketStart + minutes{7});
    return inputs;
}

}  // namespace

TEST(Disorder, DuplicatesDisorderAndRepeatsLeaveTheMinutesOfBothVenuesExact) {
    const Inputs inputs = demo_inputs();
    const Disorder disorder = disordered(inputs, milliseconds{900});
    EXPECT_GT(disorder.duplicated, 500);
    EXPECT_GT(disorder.overtaken, 500);
    EXPECT_GE(disorder.told_again, 80) << "both venues were cut";
    EXPECT_GT(disorder.replies_twice, 20);
    const Account clean = account_of(inputs, both_venues());
    const Account disturbed = account_of(disorder.inputs, both_venues());
    EXPECT_GE(clean.minutes.size(), 6U * 5U) << "two instruments of three markets";
    EXPECT_EQ(clean.duplicates, 0U);
    EXPECT_GT(disturbed.duplicates, 500U);
    expect_equal(clean, disturbed);
    EXPECT_EQ(clean.bar_volumes, disturbed.bar_volumes);
}

TEST(Disorder, ARecordingOfBinanceWithDuplicatesAndDisorderGivesTheSameMinutes) {
    auto journal = storage::JournalReader::open_memory(storage::bundled_recording(),
                                                       std::string(storage::kBundledRecordingName));
    ASSERT_TRUE(journal);
    const auto params = recorded_engine_params(journal->header().configuration);
    ASSERT_TRUE(params);
    Inputs inputs;
    engine::Event event;
    while (journal->next(event) == storage::ReadOutcome::event) inputs.emplace_back(journal->encoded());
    const Disorder disorder = disordered(inputs, milliseconds{500});
    EXPECT_GT(disorder.duplicated, 1000);
    EXPECT_GT(disorder.overtaken, 1000);
    const Account clean = account_of(inputs, *params);
    const Account disturbed = account_of(disorder.inputs, *params);
    EXPECT_GE(clean.minutes.size(), 10U);
    EXPECT_GT(disturbed.duplicates, 1000U);
    expect_equal(clean, disturbed);
}

}  // namespace vt::runtime
