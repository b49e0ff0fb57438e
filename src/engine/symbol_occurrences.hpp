#pragma once

#include "alerts/exceedance.hpp"
#include "alerts/occurrence.hpp"
#include "base/ring.hpp"
#include "confluence/weights.hpp"
#include "engine/symbol.hpp"
#include "indicators/log_histogram.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace vt::engine {

/// The score as an alert shows it.
[[nodiscard]] alerts::ScoreFigures figures_of(const confluence::ScoreRecord& record);

/// Quantiles over the current day and the seven before it. cost: add O(1), quantile O(800), a new day O(800); 29 kB
class TrailingWeek {
public:
    void add(Timestamp at, double value);
    [[nodiscard]] std::uint64_t n() const { return total_.n(); }
    /// out: absent under `n_min` values
    [[nodiscard]] std::optional<double> quantile(double share, std::uint64_t n_min) const;

private:
    static constexpr std::size_t kDays = 8;
    std::array<indicators::LogHistogram, kDays> days_;
    indicators::LogHistogram total_;
    std::optional<Timestamp> day_;
};

/// What is worth telling of one instrument, second by second: what its analysis found since the last second, and when
/// a figure becomes unusual beside its own past. What is usual is learned from when the program started: until then
/// the money that a rule asks for is the only threshold.
///   cost: some 100 ns a second, O(1,440) once in five minutes; 60 kB
class SymbolOccurrences {
public:
    static constexpr double kSingleMin = 25'000;  ///< quote currency: smaller liquidations are not told
    static constexpr double kBurstMin = 50'000;
    static constexpr std::uint32_t kBurstCount = 3;
    static constexpr Nanos kBurstSpan = std::chrono::minutes{5};

    /// After the second was evaluated and its signals judged. Appends what was seen, in a fixed order.
    void on_second(const Symbol& symbol, Timestamp second, std::vector<alerts::Occurrence>& seen);

private:
    void see_score(const Symbol& symbol, std::vector<alerts::Occurrence>& seen);
    void see_strategies(const Symbol& symbol, Timestamp second, std::vector<alerts::Occurrence>& seen);
    void see_orders(const Symbol& symbol, Timestamp second, std::vector<alerts::Occurrence>& seen);
    void see_liquidations(const Symbol& symbol, Timestamp second, std::vector<alerts::Occurrence>& seen);
    void see_price(const Symbol& symbol, Timestamp second, std::vector<alerts::Occurrence>& seen);
    void see_book(const Symbol& symbol, Timestamp second, std::vector<alerts::Occurrence>& seen);
    void see_funding(const Symbol& symbol, Timestamp second, std::vector<alerts::Occurrence>& seen);
    void see_interest(const Symbol& symbol, Timestamp second, std::vector<alerts::Occurrence>& seen);
    void learn_usual(const Symbol& symbol);

    std::optional<Timestamp> began_at_;  ///< what was known before is of an earlier run
    std::optional<Timestamp> until_;     ///< the last second seen
    std::optional<confluence::Direction> direction_;
    std::optional<confluence::RegimeLabel> regime_;
    std::array<std::optional<market::Side>, alpha::kStrategyCount> findings_{};  ///< as of the last minute
    std::optional<std::uint64_t> liquidations_seen_;
    TrailingWeek singles_, sums_;
    double span_sum_ = 0;  ///< of the five minutes in hand
    std::array<std::optional<Timestamp>, 2> burst_told_at_;
    std::optional<std::pair<Timestamp, double>> cascade_;  ///< when the one that was told began, and its size then
    Ring<std::pair<Timestamp, double>> mids_{31};          ///< every ten seconds
    std::optional<double> move_deviation_;                 ///< of the log return of five minutes
    Ring<float> spreads_{1440}, depths_{1440};             ///< every minute: bps, quote currency
    std::optional<double> usual_spread_, usual_depth_;
    Ring<double> shows_{60};                            ///< orders for show, of the last minute
    Ring<std::pair<Timestamp, double>> interests_{49};  ///< every five minutes, base currency
    alerts::Exceedance move_, spread_, depth_, show_, funding_, buildup_;
    std::uint32_t generation_ = 0;
    Ring<Timestamp> resyncs_{64};
    std::vector<float> scratch_;
};

}  // namespace vt::engine
