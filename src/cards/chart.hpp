#pragma once

#include "alerts/alert.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "cards/fonts.hpp"
#include "cards/mode.hpp"
#include "cards/scene.hpp"
#include "market/event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vt::cards {

enum class LevelKind : std::uint8_t { entry, stop, target };

/// A price that a chart draws across.
struct PriceLevel {
    LevelKind kind = LevelKind::entry;
    std::string name;
    double price = 0;
    bool operator==(const PriceLevel&) const = default;
};
/// The levels of a signal as numbers, in its order; texts that are empty are left out.
///   errors: malformed: a level that is no price, by its name
[[nodiscard]] Result<std::vector<PriceLevel>> price_levels(const alerts::Levels& levels);

/// Candles around an alert.
struct Chart {
    Mode mode = Mode::demo;
    std::string symbol;                   ///< "BTC/USDT"
    double tick_size = 0;                 ///< of the instrument: how many digits a price has
    Nanos interval{};                     ///< of the candles
    std::vector<market::Candle> candles;  ///< ascending by time; an interval without one stays empty
    std::optional<double> last_price;
    std::vector<PriceLevel> levels;     ///< at most kMostLevels
    std::optional<Timestamp> alert_at;  ///< marked; where it lies outside of the candles' time, words say so
};
inline constexpr std::size_t kMostLevels = 8;
/// From the first candle to the last.
inline constexpr std::int64_t kMostIntervals = 500;

/// 1,000 x 560 pixels. Rising candles are hollow where they are wide enough, falling ones filled. Levels farther away
/// than one and a half times the height of the candles are named at the edge, with an arrow, and have no line.
/// Without candles the picture says that there are none.
///   errors: malformed: an interval or a tick size that is not above 0, a price that is no number above 0, a volume
///           that is no number, high and low that do not hold open and close, candles out of order or of another
///           interval; out_of_range: more than kMostIntervals or kMostLevels. The text names the candle or the level.
///   cost:   microseconds
[[nodiscard]] Result<Scene> scene_of(const Chart& chart, Fonts& fonts);

}  // namespace vt::cards
