#pragma once

#include "analysis/sentiment/facts.hpp"
#include "base/time.hpp"
#include "engine/symbol.hpp"
#include "market/candle_series.hpp"
#include "market/instrument.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace vt::engine {

/// What the mood is made of, in the order in which it is summed and shown.
enum class MoodPart : std::uint8_t {
    volatility,     ///< calm against the last 30 days
    momentum,       ///< price against its mean of 30 and 90 days, louder with more turnover
    funding,        ///< what longs pay, against the last 30 days
    open_interest,  ///< positions opened, against what is usual
    dominance,      ///< turnover outside Bitcoin, against the last 30 days
    liquidations,   ///< shorts forced out rather than longs
    breadth,        ///< share of the coins that rose
};
inline constexpr std::size_t kMoodParts = 7;
[[nodiscard]] std::string_view name(MoodPart part);
/// The weights add up to 1.
[[nodiscard]] double weight_of(MoodPart part);

/// The market as a whole, over the coins that are followed: one perpetual for each, by the rule of
/// market::one_of_each_coin. What is not known is absent; nothing is made up by a middle value.
struct MarketInternals {
    Timestamp at;  ///< a whole minute; before the first: 1970
    std::uint32_t n_coins = 0;

    std::uint32_t n_changes = 0;  ///< coins whose change over 24 h is known
    std::uint32_t n_advancing = 0, n_declining = 0;
    std::optional<double> above_mean_30d_share;  ///< of the coins that have 30 days of bars
    std::optional<double> dispersion_24h;        ///< standard deviation of the coins' changes over 24 h, a fraction
    /// Of the coins of which it is known. Absent: not known of Bitcoin, or of fewer than half of the coins.
    std::optional<double> btc_turnover_share, btc_open_interest_share;
    double btc_turnover_coverage = 0, btc_open_interest_coverage = 0;  ///< share of the coins of which it is known

    struct Part {
        std::optional<double> value;  ///< 0 fear .. 100 greed; the median of the coins that have one
        double coverage = 0;          ///< share of the coins that have one
    };
    std::array<Part, kMoodParts> parts{};  ///< by MoodPart
    std::optional<double> fear_greed;      ///< 0 .. 100: the mean of the parts by weight and coverage
    double fear_greed_coverage = 0;        ///< sum of weight and coverage

    struct Cascading {
        market::InstrumentId instrument;
        analysis::sentiment::Cascade cascade;
    };
    struct Diverging {
        market::InstrumentId instrument;
        analysis::sentiment::InterestDivergence divergence;
    };
    std::vector<Cascading> cascades;     ///< of the last hour, by instrument
    std::vector<Diverging> divergences;  ///< price and open interest that went apart, beyond chance, by instrument
};

/// Fear and greed from the parts that are known. out: absent when none is
[[nodiscard]] std::optional<double> fear_greed_of(const std::array<MarketInternals::Part, kMoodParts>& parts);

/// 100 (#{past > now} + .5 #{past = now})/n, the mid-rank from above. in: past not empty. cost: O(n)
[[nodiscard]] double percent_above(std::span<const double> past, double now);

/// What 30 days of 4-hour bars say of one coin; made once for each new bar.
struct CoinPast {
    static constexpr std::size_t kDays = 30;
    static constexpr std::size_t kMinDays = 10;
    static constexpr std::size_t kBarsOfDay = 6;

    std::size_t n_bars = 0;                    ///< that the series had, closed or not
    std::optional<Timestamp> until;            ///< end of the newest bar
    std::optional<double> calm_percentile;     ///< 100: the last 24 h were calmer than each day before them
    std::optional<double> mean_30d, mean_90d;  ///< of the logarithms of the closes
    double sigma_4h = 0;                       ///< root mean square of the returns of a bar
    std::optional<double> turnover_ratio;      ///< ln(last 24 h / mean day)
    std::vector<double> turnovers;             ///< of the days back from `until`, the newest first; whole ones
};
/// in: closed bars of 4 hours, oldest first. cost: O(bars)
[[nodiscard]] CoinPast coin_past(const market::CandleSeries& bars);

/// Makes the internals, once a minute for the whole process.
///   cost: O(symbols) a minute; the bars of a coin once in 4 hours
class MarketWatch {
public:
    /// The first venue to reach a minute makes them for all. in: `second` a whole minute
    void refresh(std::span<const std::unique_ptr<Symbol>> symbols, Timestamp second);
    [[nodiscard]] const MarketInternals& internals() const { return internals_; }

private:
    void choose(std::span<const std::unique_ptr<Symbol>> symbols);
    void take_pasts();
    void take_changes();
    void take_dominance();
    void take_share(const std::optional<double>& bitcoins, std::span<const double> known,
                    std::optional<double>& share, double& coverage) const;
    void take_mood();
    void take_events();

    std::vector<const Symbol*> coins_;  ///< by coin
    std::vector<CoinPast> pasts_;       ///< by coin
    const Symbol* bitcoin_ = nullptr;
    std::size_t bitcoin_index_ = 0;
    MarketInternals internals_;
};

}  // namespace vt::engine
