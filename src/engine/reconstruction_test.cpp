#include "engine/reconstruction.hpp"

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "sim/market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace vt::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Timestamp kTapeEnd = from_ms(1'700'006'400'000);  // 2023-11-15 00:00 UTC

/// The past of a simulated market, as a venue would tell it: candles, open interest, ratios, settlements.
class TapePast {
public:
    explicit TapePast(std::uint64_t seed) : market_(seed, market_params(), symbols()) {}
    [[nodiscard]] std::vector<market::Instrument> instruments() const {
        std::vector<market::Instrument> all = market_.instruments();
        for (market::Instrument& one : all) one.launched_at = kTapeEnd - hours{24 * 365};
        return all;
    }

    /// Hands over what lies before the minutes that are lived through.
    void prepare(Reconstruction& past, Timestamp from) {
        for (std::size_t i = 0; i < past.size(); ++i) {
            for (const market::Timeframe frame : market::kTimeframes) {
                const Nanos interval = market::interval_of(frame);
                for (const market::Candle& bar : bars(i, interval, from - interval * 1000, from))
                    past.take(i, bar.open_time, bar);
            }
            sim::Derivatives& contract = market_[i].derivatives();
            for (const sim::Sample& one : contract.settlements(from - hours{24 * 30}, kTapeEnd, 100))
                past.take(i, one.at, market::FundingSettlement{one.value});
            for (const sim::Sample& one : contract.open_interest(minutes{5}, from - hours{20}, kTapeEnd, 1000))
                past.take(i, one.at, market::OpenInterestSample{one.value});
            for (const sim::Sample& one :
                 contract.long_shares(market::RatioOf::accounts, hours{1}, from - hours{500}, kTapeEnd, 600))
                past.take(i, one.at, market::LongShortRatio{one.value, 1 - one.value});
        }
    }
    std::vector<market::Candle> bars(std::size_t index, Nanos interval, Timestamp from, Timestamp until) {
        const auto count = static_cast<std::size_t>((until - from) / interval);
        std::vector<market::Candle> all = market_[index].tape().candles(interval, from, until, count);
        for (market::Candle& bar : all) bar.is_closed = true;
        return all;
    }

private:
    static sim::Params market_params() {
        sim::Params params;
        params.market.start = params.market.truths_start = kTapeEnd;
        return params;
    }
    static std::vector<sim::SymbolParams> symbols() {
        std::vector<sim::SymbolParams> all;
        for (const char* base : {"AAA"})
            all.push_back({.symbol = std::string(base) + "USDT",
                           .base = base,
                           .tick_size = {.mantissa = 1, .scale = 4},
                           .lot_size = {.mantissa = 1, .scale = 1},
                           .price = .8,
                           .activity = .6,
                           .size_scale = .1});
        return all;
    }
    sim::Market market_;
};

/// What was found from `lived_from` on; a minute of one instrument can be left out.
std::vector<Signalled> found_in(TapePast& tape, ReconstructionParams params, Timestamp lived_from,
                                std::optional<Timestamp> left_out = {}) {
    Reconstruction past(std::move(params), tape.instruments());
    tape.prepare(past, lived_from);
    std::vector<std::vector<market::Candle>> minute_bars;
    for (std::size_t i = 0; i < past.size(); ++i)
        minute_bars.push_back(tape.bars(i, minutes{1}, lived_from, kTapeEnd));
    std::vector<Signalled> found;
    for (Timestamp end = lived_from + minutes{1}; end <= kTapeEnd; end += minutes{1}) {
        for (std::size_t i = 0; i < past.size(); ++i) {
            const auto index = static_cast<std::size_t>((end - lived_from) / Nanos{minutes{1}} - 1);
            if (left_out && minute_bars[i][index].open_time == *left_out) continue;
            past.take(i, end, minute_bars[i][index]);
        }
        past.advance_to(end, found);
    }
    return found;
}

constexpr Timestamp kLivedFrom = kTapeEnd - hours{30};

ReconstructionParams some_hours() {
    ReconstructionParams params;
    params.decide_from = kTapeEnd - hours{28};
    params.decide_until = kTapeEnd - hours{24};
    // A little market, young and small: what is asked of it beside its score is not what is tested here.
    params.signals.turnover_min_usd = 0;
    params.signals.listed_days_min = 0;
    params.signals.level_floor = 50;
    params.signals.level_share = .3;
    params.signals.level_minutes_min = 60;
    params.signals.opposition_max = 1;
    params.signals.cost_share_max = 1;
    return params;
}

std::string digest_of(const std::vector<Signalled>& found, const std::vector<market::Instrument>& instruments) {
    Digest digest;
    for (const Signalled& one : found) {
        JsonWriter out;
        signals::write_signal(out, one.change->signal, instruments[one.instrument.value()]);
        digest.update(out.text());
    }
    return digest.hex();
}

