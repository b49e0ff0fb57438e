// The demo market traded on paper, through everything between the venue's protocol and the account.

#include "base/digest.hpp"
#include "engine/event_codec.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/test_open_gates.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"
#include "views/trading_view.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

/// Signals come easily, and end soon: what is looked at is how they are traded.
config::Config eager() {
    config::Config config = open_gates();
    config.market.top_symbols = 12;
    config.trading.mode = "paper";
    config.signals.cooldown_minutes = config.signals.cooldown_after_stop_minutes = 0;
    config.signals.expiry_minutes = 4;
    return config;
}

struct TradingStory {
    std::size_t longs = 0, shorts = 0, denied = 0, ended = 0, warnings = 0;
    std::string digest;
};

class TradedDemo {
public:
    explicit TradedDemo(int length_minutes) : venue_(engine_params(eager()), *warm_market(), effects(), inputs()) {
        const WarmState warm = bundled_warm_state();
        venue_.start(warm.state, warm_market()->start - warm.end);
        venue_.advance_to(warm_market()->start + std::chrono::minutes{length_minutes});
        story_.digest = digest_.hex();
    }
    [[nodiscard]] const TradingStory& story() const { return story_; }
    [[nodiscard]] const engine::PaperTrading& trading() const { return venue_.engine().trading(); }
    /// The recorded inputs, through an engine of their own.
    [[nodiscard]] std::string replayed() const {
        engine::Engine engine(engine_params(eager()));
        Digest digest;
        std::vector<engine::Effect> said;
        for (const Input& input : recording_) {
            said.clear();
            engine::Event event = input.state.empty()
                                      ? engine::decode(input.bytes).value()
                                      : engine::Event{.sequence = input.head.sequence, .at = input.head.at};
            if (!input.state.empty()) event.body = engine::LoadState{.state = input.state, .shift = input.shift};
            engine.step(event, said);
            for (const engine::Effect& effect : said) note(digest, effect, engine);
        }
        return digest.hex();
    }

private:
    struct Input {
        std::string bytes;
        engine::EventStart head;
        std::string state;
        Nanos shift{};
    };
    static void note(Digest& digest, const engine::Effect& effect, const engine::Engine& engine) {
        if (!std::holds_alternative<engine::Traded>(effect)) return;
        JsonWriter out;
        engine::write_effect(out, effect, engine.instruments());
        digest.update(out.text());
    }
    VirtualVenue::EffectSink effects() {
        return [this](const engine::Effect& effect) {
            note(digest_, effect, venue_.engine());
            const auto* traded = std::get_if<engine::Traded>(&effect);
            if (traded == nullptr) return;
            for (const desk::Output& output : traded->step->outputs) count(output);
        };
    }
    VirtualVenue::InputSink inputs() {
        return [this](const engine::Event& event) {
            Input& input = recording_.emplace_back();
            if (const auto* load =
                    std::get_if<engine::LoadState>(&event.body)) {  // larger than an encoded event may be
                input = {.head = {.sequence = event.sequence, .at = event.at},
                         .state = std::string(load->state),
                         .shift = load->shift};
            } else {
                engine::encode(event, input.bytes);
            }
        };
    }
    void count(const desk::Output& output) {
        if (std::holds_alternative<execution::Warning>(output)) ++story_.warnings;
        if (const auto* judgement = std::get_if<desk::Judgement>(&output)) story_.denied += !judgement->trade;
        const auto* record = std::get_if<execution::RecordTrade>(&output);
        if (record == nullptr) return;
        const execution::Trade& trade = record->trade;
        if (!trade.entry) ++(trade.plan.side == market::Side::buy ? story_.longs : story_.shorts);
        if (trade.ended_at) ++story_.ended;
    }

    TradingStory story_;
    Digest digest_;
    std::vector<Input> recording_;
    VirtualVenue venue_;
};

}  // namespace

TEST(PaperTrading, TheDemoMarketIsTradedAndTheAccountIsTheVenuesToTheLastUnit) {
    const TradedDemo demo(12);
    const auto& story = demo.story();
    EXPECT_GT(story.longs, 0U);
    EXPECT_GT(story.shorts, 0U);
    EXPECT_GT(story.ended, 0U);
    EXPECT_EQ(story.warnings, 0U);
    const desk::Desk& desk = *demo.trading().desk();
    const paper::Venue& venue = *demo.trading().venue();
    EXPECT_TRUE(desk.executor().is_reconciled());
    EXPECT_EQ(desk.executor().wallet(), venue.wallet());
    EXPECT_NE(venue.wallet(), paper::Params{}.deposit);
    for (const auto& [id, trade] : desk.executor().trades()) {
        if (trade.ended_at) continue;
        ASSERT_NE(venue.position(trade.plan.instrument), nullptr);
        // the venue's has what earlier trades of the instrument brought, too
        EXPECT_EQ(venue.position(trade.plan.instrument)->net(), trade.position.net);
        EXPECT_EQ(venue.position(trade.plan.instrument)->facts().cost, trade.position.cost);
    }
    const views::TradingView view =
        views::trading_view_of(demo.trading(), {}, desk.executor().trades().begin()->second.decided_at);
    EXPECT_EQ(view.state, views::TradingState::on);
    ASSERT_TRUE(view.account.equity && view.account.unrealised);
    trading::Money unrealised;
    for (const views::PositionView& position : view.positions) {
        EXPECT_FALSE(position.trade.ended_at);
        if (!position.trade.is_open()) continue;
        const market::Instrument& instrument = *desk.instrument(position.trade.plan.instrument);
        unrealised +=
            trading::Position(position.trade.position).unrealised(instrument, position.mark.value()).value();
        ASSERT_TRUE(position.margin);
        const double entry = execution::entry_price(position.trade, instrument).value();
        const bool is_long = position.trade.plan.side == market::Side::buy;
        EXPECT_EQ(position.margin->liquidation_price.value_or(0) < entry, is_long);
    }
    EXPECT_EQ(*view.account.unrealised, unrealised);
    EXPECT_EQ(view.account.available, venue.available());
    EXPECT_EQ(trading::to_double(paper::Params{}.deposit + view.account.realised - view.account.fees +
                                 view.account.funding),
              trading::to_double(*view.account.wallet))
        << "what the account shows adds up to the last unit";
    EXPECT_EQ(demo.replayed(), story.digest) << "a replay trades the same, byte for byte";
}

}  // namespace vt::runtime
