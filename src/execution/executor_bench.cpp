// How many orders execution takes to their end, and what it costs to compare thousands of them with the venue's.

#include "execution/executor.hpp"
#include "trading/test_instrument.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace vt::execution {
namespace {

using namespace std::chrono_literals;

trading::Money amount(double units) { return trading::money_of(units).value(); }

/// An executor whose venue says what the measurement needs.
class Answered {
public:
    explicit Answered(std::uint32_t markets) : executor_(without_limits(), {.boot = 1}) {
        for (std::uint32_t id = 0; id < markets; ++id) {
            instruments_.push_back(trading::test_perpetual(id, "C" + std::to_string(id)));
            executor_.on_instrument(instruments_.back(), now_, actions_);
        }
        executor_.begin(now_, actions_);
        say(trading::AccountFound{.wallet = amount(1e6)});
    }
    /// A tenth of a coin bought at 1000, its stop and three rungs accepted. out: the trade
    TradeId enter(std::uint32_t market) {
        const TradeId id = executor_.open(plan(market), now_, actions_);
        fill(*trade(id).entry, 100, 10'000);
        say(trading::Accepted{*trade(id).stop});
        for (const auto& target : trade(id).targets)
            if (target) say(trading::Accepted{*target});
        return id;
    }
    /// Closed at the market, as a person asked for it.
    void close(TradeId id) {
        const auto orders = resting(id);
        (void)executor_.close(id, TradeEnd::requested, now_, actions_);
        for (const auto order : orders) say(trading::Cancelled{order, "requested"});
        if (trade(id).exit) fill(*trade(id).exit, 100, 10'010);
    }
    /// Everything that is open, as the venue has it.
    [[nodiscard]] trading::AccountFound account() const {
        trading::AccountFound found{.wallet = amount(1e6)};
        for (const auto& [id, trade] : executor_.trades()) {
            if (trade.ended_at) continue;
            found.positions.push_back({.instrument = trade.plan.instrument, .net = trade.position.net});
            for (const auto order : resting(id))
                found.open_orders.push_back({.order = executor_.orders().find(order)->request()});
        }
        return found;
    }
    void say(trading::ReportBody body) {
        actions_.clear();
        executor_.on_report({.at = now_, .body = std::move(body)}, now_, actions_);
    }
    void pass(Nanos span) {
        now_ += span;
        actions_.clear();
        executor_.on_time(now_, actions_);
    }
    [[nodiscard]] const Trade& trade(TradeId id) const { return executor_.trades().at(id); }
    [[nodiscard]] const Executor& executor() const { return executor_; }
    /// What the last step asked of the venue and wrote down.
    [[nodiscard]] std::size_t actions() const { return actions_.size(); }

private:
    static Params without_limits() {
        Params params;
        params.orders_per_s = params.orders_max = 1'000'000'000;
        params.forget_after = 1s;
        return params;
    }
    [[nodiscard]] Plan plan(std::uint32_t market) const {
        Plan plan{.signal = "0123456789abcdef",
                  .strategy = "confluence",
                  .instrument = instruments_[market].id,
                  .quantity = Lots{100},
                  .reference = Ticks{10'000},
                  .stop = Ticks{9'900},
                  .enter_by = now_ + 5s,
                  .expires_at = now_ + 24h};
        plan.ladder = {Rung{Ticks{10'150}, .5}, Rung{Ticks{10'250}, .3}, Rung{Ticks{10'400}, .2}};
        return plan;
    }
    [[nodiscard]] std::vector<trading::ClientOrderId> resting(TradeId id) const {
        std::vector<trading::ClientOrderId> orders{*trade(id).stop};
        for (const auto& target : trade(id).targets)
            if (target) orders.push_back(*target);
        return orders;
    }
    void fill(trading::ClientOrderId id, std::int64_t lots, std::int64_t ticks) {
        const auto& request = executor_.orders().find(id)->request();
        say(trading::Fill{.execution = trading::ExecutionId{++executions_},
                          .order = id,
                          .instrument = request.instrument,
                          .side = request.side,
                          .price = Ticks{ticks},
                          .quantity = Lots{lots}});
    }

    std::vector<market::Instrument> instruments_;
    Timestamp now_ = from_ms(1'780'272'000'000);
    Actions actions_;
    Executor executor_;
    std::uint64_t executions_ = 0;
};

/// Entry, stop, three rungs and exit of one trade, with so many others open: six orders placed, two filled, four
/// cancelled.
void trade_to_its_end(benchmark::State& state) {
    const auto beside = static_cast<std::uint32_t>(state.range(0));
    Answered venue(beside + 1);
    for (std::uint32_t market = 1; market <= beside; ++market) venue.enter(market);
    bool is_ended = true;
    for (auto _ : state) {
        const TradeId id = venue.enter(0);
        venue.close(id);
        is_ended = is_ended && venue.trade(id).ended_at.has_value();
        state.PauseTiming();
        venue.pass(2s);  // forgets it
        state.ResumeTiming();
    }
    if (!is_ended) state.SkipWithError("a trade did not end");
    constexpr int kOrders = 6;
    state.counters["orders"] =
        benchmark::Counter(kOrders * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(trade_to_its_end)->ArgName("open")->Arg(0)->Arg(10)->Arg(100);

/// The account as the venue states it beside what is kept, where both agree: four open orders in each market.
void reconciliation(benchmark::State& state) {
    const auto orders = static_cast<std::uint32_t>(state.range(0));
    Answered venue(orders / 4);
    for (std::uint32_t market = 0; market < orders / 4; ++market) venue.enter(market);
    const trading::AccountFound account = venue.account();
    if (account.open_orders.size() != orders) return state.SkipWithError("other orders are open");
    for (auto _ : state) venue.say(account);
    if (!venue.executor().is_reconciled() || venue.actions() != 0) state.SkipWithError("they differ");
}
BENCHMARK(reconciliation)->ArgName("orders")->Arg(100)->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vt::execution
