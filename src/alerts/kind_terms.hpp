#pragma once

#include "alerts/alert.hpp"

#include <limits>
#include <string_view>

namespace vt::alerts {

/// What an occurrence's size is measured in, which is what a rule's minimum is held against.
enum class Unit : std::uint8_t {
    points,  ///< of the score, from 50
    score,   ///< 0..100
    price,   ///< quote currency for a unit of base currency
    quote,   ///< quote currency
    sd,      ///< standard deviations
    share,   ///< 0..1
    bps,     ///< basis points
    percent,
    times,  ///< of what is usual
    none,
};
/// "points", "USDT" for quote ...: as it is written behind a figure; empty where nothing is.
[[nodiscard]] std::string_view suffix(Unit unit);

/// What the rules of a kind begin with, and what they may ask.
struct KindTerms {
    Kind kind = Kind::system;
    std::string_view title;    ///< "Large order": what people call it
    std::string_view meaning;  ///< one sentence: when it is seen
    Unit unit = Unit::none;
    double minimum = 0;                                     ///< of the size, where a rule names none
    double least = 0;                                       ///< a smaller minimum asks for what is not watched for
    double most = std::numeric_limits<double>::infinity();  ///< a larger one could never be reached
    Nanos cooldown{};                                       ///< where a rule names none; of one instrument and side
    Severity severity = Severity::info;
    bool has_side = false;
    bool has_level = false;      ///< asks for a level that is crossed, not for a size
    bool has_instrument = true;  ///< false: of the account or of the program
    bool is_digested = false;    ///< what is seen during a cooldown is told at its end
};
[[nodiscard]] const KindTerms& terms_of(Kind kind);

}  // namespace vt::alerts
