#include "paper/order_check.hpp"

#include "paper/test_market.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

namespace vt::paper {
namespace {

using market::Side;
using market::TradingStatus;

/// What is held against what, to be changed by a case.
struct Attempt {
    trading::OrderRequest order = test_order(1, Side::buy, 100, Ticks{1000});  // 0.1 at 100
    market::Instrument instrument = trading::test_perpetual();
    trading::Position position;
    std::optional<double> last = 100;
    std::optional<double> mark = 100;

    std::optional<Refusal> judged() const { return refusal_of(order, {instrument, position, last, mark}); }
    void hold(Side side) {
        trading::Fill fill;
        fill.side = side;
        fill.quantity = Lots{10};
        fill.price = Ticks{1000};
        EXPECT_TRUE(position.apply(fill, instrument));
    }
    void be_stop(Side side, std::int64_t trigger) {
        order.kind = trading::OrderKind::stop_market;
        order.side = side;
        order.price.reset();
        order.trigger = Ticks{trigger};
    }
    void be_market(std::int64_t lots) {
        order.kind = trading::OrderKind::market;
        order.price.reset();
        order.quantity = Lots{lots};
    }
};

/// A change that trips the refusal, and one that is just inside.
struct Case {
    Refusal refusal;
    std::function<void(Attempt&)> outside;
    std::function<void(Attempt&)> inside;
};

std::vector<Case> cases_of_quantity_and_price() {
    return {
        {Refusal::malformed, [](Attempt& a) { a.order.quantity = Lots{}; },
         [](Attempt& a) { a.order.quantity = Lots{50}; }},
        {Refusal::malformed, [](Attempt& a) { a.order.price.reset(); }, [](Attempt&) {}},
        {Refusal::malformed, [](Attempt& a) { a.order.price = Ticks{}; }, [](Attempt&) {}},
        {Refusal::malformed,
         [](Attempt& a) {
             a.be_stop(Side::sell, 990);
             a.order.trigger.reset();
         },
         [](Attempt& a) { a.be_stop(Side::sell, 990); }},
        {Refusal::malformed,
         [](Attempt& a) {
             a.be_market(100);
             a.order.time_in_force = trading::TimeInForce::post_only;
         },
         [](Attempt& a) { a.be_market(100); }},
        {Refusal::quantity_off_step,
         [](Attempt& a) {
             a.instrument.limits.quantity_step = Decimal{1, 1};
             a.order.quantity = Lots{150};
         },
         [](Attempt& a) {
             a.instrument.limits.quantity_step = Decimal{1, 1};
             a.order.quantity = Lots{200};
         }},
        {Refusal::quantity_off_step,
         [](Attempt& a) {
             a.instrument.limits.market_lot_size = Decimal{1, 2};
             a.be_market(101);
         },
         [](Attempt& a) {
             a.instrument.limits.market_lot_size = Decimal{1, 2};
             a.be_market(110);
         }},
        {Refusal::quantity_below_least, [](Attempt& a) { a.instrument.limits.quantity_min = Decimal{101, 3}; },
         [](Attempt& a) { a.instrument.limits.quantity_min = Decimal{1, 1}; }},
        {Refusal::quantity_above_most, [](Attempt& a) { a.order.quantity = Lots{1'000'001}; },
         [](Attempt& a) { a.order.quantity = Lots{1'000'000}; }},
        {Refusal::quantity_above_most, [](Attempt& a) { a.be_market(100'001); },
         [](Attempt& a) { a.be_market(100'000); }},
        {Refusal::price_out_of_range, [](Attempt& a) { a.instrument.limits.price_max = Decimal{999, 1}; },
         [](Attempt& a) { a.instrument.limits.price_max = Decimal{100, 0}; }},
        {Refusal::price_out_of_range, [](Attempt& a) { a.instrument.limits.price_min = Decimal{1001, 1}; },
         [](Attempt& a) { a.instrument.limits.price_min = Decimal{100, 0}; }},
        {Refusal::price_out_of_range,
         [](Attempt& a) {
             a.instrument.limits.price_ratio_max = Decimal{105, 2};
             a.order.price = Ticks{1051};
         },
         [](Attempt& a) {
             a.instrument.limits.price_ratio_max = Decimal{105, 2};
             a.order.price = Ticks{1050};
         }},
        {Refusal::price_out_of_range,
         [](Attempt& a) {
             a.instrument.limits.price_ratio_min = Decimal{95, 2};
             a.order.side = Side::sell;
             a.order.price = Ticks{949};
         },
         [](Attempt& a) {
             a.instrument.limits.price_ratio_min = Decimal{95, 2};
             a.order.price = Ticks{949};
         }},
        {Refusal::price_out_of_range,
         [](Attempt& a) {
             a.instrument.limits.price_min = Decimal{99, 0};
             a.be_stop(Side::sell, 989);
         },
         [](Attempt& a) {
             a.instrument.limits.price_min = Decimal{99, 0};
             a.be_stop(Side::sell, 990);
         }},
    };
}

std::vector<Case> cases_of_value_and_account() {
    return {
        {Refusal::unknown_market, [](Attempt& a) { a.instrument.category = market::Category::inverse; },
         [](Attempt&) {}},
        {Refusal::unknown_market, [](Attempt& a) { a.instrument.category = market::Category::spot; },
         [](Attempt&) {}},
        {Refusal::not_trading, [](Attempt& a) { a.instrument.status = TradingStatus::halted; }, [](Attempt&) {}},
        {Refusal::not_trading, [](Attempt& a) { a.instrument.status = TradingStatus::pre_launch; }, [](Attempt&) {}},
        {Refusal::not_trading, [](Attempt& a) { a.instrument.status = TradingStatus::closed; }, [](Attempt&) {}},
        {Refusal::only_reducing, [](Attempt& a) { a.instrument.status = TradingStatus::delivering; },
         [](Attempt& a) {
             a.instrument.status = TradingStatus::delivering;
             a.hold(Side::sell);
             a.order.is_reduce_only = true;
         }},
        {Refusal::value_below_least, [](Attempt& a) { a.order.quantity = Lots{49}; },
         [](Attempt& a) { a.order.quantity = Lots{50}; }},
        {Refusal::value_below_least, [](Attempt& a) { a.be_market(49); },
         [](Attempt& a) {
             a.be_market(49);
             a.hold(Side::sell);
             a.order.is_reduce_only = true;
         }},
        {Refusal::value_too_large,
         [](Attempt& a) {
             a.instrument.limits = {};
             a.order.quantity = Lots{1'000'000'000};
             a.order.price = Ticks{1'000'000};
         },
         [](Attempt& a) {
             a.instrument.limits = {};
             a.order.quantity = Lots{900'000'000};
             a.order.price = Ticks{1'000'000};
         }},
        {Refusal::nothing_to_reduce, [](Attempt& a) { a.order.is_reduce_only = true; },
         [](Attempt& a) {
             a.order.is_reduce_only = true;
             a.hold(Side::sell);
         }},
        {Refusal::nothing_to_reduce,
         [](Attempt& a) {
             a.order.is_reduce_only = true;
             a.hold(Side::buy);
         },
         [](Attempt& a) {
             a.order.is_reduce_only = true;
             a.hold(Side::sell);
         }},
        {Refusal::would_trigger, [](Attempt& a) { a.be_stop(Side::buy, 1000); },
         [](Attempt& a) { a.be_stop(Side::buy, 1001); }},
        {Refusal::would_trigger, [](Attempt& a) { a.be_stop(Side::sell, 1000); },
         [](Attempt& a) { a.be_stop(Side::sell, 999); }},
        {Refusal::would_trigger,
         [](Attempt& a) {
             a.be_stop(Side::sell, 990);
             a.order.trigger_by = trading::TriggerBy::mark;
             a.mark = 99;
         },
         [](Attempt& a) {
             a.be_stop(Side::sell, 990);
             a.mark = 99;
         }},
    };
}

TEST(OrderCheck, EachFilterRefusesAndTakesWhatIsJustInside) {
    for (const auto& cases : {cases_of_quantity_and_price(), cases_of_value_and_account()}) {
        for (const Case& each : cases) {
            const auto index = std::to_string(&each - cases.data());
            Attempt outside;
            each.outside(outside);
            EXPECT_EQ(outside.judged(), each.refusal)
                << index << ": " << words_of(each.refusal, market::Venue::bybit);
            Attempt inside;
            each.inside(inside);
            EXPECT_EQ(inside.judged(), std::nullopt) << index;
        }
    }
}

TEST(OrderCheck, WhatCannotBeJudgedIsNotRefused) {
    Attempt attempt;
    attempt.last.reset();
    attempt.mark.reset();
    attempt.instrument.limits.price_ratio_max = Decimal{1, 2};
    EXPECT_EQ(attempt.judged(), std::nullopt);
    attempt.be_stop(Side::buy, 1);
    attempt.order.quantity = Lots{100'000};
    EXPECT_EQ(attempt.judged(), std::nullopt);
}

TEST(OrderCheck, SpeaksTheVenuesCodes) {
    EXPECT_TRUE(words_of(Refusal::duplicate, market::Venue::bybit).starts_with("110072"));
    EXPECT_TRUE(words_of(Refusal::would_trigger, market::Venue::binance).starts_with("-2021"));
    EXPECT_EQ(code_of(Refusal::no_margin), trading::RefusalCode::no_margin);
    EXPECT_EQ(code_of(Refusal::only_reducing), trading::RefusalCode::not_trading);
}

}  // namespace
}  // namespace vt::paper
