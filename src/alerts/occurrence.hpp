#pragma once

#include "alerts/alert.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace vt::alerts {

/// Something that may be worth telling, as it was seen, before any rule: what rules are held against, and what is
/// kept so that a rule can be tried on the past.
struct Occurrence {
    Kind kind = Kind::system;
    std::string instrument;  ///< "bybit-linear-BTCUSDT"; empty: of none
    std::string symbol;      ///< "BTCUSDT"; empty: of none
    std::optional<Side> side;
    Timestamp at;
    double size = 0;              ///< in the unit of the kind (KindTerms); not negative
    std::optional<double> usual;  ///< in the same unit: what this is large beside
    std::optional<double> price;
    int price_decimals = 2;            ///< of the instrument's tick
    std::uint32_t count = 1;           ///< what it is made of: liquidations, whales, refills, resyncs
    std::optional<double> coverage;    ///< of the score, 0..1
    std::string what;                  ///< in words, what the kind does not say: "calm to stressed", "alpha_breakout"
    std::optional<Severity> severity;  ///< where the kind alone does not tell
    std::optional<ScoreFigures> score;
    std::optional<Levels> levels;
    bool operator==(const Occurrence&) const = default;
};

/// A value that levels are held against: the span that it went through since the reading before, and where it is now.
struct Reading {
    Kind kind = Kind::price_level;  ///< or score_level
    std::string instrument;
    std::string symbol;
    Timestamp at;  ///< of the minute's start for prices, so that a minute seen in parts and a candle are told alike
    double low = 0, high = 0, last = 0;
    int decimals = 2;
    bool operator==(const Reading&) const = default;
};

}  // namespace vt::alerts
