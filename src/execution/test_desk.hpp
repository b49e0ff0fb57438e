#pragma once

#include "execution/executor.hpp"
#include "trading/test_instrument.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vt::execution {

inline trading::Money money(double amount) { return trading::money_of(amount).value(); }

/// An executor whose venue is the test: what it asks for is looked at, and answered by hand.
class Desk {
public:
    explicit Desk(const Params& params = {}, std::uint32_t boot = 1) : executor(params, {.boot = boot}) {
        executor.on_instrument(instrument, now, actions);
    }
    /// Compared with an empty account.
    static Desk ready() {
        Desk desk;
        desk.executor.begin(desk.now, desk.actions);
        desk.say(trading::AccountFound{.wallet = trading::money_of(10'000).value()});
        desk.actions.clear();
        return desk;
    }
    /// A tenth of a coin at 1000, stop 990, rungs at 1015, 1025 and 1040.
    [[nodiscard]] static Plan plan(market::Side side = market::Side::buy) {
        const auto mirrored = [&](std::int64_t ticks) {
            return Ticks{side == market::Side::buy ? ticks : 20'000 - ticks};
        };
        Plan plan{.signal = "0123456789abcdef",
                  .strategy = "confluence",
                  .side = side,
                  .quantity = Lots{100},
                  .reference = Ticks{10'000},
                  .stop = mirrored(9'900),
                  .break_even_cost_bps = 10,
                  .enter_by = from_ms(5'000),
                  .expires_at = from_ms(8 * 3'600'000)};
        plan.ladder = {Rung{mirrored(10'150), .5}, Rung{mirrored(10'250), .3}, Rung{mirrored(10'400), .2}};
        return plan;
    }

    void at_ms(std::int64_t ms) {
        now = from_ms(ms);
        executor.on_time(now, actions);
    }
    void say(trading::ReportBody body) { executor.on_report({.at = now, .body = std::move(body)}, now, actions); }
    void accept(trading::ClientOrderId id) { say(trading::Accepted{id}); }
    void fill(trading::ClientOrderId id, std::int64_t lots, std::int64_t ticks, double fee = 0) {
        say(fill_of(id, ++executions_, lots, ticks, fee));
    }
    [[nodiscard]] trading::Fill fill_of(trading::ClientOrderId id, std::uint64_t execution, std::int64_t lots,
                                        std::int64_t ticks, double fee = 0) const {
        const auto* const order = executor.orders().find(id);
        return {.execution = trading::ExecutionId{execution},
                .order = id,
                .instrument = instrument.id,
                .side = order->request().side,
                .price = Ticks{ticks},
                .quantity = Lots{lots},
                .fee = trading::money_of(fee).value()};
    }

    /// What was asked for since it was last looked at. Each order has to be recorded as an intent before it is sent.
    template <class R>
    std::vector<R> asked() {
        std::vector<R> found;
        bool is_recorded = false;
        for (const Action& action : actions) {
            if (const auto* record = std::get_if<RecordOrder>(&action))
                is_recorded = trading::Order(record->order).state() == trading::OrderState::intent;
            const auto* request = std::get_if<trading::Request>(&action);
            if (request == nullptr) continue;
            if (std::holds_alternative<trading::Place>(*request)) {
                EXPECT_TRUE(std::exchange(is_recorded, false));
            }
            if (const auto* wanted = std::get_if<R>(request)) found.push_back(*wanted);
        }
        actions.clear();
        return found;
    }
    [[nodiscard]] std::vector<WarningKind> warnings() const {
        std::vector<WarningKind> kinds;
        for (const Action& action : actions)
            if (const auto* warning = std::get_if<Warning>(&action)) kinds.push_back(warning->kind);
        return kinds;
    }
    [[nodiscard]] const Trade& trade(TradeId id = 1) const { return executor.trades().at(id); }

    /// Entered whole at `ticks`, the stop confirmed, the ladder accepted.
    void enter(const Plan& what, std::int64_t ticks = 10'000) {
        const auto id = executor.open(what, now, actions);
        fill(*trade(id).entry, what.quantity.value(), ticks);
        accept(*trade(id).stop);
        for (const auto& target : trade(id).targets)
            if (target) accept(*target);
        actions.clear();
    }

    market::Instrument instrument = trading::test_perpetual();
    Timestamp now = from_ms(0);
    Actions actions;
    Executor executor;

private:
    std::uint64_t executions_ = 0;
};

}  // namespace vt::execution
