#pragma once

#include "alerts/alert.hpp"
#include "base/time.hpp"
#include "cards/fonts.hpp"
#include "cards/mode.hpp"
#include "cards/scene.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vt::cards {

/// An alert and the score that it is about, for one look at a phone.
struct ScoreCard {
    Mode mode = Mode::demo;
    alerts::Severity severity = alerts::Severity::info;
    std::string symbol;                ///< "BTC/USDT"; empty: of none, the title takes its place
    std::string market;                ///< "Bybit perp"; may be empty
    std::string title;                 ///< one line
    std::string price;                 ///< as the pages write it; empty: not known, and not shown
    std::optional<alerts::Side> side;  ///< an arrow before the title, where no score says the direction
    Timestamp at;
    std::string id;
    std::optional<alerts::ScoreFigures> score;
    std::vector<alerts::Figure> figures;
    std::optional<alerts::Levels> levels;
    std::uint32_t count = 1;  ///< occurrences that it stands for
};

/// in: market, price: as the pages write them; either may be empty
[[nodiscard]] ScoreCard score_card(const alerts::Alert& alert, Mode mode, std::string market, std::string price);

/// 1,000 pixels wide; the parts that the alert has decide the height, 200 to 1,050. A side without a score is hatched
/// and "unknown"; what of the sum of the score lies in none of the sides is a row "Adjustments", so that 50 and the
/// points shown give the score. Of more than eight figures or levels the last place says how many there are.
///   cost: microseconds
[[nodiscard]] Scene scene_of(const ScoreCard& card, Fonts& fonts);

}  // namespace vt::cards
