// The demo market traded on paper, through everything between the venue's protocol and the account.

#include "base/digest.hpp"
#include "engine/event_codec.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/test_account_books.hpp"
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

/// It begins six minutes before it settles funding.
demo::StreamParams market_before_settlement() {
    demo::StreamParams market = *warm_market();
    market.start += std::chrono::minutes{54};
    return market;
}

class TradedDemo {
public:
    TradedDemo() : venue_(engine_params(eager()), market_before_settlement(), effects(), inputs()) {
        const WarmState warm = bundled_warm_state();
        venue_.start(warm.state, market_before_settlement().start - warm.end);
    }
    void advance(Nanos span) { venue_.advance_to(venue_.now() + span); }
    [[nodiscard]] const AccountBooks& books() const { return books_; }
    [[nodiscard]] std::vector<std::string> differences() const { return books_.differences(venue_.engine()); }
    [[nodiscard]] std::string digest() const { return digest_.hex(); }
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
            books_.note(effect);
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
    AccountBooks books_{paper::Params{}.deposit};
    Digest digest_;
    std::vector<Input> recording_;
    VirtualVenue venue_;
};

}  // namespace

TEST(PaperTrading, TheDemoMarketIsTradedAndTheAccountIsTheVenuesToTheLastUnit) {
    TradedDemo demo;
    demo.advance(std::chrono::minutes{6} + std::chrono::seconds{3});
    EXPECT_EQ(demo.differences(), std::vector<std::string>{}) << "behind the settlement";
    EXPECT_NE(demo.books().funding(), trading::Money{});
    demo.advance(std::chrono::minutes{6});
    EXPECT_EQ(demo.differences(), std::vector<std::string>{});
    EXPECT_GT(demo.books().ended_count(market::Side::buy), 0U);
    EXPECT_GT(demo.books().ended_count(market::Side::sell), 0U);
    EXPECT_EQ(demo.books().warnings(), std::vector<std::string>{});
    const desk::Desk& desk = *demo.trading().desk();
    const paper::Venue& venue = *demo.trading().venue();
    EXPECT_TRUE(desk.executor().is_reconciled());
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
        EXPECT_EQ(instrument.margin_tiers.size(), 3U) << "the venue's tiers were read";
    }
    ASSERT_TRUE(view.risk.shortfall && view.risk.worst_shortfall) << "the venue's half hours are enough";
    EXPECT_GT(view.risk.shortfall->coverage, .25);
    EXPECT_GT(view.risk.shortfall->amount, trading::Money{});
    EXPECT_GE(view.risk.worst_shortfall->amount, view.risk.shortfall->amount);
    EXPECT_EQ(*view.account.unrealised, unrealised);
    EXPECT_EQ(view.account.available, venue.available());
    EXPECT_EQ(trading::to_double(paper::Params{}.deposit + view.account.brought.realised - view.account.brought.fees +
                                 view.account.brought.funding),
              trading::to_double(*view.account.wallet))
        << "what the account shows adds up to the last unit";
    EXPECT_EQ(demo.replayed(), demo.digest()) << "a replay trades the same, byte for byte";
}

}  // namespace vt::runtime
