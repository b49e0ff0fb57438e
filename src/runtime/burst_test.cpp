// A burst through the queue before the engine, in counts of work: an engine that keeps up with four times the mean
// rate meets twenty times of it. The latency in a burst is measured, not asserted: docs/reliability.md.

#include "base/digest.hpp"
#include "base/json_writer.hpp"
#include "demo/roster.hpp"
#include "engine/event_codec.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/input_queue.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kSlotsPerSecond = 100;
constexpr std::size_t kBurstFactor = 20;
constexpr std::size_t kServiceFactor = 4;
constexpr std::size_t kBurstSeconds = 5;

engine::Params params() {
    config::Config config;
    config.market.top_symbols = 10;
    config.market.backfill_bars = 30;
    return engine_params(config);
}

/// Five minutes of a venue, from the start of the feed on, each input encoded.
const std::vector<std::string>& recorded() {
    static const std::vector<std::string> inputs = [] {
        demo::StreamParams market{.seed = 9, .start = kWarmMarketStart};
        market.generated = demo::generated_symbols(6);
        std::vector<std::string> made;
        VirtualVenue venue(params(), market, {},
                           [&](const engine::Event& event) { engine::encode(event, made.emplace_back()); });
        venue.start();
        venue.advance_to(kWarmMarketStart + minutes{5});
        return made;
    }();
    return inputs;
}

/// What came out of a run through the queue.
struct Outcome {
    std::string digest;
    std::uint64_t taken = 0, lost = 0, told = 0, disorder = 0;
    std::uint64_t books_shown_after_a_loss = 0;
    std::size_t most_bytes = 0;
    std::optional<std::size_t> drained_after;  ///< slots after the end of the burst
    std::uint64_t losses_known_to_engine = 0;
    std::uint64_t replies = 0, answers_taken = 0, replies_told_lost = 0;
};

class Passage {
public:
    explicit Passage(std::size_t capacity_bytes) : queue_(capacity_bytes), engine_(params()) {}

    /// Everything at the mean rate, but for five seconds from `burst_second` on twenty times as fast.
    Outcome go(bool with_burst, std::size_t burst_second = 60) {
        const std::size_t mean = recorded().size() / (300 * kSlotsPerSecond) + 1;
        const std::size_t burst_from = burst_second * kSlotsPerSecond;
        const std::size_t burst_until = burst_from + kBurstSeconds * kSlotsPerSecond;
        std::size_t next = 0;
        for (std::size_t slot = 0; next < recorded().size() || queue_.front(); ++slot) {
            const bool is_burst = with_burst && slot >= burst_from && slot < burst_until;
            for (std::size_t i = 0; i < mean * (is_burst ? kBurstFactor : 1) && next < recorded().size(); ++i) {
                const engine::Event event = *engine::decode(recorded()[next++]);
                at_ = event.at;
                if (std::holds_alternative<engine::Replied>(event.body)) ++out_.replies;
                queue_.push(event.body, event.at);
            }
            out_.most_bytes = std::max(out_.most_bytes, queue_.size_bytes());
            for (std::size_t i = 0; i < mean * kServiceFactor && queue_.front(); ++i) take();
            if (slot >= burst_until && !out_.drained_after && !queue_.front())
                out_.drained_after = slot - burst_until;
        }
        queue_.push(engine::Tick{}, at_);  // the last losses are told with the next input
        while (queue_.front()) take();
        out_.lost = queue_.dropped();
        out_.losses_known_to_engine = engine_.counters().lost;
        out_.digest = digest_.hex();
        return out_;
    }

private:
    void take() {
        const engine::Event event = *engine::decode(*queue_.front());
        if (event.sequence != ++out_.taken) ++out_.disorder;
        if (const auto* dropped = std::get_if<engine::Dropped>(&event.body)) out_.told += dropped->count;
        const auto* replied = std::get_if<engine::Replied>(&event.body);
        if (replied != nullptr && replied->reply.status == 0) {
            ++out_.told;
            ++out_.replies_told_lost;
        } else if (replied != nullptr) {
            ++out_.answers_taken;
        }
        effects_.clear();
        engine_.step(event, effects_);
        if (std::holds_alternative<engine::Dropped>(event.body)) {
            for (const auto& symbol : engine_.symbols()) {
                if (symbol->state().book().is_valid()) ++out_.books_shown_after_a_loss;
            }
        }
        for (const engine::Effect& effect : effects_) {
            line_.clear();
            engine::write_effect(line_, effect, engine_.instruments());
            digest_.update(line_.text());
        }
        queue_.pop();
    }

    InputQueue queue_;
    engine::Engine engine_;
    std::vector<engine::Effect> effects_;
    Digest digest_;
    JsonWriter line_;
    Timestamp at_;
    Outcome out_;
};

}  // namespace

TEST(Burst, TwentyTimesTheMeanRateLosesNothingKeepsOrderAndDrains) {
    constexpr std::size_t kCapacity = std::size_t{16} << 20U;  // the program's
    const Outcome calm = Passage(kCapacity).go(false);
    const Outcome burst = Passage(kCapacity).go(true);
    EXPECT_EQ(burst.lost, 0U);
    EXPECT_EQ(burst.told, 0U);
    EXPECT_EQ(burst.disorder, 0U);
    EXPECT_EQ(burst.taken, recorded().size() + 1);
    EXPECT_EQ(burst.digest, calm.digest) << "what waited says the same as what did not";
    EXPECT_GT(burst.most_bytes, 10 * calm.most_bytes) << "there was a backlog";
    EXPECT_LT(burst.most_bytes, kCapacity / 2);
    // Five seconds at 16 times the mean more than is taken, then three times the mean is worked off.
    ASSERT_TRUE(burst.drained_after);
    EXPECT_LE(*burst.drained_after,
              kBurstSeconds * kSlotsPerSecond * (kBurstFactor - kServiceFactor) / (kServiceFactor - 1) + 1);
}

TEST(Burst, WhatASmallQueueLosesIsToldBeforeAnythingElseAndTheBooksAreEmptied) {
    const Outcome burst = Passage(std::size_t{128} << 10U).go(true);
    EXPECT_GT(burst.lost, 100U);
    EXPECT_EQ(burst.told, burst.lost) << "each of them";
    EXPECT_EQ(burst.losses_known_to_engine, burst.lost);
    EXPECT_EQ(burst.disorder, 0U) << "what is taken is numbered without a hole";
    EXPECT_EQ(burst.books_shown_after_a_loss, 0U);
    EXPECT_LE(burst.most_bytes, std::size_t{128} << 10U);
}

// At the start nearly everything is a reply: catalogue, prices, histories.
TEST(Burst, EveryReplyThatIsLostIsToldAsNoAnswerAndNoneTwice) {
    const Outcome calm = Passage(std::size_t{16} << 20U).go(false);
    EXPECT_EQ(calm.replies_told_lost, 0U);
    EXPECT_EQ(calm.answers_taken, calm.replies);
    const Outcome burst = Passage(std::size_t{128} << 10U).go(true, 0);
    EXPECT_GT(burst.replies_told_lost, 10U);
    EXPECT_EQ(burst.answers_taken + burst.replies_told_lost, burst.replies);
    EXPECT_EQ(burst.told, burst.lost);
    EXPECT_EQ(burst.disorder, 0U);
}

}  // namespace vt::runtime
