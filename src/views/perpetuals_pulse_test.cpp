#include "views/perpetuals_pulse.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

namespace vt::views {
namespace {

/// A perpetual with so many dollars traded and open, half of it funded; `longs`: the share of its accounts.
Row perpetual(const char* base, double dollars, std::optional<double> longs) {
    Row row;
    row.instrument.base = base;
    row.price = 1;
    row.turnover_24h_usd = dollars;
    row.open_interest_usd = dollars / 10;
    row.funding_rate = dollars / 1e6;
    if (longs) row.funding_zscore = dollars / 100;
    auto score = std::make_shared<confluence::ScoreRecord>();
    analysis::Component component{.name = "long_short_accounts"};
    component.leaves.push_back({.value = longs ? std::optional(std::log(*longs / (1 - *longs))) : std::nullopt});
    score->parts[static_cast<std::size_t>(analysis::Dimension::sentiment)].opinion.components.push_back(component);
    row.score = std::move(score);
    return row;
}

Snapshot pulse_market() {
    Snapshot made;
    made.rows = {perpetual("BTC", 300, 0.6), perpetual("ETH", 100, 0.5), perpetual("SOL", 50, std::nullopt)};
    Row spot = perpetual("BNB", 1000, 0.9);
    spot.instrument.category = market::Category::spot;
    made.rows.push_back(spot);
    CoinMarkets bitcoin{.coin = "BTC"};
    bitcoin.markets = {{.instrument = market::InstrumentId{0}, .spot_basis_bps = 12},
                       {.instrument = market::InstrumentId{3}, .spot_basis_bps = 900}};
    CoinMarkets ether{.coin = "ETH"};
    ether.markets = {{.instrument = market::InstrumentId{1}, .spot_basis_bps = -4}};
    made.coins = {bitcoin, ether};
    return made;
}

TEST(PerpetualsPulse, IsOfThePerpetualsAndOfWhatEachKnows) {
    const PerpetualsPulse pulse = perpetuals_pulse(pulse_market());
    EXPECT_EQ(pulse.coins_count, 3U) << "the spot market is none";
    EXPECT_EQ(pulse.volume_24h_usd, 450);
    EXPECT_EQ(pulse.open_interest_usd, 45);
    EXPECT_NEAR(pulse.funding_rate.value(), 150e-6, 1e-12);
    EXPECT_NEAR(pulse.funding_zscore.value(), 2, 1e-12) << "(3 + 1)/2: of the two that know it";
    EXPECT_NEAR(pulse.long_pct.value(), 55, 1e-9) << "of the two that know it";
    EXPECT_NEAR(pulse.basis_pct.value(), 0.04, 1e-12);
}

TEST(PerpetualsPulse, IsNotKnownWhereNothingIs) {
    Snapshot empty;
    Row bare;
    bare.instrument.base = "BTC";
    bare.price = 1;
    empty.rows = {bare};
    const PerpetualsPulse pulse = perpetuals_pulse(empty);
    EXPECT_EQ(pulse.coins_count, 1U);
    for (const auto& value : {pulse.funding_rate, pulse.funding_zscore, pulse.long_pct, pulse.open_interest_usd,
                              pulse.volume_24h_usd, pulse.basis_pct})
        EXPECT_FALSE(value);
}

}  // namespace
}  // namespace vt::views
