#include "cards/chart_check.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace vt::cards {
namespace {

constexpr double kHighestPrice = 1e12;
constexpr double kLowestPrice = 1e-12;

bool is_price(double value) { return value >= kLowestPrice && value <= kHighestPrice; }

/// What is wrong with one candle on its own.
std::string candle_problem(const market::Candle& candle) {
    struct Named {
        const char* name;
        double value;
    };
    for (const Named each : {Named{"open", candle.open}, Named{"high", candle.high}, Named{"low", candle.low},
                             Named{"close", candle.close}})
        if (!is_price(each.value)) return std::string(each.name) + " is no price";
    if (!std::isfinite(candle.volume_base) || candle.volume_base < 0) return "volume is no amount";
    const bool holds =
        candle.low <= std::min(candle.open, candle.close) && candle.high >= std::max(candle.open, candle.close);
    if (!holds) return "high and low do not hold open and close";
    if (candle.open_time < Timestamp{} || candle.open_time > kLatestInstant) return "time is outside of 1970 to 2100";
    return {};
}

}  // namespace

std::optional<Error> problem_of(const Chart& chart) {
    const auto malformed = [](std::string what) { return Error{Errc::malformed, "chart: " + std::move(what)}; };
    if (chart.interval <= Nanos{0}) return malformed("the interval of the candles is not above 0");
    if (!(chart.tick_size > 0) || !std::isfinite(chart.tick_size)) return malformed("the tick size is not above 0");
    if (chart.last_price && !is_price(*chart.last_price)) return malformed("the last price is no price");
    if (chart.levels.size() > kMostLevels)
        return Error{Errc::out_of_range, "chart: " + std::to_string(chart.levels.size()) + " levels, it takes " +
                                             std::to_string(kMostLevels)};
    for (const PriceLevel& level : chart.levels)
        if (!is_price(level.price)) return malformed("level \"" + level.name.substr(0, 60) + "\" is no price");
    for (std::size_t index = 0; index < chart.candles.size(); ++index) {
        const market::Candle& candle = chart.candles[index];
        std::string problem = candle_problem(candle);
        if (problem.empty() && candle.interval != chart.interval) problem = "it is of another interval";
        if (problem.empty() && index > 0) {
            const Nanos since = candle.open_time - chart.candles[index - 1].open_time;
            if (since <= Nanos{0}) problem = "it is not later than the one before";
            if (since % chart.interval != Nanos{0}) problem = "it begins between two intervals";
        }
        if (!problem.empty()) return malformed("candle " + std::to_string(index) + ": " + problem);
    }
    if (!chart.candles.empty() &&
        (chart.candles.back().open_time - chart.candles.front().open_time) / chart.interval >= kMostIntervals)
        return Error{Errc::out_of_range,
                     "chart: more than " + std::to_string(kMostIntervals) + " intervals; give the newest"};
    return std::nullopt;
}

}  // namespace vt::cards
