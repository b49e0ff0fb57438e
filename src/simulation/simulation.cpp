#include "simulation/simulation.hpp"

#include "sim/market.hpp"
#include "simulation/account.hpp"

#include <memory>
#include <vector>

namespace vt::simulation {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kStart = from_ms(1'780'272'000'000);  // 2026-06-01 00:00 UTC
constexpr Nanos kStep = 100ms;
constexpr Nanos kWindUpMost = 10min;

std::vector<sim::SymbolParams> symbols_of(std::uint32_t count) {
    std::vector<sim::SymbolParams> symbols;
    for (std::uint32_t i = 1; i < count; ++i) {
        symbols.push_back({.symbol = "ALT" + std::to_string(i) + "USDT",
                           .base = "ALT" + std::to_string(i),
                           .tick_size = {1, 4},
                           .lot_size = {1, 1},
                           .price = 3.0 + i,
                           .activity = .5,
                           .beta = .8 + .2 * i,
                           .idio_bps = 6.0 + i});
    }
    return symbols;
}

/// As a venue states what an order has to keep to.
market::Instrument with_filters(market::Instrument instrument) {
    instrument.limits.quantity_min = instrument.lot_size;
    instrument.limits.quantity_max = Decimal{1'000'000, 0};
    instrument.limits.market_quantity_max = Decimal{100'000, 0};
    instrument.limits.notional_min = Decimal{5, 0};
    instrument.limits.leverage_max = Decimal{50, 0};
    return instrument;
}

}  // namespace

Outcome simulate(const Params& params) {
    sim::Params market_params;
    market_params.market.start = market_params.market.truths_start = kStart;
    market_params.market.history_minutes = 2;
    sim::Market market(params.seed, market_params, symbols_of(params.symbols));
    std::vector<std::unique_ptr<market::InstrumentState>> states;
    for (const market::Instrument& instrument : market.instruments())
        states.push_back(std::make_unique<market::InstrumentState>(with_filters(instrument)));
    Account account(params, states);
    Prng draws(params.seed, "simulation.ideas");

    Timestamp now = kStart;
    Timestamp newest = kStart;  // symbols are written one after another within a step
    const auto sink = [&](const market::Event& event) {
        ++account.outcome().events;
        market::Event received = event;
        newest = std::max(newest, event.exchange_time);
        received.receive_time = newest;
        account.on_market(received, *states[event.instrument.value()]);
    };
    const double idea_chance = params.ideas_per_hour * to_seconds(kStep) / 3600;
    while (now < kStart + params.span) {
        now += kStep;
        market.advance(now, sink);
        newest = std::max(newest, now);
        account.on_time(now);
        if (draws.uniform() < idea_chance) account.on_idea(now);
    }
    const Timestamp end = now;
    bool is_wound_up = false;
    while (!is_wound_up && now < end + kWindUpMost) {
        now += kStep;
        market.advance(now, sink);
        newest = std::max(newest, now);
        account.on_time(now);
        is_wound_up = account.wind_up(now);
    }
    if (!is_wound_up)
        account.outcome().violations.push_back({now, "after ten minutes something is still open, or not reconciled"});
    account.settle(now);
    Outcome outcome = std::move(account.outcome());
    outcome.seed = params.seed;
    outcome.digest = account.digest();
    return outcome;
}

void write_outcome(JsonWriter& out, const Outcome& outcome) {
    out.begin_object()
        .field("seed", outcome.seed)
        .field("sound", outcome.is_sound())
        .field("events", outcome.events)
        .field("ideas", outcome.ideas)
        .field("trades", outcome.trades)
        .field("denied", outcome.denied)
        .key("denials")
        .begin_object();
    for (const auto& [reason, count] : outcome.denials) out.field(reason, count);
    out.end_object()
        .field("requests", outcome.requests)
        .field("lost_requests", outcome.lost_requests)
        .field("executions", outcome.executions)
        .field("liquidations", outcome.liquidations)
        .field("leverages", outcome.leverages)
        .field("without_leverage", outcome.without_leverage)
        .field("crashes", outcome.crashes)
        .field("disconnections", outcome.disconnections)
        .field("pauses", outcome.pauses)
        .field("kills", outcome.kills)
        .field("warnings", outcome.warnings)
        .field("longest_unprotected_s", to_seconds(outcome.longest_unprotected))
        .field("net", to_string(outcome.net))
        .field("digest", outcome.digest);
    out.key("violations").begin_array();
    for (const Violation& violation : outcome.violations)
        out.begin_object().field("at_ms", to_ms(violation.at)).field("what", violation.what).end_object();
    out.end_array().end_object();
}

}  // namespace vt::simulation
