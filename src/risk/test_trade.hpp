#pragma once

#include "risk/pre_trade.hpp"
#include "trading/test_instrument.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace vt::risk {

/// 2026-03-04 12:00 UTC, a Wednesday.
inline constexpr Timestamp kTestNow = from_ms(1'772'625'600'000);

inline trading::Money units_of(double amount) { return trading::money_of(amount).value(); }

/// Half a percent and fifty times up to the worth, then the second of each.
inline std::vector<market::MarginTier> test_tiers(std::int64_t first_cents, Decimal second_rate = {1, 2},
                                                  std::int64_t second_leverage = 25) {
    return {{.worth_max = {first_cents, 2}, .maintenance_rate = {5, 3}, .leverage_max = {50, 0}},
            {.worth_max = {5'000, 0}, .maintenance_rate = second_rate, .leverage_max = {second_leverage, 0}}};
}

/// Everything that a decision is made of, as it would be approved: 10,000 of equity, half a percent at risk, a buy at
/// 100 with its stop at 98.2 and 15 bps of costs. Tests change a part of it.
struct TestTrade {
    Params params;
    trading::Money equity = units_of(10'000);
    Timestamp equity_at = kTestNow;
    market::Instrument instrument = trading::test_perpetual(0, "BTC");
    market::Instrument other = trading::test_perpetual(1, "ETH");  ///< at 100, too
    OrderIntent intent{.id = {1, 1},
                       .at = kTestNow,
                       .side = market::Side::buy,
                       .entry = Ticks{1000},
                       .stop = Ticks{982},
                       .costs = {.fee_bps = 5.5, .entry_bps = 2, .exit_bps = 2}};
    MarketTerms terms{.mark = Ticks{1000}, .beta_bound = 1.2, .cluster = ClusterId{0}};
    MarketTerms other_terms{.mark = Ticks{1000}, .beta_bound = 1.2, .cluster = ClusterId{1}};
    std::optional<double> spread_bps = 1;
    std::optional<Nanos> book_age{0}, mark_age{0}, venue_latency{0};
    std::optional<bool> is_venue_degraded = false;
    std::optional<double> annual_volatility = 0.4, turnover_24h = 1e9;
    /// What happened before, in its order: after the account became known, before the equity's last mark.
    std::vector<std::function<void(PreTrade&)>> before;

    [[nodiscard]] MarketView market() const {
        return {.instrument = instrument,
                .terms = terms,
                .spread_bps = spread_bps,
                .book_age = book_age,
                .mark_age = mark_age,
                .venue_latency = venue_latency,
                .is_venue_degraded = is_venue_degraded,
                .annual_volatility = annual_volatility,
                .turnover_24h = turnover_24h};
    }
    [[nodiscard]] PreTrade desk() const {
        PreTrade made(params, "USDT");
        made.on_account_known(true);
        for (const auto& happens : before) happens(made);
        made.on_equity(equity_at, equity);
        return made;
    }
    [[nodiscard]] Decision decide() const { return desk().judge(intent, market()); }

    /// A position in the other market, with a stop that the venue confirmed.
    void hold_other(std::int64_t lots, Ticks stop, std::uint32_t leverage = 5) {
        before.push_back([=, this](PreTrade& made) {
            made.exposure().on_position(other, Lots{lots}, leverage, kTestNow);
            made.exposure().on_stop(other.id, stop, kTestNow);
            made.exposure().on_terms(other.id, other_terms);
        });
    }
    void hold(std::int64_t lots, std::uint32_t leverage = 5) {
        before.push_back([=, this](PreTrade& made) {
            made.exposure().on_position(instrument, Lots{lots}, leverage, kTestNow);
            made.exposure().on_stop(instrument.id, intent.stop, kTestNow);
            made.exposure().on_terms(instrument.id, terms);
        });
    }
};

/// An order of an instrument as execution would make it.
inline trading::Order test_entry(const market::Instrument& instrument, trading::ClientOrderId id, market::Side side,
                                 Lots quantity) {
    return {trading::OrderRequest{.id = id, .instrument = instrument.id, .side = side, .quantity = quantity},
            trading::Purpose::entry, kTestNow};
}

}  // namespace vt::risk
