#include "engine/beta_cross_section.hpp"

#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "base/prng.hpp"
#include "indicators/confidence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace vt::engine {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'006'400'000);

market::Candle candle(Timestamp open_time, double log_return) {
    return {.open_time = open_time,
            .interval = minutes{5},
            .open = 100,
            .high = 120,
            .low = 80,
            .close = 100 * std::exp(log_return),
            .is_closed = true};
}

/// Symbols with a day of five-minute bars each; the last one drifts.
struct Venue {
    explicit Venue(std::uint32_t count) {
        for (std::uint32_t id = 0; id < count; ++id) {
            market::Instrument of;
            of.id = market::InstrumentId{id};
            of.symbol = "X" + std::to_string(id) + "USDT";
            of.base = "X" + std::to_string(id);
            of.quote = of.settle = "USDT";
            of.tick_size = of.lot_size = {1, 2};
            symbols.push_back(std::make_unique<Symbol>(of, confluence::Params{}));
            Prng prng(id, "bars");
            for (int i = 288; i > 0; --i) {
                const double x = prng.normal() * 2e-3;
                const double drift = id + 1 == count ? 6e-4 : 0;
                const double y = drift + (1 + 0.1 * id) * x + prng.normal() * 1e-3;
                const Timestamp open = kStart - minutes{5} * i;
                symbols.back()->analysis().on_bitcoin_candle(candle(open, y), candle(open, x));
            }
            const market::OrderBook book(4096);
            for (int second = 1; second <= 60; ++second)
                (void)symbols.back()->analysis().evaluate(kStart + seconds{second}, book, {});
        }
    }
    [[nodiscard]] const indicators::LineFit& line(std::size_t id) const {
        return symbols[id]->analysis().bitcoin_beta()->estimates()[kM5].value().least_squares;
    }
    static constexpr std::size_t kM5 = analysis::beta_index(analysis::Frame::m5);
    std::vector<std::unique_ptr<Symbol>> symbols;
};

analysis::BitcoinInputs told(const BetaCrossSection& section, const market::Instrument& instrument) {
    analysis::BitcoinInputs inputs;
    section.tell(instrument, inputs);
    return inputs;
}

TEST(BetaCrossSection, TellsWhereBetasLieAndWhichAlphasStand) {
    const Venue venue(10);
    BetaCrossSection section;
    section.refresh(market::Venue::bybit, kStart + seconds{59}, venue.symbols);
    EXPECT_FALSE(told(section, venue.symbols[0]->instrument()).alpha_p[Venue::kM5]);
    section.refresh(market::Venue::bybit, kStart + seconds{60}, venue.symbols);

    double mean = 0, squares = 0;
    for (std::size_t i = 0; i < 10; ++i) mean += venue.line(i).slope / 10;
    for (std::size_t i = 0; i < 10; ++i) squares += std::pow(venue.line(i).slope - mean, 2);
    const auto inputs = told(section, venue.symbols[9]->instrument());
    EXPECT_NEAR(inputs.priors[Venue::kM5].mean, mean, 1e-12);
    EXPECT_NEAR(inputs.priors[Venue::kM5].sd, std::sqrt(squares / 9), 1e-12);
    EXPECT_EQ(inputs.priors[0].mean, indicators::BetaPrior{}.mean);  // nobody has minutes

    // Of ten tests the surest must stand against a tenth of the level.
    const double own = indicators::two_sided_p(venue.line(9).intercept_t_hac);
    ASSERT_TRUE(inputs.alpha_p[Venue::kM5]);
    EXPECT_NEAR(*inputs.alpha_p[Venue::kM5], 10 * own, 1e-12);
    EXPECT_LT(*inputs.alpha_p[Venue::kM5], 0.05);
    for (std::size_t i = 0; i < 9; ++i)
        EXPECT_GT(*told(section, venue.symbols[i]->instrument()).alpha_p[Venue::kM5], 0.05) << i;
}

TEST(BetaCrossSection, IsMadeAtOnceWhereItNeverWasAndAgainWhenAStateIsLoaded) {
    const Venue empty(0);
    const Venue venue(10);
    const market::Instrument& last = venue.symbols[9]->instrument();
    BetaCrossSection section;
    section.prepare(market::Venue::bybit, empty.symbols);  // made, and empty
    section.prepare(market::Venue::bybit, venue.symbols);
    section.refresh(market::Venue::bybit, kStart + seconds{61}, venue.symbols);
    EXPECT_FALSE(told(section, last).alpha_p[Venue::kM5]) << "it waits for its turn";
    section.on_loaded(market::Venue::binance);
    section.prepare(market::Venue::bybit, venue.symbols);
    EXPECT_FALSE(told(section, last).alpha_p[Venue::kM5]) << "the other venue's state";
    section.on_loaded(market::Venue::bybit);
    section.prepare(market::Venue::bybit, venue.symbols);
    EXPECT_TRUE(told(section, last).alpha_p[Venue::kM5]);
    EXPECT_NE(told(section, last).priors[Venue::kM5].mean, indicators::BetaPrior{}.mean);
}

TEST(BetaCrossSection, FewInstrumentsSayNothingOfTheOthersAndVenuesAreApart) {
    const Venue few(5);
    BetaCrossSection section;
    section.refresh(market::Venue::binance, kStart + seconds{60}, few.symbols);
    EXPECT_FALSE(told(section, few.symbols[0]->instrument()).alpha_p[Venue::kM5]);
    section.refresh(market::Venue::bybit, kStart + seconds{60}, few.symbols);
    const auto inputs = told(section, few.symbols[0]->instrument());
    EXPECT_EQ(inputs.priors[Venue::kM5].mean, 1.2);
    EXPECT_EQ(inputs.priors[Venue::kM5].sd, 0.3);
    EXPECT_TRUE(inputs.alpha_p[Venue::kM5]);
}

}  // namespace
}  // namespace vt::engine