/// By id: what was raised, with its last state.
std::map<std::string, signals::Signal> ended(const std::vector<Signalled>& found) {
    std::map<std::string, signals::Signal> last;
    for (const Signalled& one : found)
        if (one.change->signal.is_raised()) last[one.change->signal.id] = one.change->signal;
    return last;
}

/// What gates held back: "spread 3 ...".
std::string held_back(const std::vector<Signalled>& found) {
    std::map<std::string, int> gates;
    for (const Signalled& one : found)
        if (one.change->change == signals::Change::suppressed) ++gates[one.change->signal.suppressed_by];
    std::string text;
    for (const auto& [gate, count] : gates) text += gate + " " + std::to_string(count) + " ";
    return text;
}

/// Which barrier the candles reach first, the stop before any target within one.
signals::Ending slow_ending(const signals::Signal& signal, const std::vector<market::Candle>& bars) {
    const bool is_long = signal.side == market::Side::buy;
    for (const market::Candle& bar : bars) {
        if (bar.open_time < signal.entered_at) continue;
        if (bar.open_time >= signal.expires_at) break;
        if (is_long ? bar.low <= signal.levels->stop : bar.high >= signal.levels->stop) return signals::Ending::stop;
        if (is_long ? bar.high >= signal.levels->targets[0] : bar.low <= signal.levels->targets[0])
            return signals::Ending::target;
    }
    return signals::Ending::expired;
}

}  // namespace

/// One past that several tests look at.
class ReconstructedHours : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        tape_ = std::make_unique<TapePast>(5);
        found_ = found_in(*tape_, some_hours(), kLivedFrom);
    }
    static void TearDownTestSuite() { tape_.reset(); }
    static inline std::unique_ptr<TapePast> tape_;
    static inline std::vector<Signalled> found_;
};

TEST_F(ReconstructedHours, TheSameCandlesGiveTheSameSignals) {
    ASSERT_FALSE(found_.empty());
    TapePast again(5);
    EXPECT_EQ(digest_of(found_, tape_->instruments()),
              digest_of(found_in(again, some_hours(), kLivedFrom), again.instruments()));
}

TEST_F(ReconstructedHours, WhatBecameOfEachAgreesWithASlowReference) {
    const auto signals = ended(found_);
    ASSERT_GE(signals.size(), 2U) << held_back(found_);
    std::set<std::string> entries;
    for (const Signalled& one : found_)
        EXPECT_TRUE(entries.insert(one.change->signal.id + std::string(signals::name(one.change->change))).second);
    for (const auto& [id, signal] : signals) {
        ASSERT_TRUE(signal.path.ended_at) << "24 hours are left to each";
        EXPECT_TRUE(signal.path.horizons.back()) << id;
        EXPECT_FALSE(signal.path.has_gap) << id;
        EXPECT_GE(signal.confirmed_at, kTapeEnd - hours{28});
        EXPECT_LT(signal.confirmed_at, kTapeEnd - hours{24});
        EXPECT_EQ(signal.entered_at, signal.confirmed_at);
        const auto bars = tape_->bars(signal.instrument.value(), minutes{1}, signal.entered_at, kTapeEnd);
        EXPECT_EQ(*signal.path.first_barrier, slow_ending(signal, bars)) << id;
        const auto before =
            tape_->bars(signal.instrument.value(), minutes{1}, signal.entered_at - minutes{1}, signal.entered_at);
        EXPECT_EQ(signal.mid, before.back().close) << "the close of the deciding minute";
    }
}

/// A score is of the evidence that there is, and each signal says how much that was.
TEST_F(ReconstructedHours, EachSaysWhatWasNotKnown) {
    ASSERT_FALSE(found_.empty());
    for (const Signalled& one : found_) {
        const signals::Signal& signal = one.change->signal;
        EXPECT_LT(signal.coverage, .8) << "no candle tells of a book";
        EXPECT_GE(signal.coverage, .1);
        const bool says = std::any_of(signal.reasons.begin(), signal.reasons.end(), [](const std::string& reason) {
            return reason.find("reconstructed from candles") != std::string::npos;
        });
        EXPECT_TRUE(says);
    }
}

TEST(Reconstruction, ACoverageThatIsNotReachedRaisesNothing) {
    TapePast tape(5);
    ReconstructionParams params = some_hours();
    params.coverage_min = .8;
    EXPECT_TRUE(found_in(tape, params, kTapeEnd - hours{26}).empty());
}

/// A minute that the venue does not have is a hole: who was in a position then says so.
TEST_F(ReconstructedHours, AMissingMinuteIsAGap) {
    const auto whole = ended(found_);
    ASSERT_FALSE(whole.empty());
    const signals::Signal& first = whole.begin()->second;
    ASSERT_TRUE(first.path.ended_at);
    const auto holed = ended(found_in(*tape_, some_hours(), kLivedFrom, floor_to(first.entered_at, minutes{1})));
    ASSERT_TRUE(holed.contains(first.id));
    EXPECT_TRUE(holed.at(first.id).path.has_gap);
}

}  // namespace vt::engine
