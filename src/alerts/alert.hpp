#pragma once

#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::alerts {

/// What an alert is about, in the order in which rules are listed.
enum class Kind : std::uint8_t {
    signal,
    score_cross,
    score_level,
    price_level,
    price_move,
    regime_change,
    large_order,
    whale_cluster,
    iceberg,
    liquidation_single,
    liquidation_burst,
    cascade,
    funding_extreme,
    leverage_buildup,
    spread_blowout,
    depth_drop,
    spoof_like,
    correlation_break,
    alpha,
    feed_stale,
    resync_storm,
    trade,
    account,
    system,
};
inline constexpr std::size_t kKindCount = 24;
inline constexpr std::array<std::string_view, kKindCount> kKindNames{"signal",
                                                                     "score_cross",
                                                                     "score_level",
                                                                     "price_level",
                                                                     "price_move",
                                                                     "regime_change",
                                                                     "large_order",
                                                                     "whale_cluster",
                                                                     "iceberg",
                                                                     "liquidation_single",
                                                                     "liquidation_burst",
                                                                     "cascade",
                                                                     "funding_extreme",
                                                                     "leverage_buildup",
                                                                     "spread_blowout",
                                                                     "depth_drop",
                                                                     "spoof_like",
                                                                     "correlation_break",
                                                                     "alpha",
                                                                     "feed_stale",
                                                                     "resync_storm",
                                                                     "trade",
                                                                     "account",
                                                                     "system"};
/// As rules, the API and payloads name it. A literal.
[[nodiscard]] constexpr std::string_view name(Kind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }

[[nodiscard]] std::optional<Kind> kind_named(std::string_view text);

/// How much it asks for; the order is that of urgency.
enum class Severity : std::uint8_t {
    info,      ///< to know
    warn,      ///< to look at
    high,      ///< to look at now
    critical,  ///< to act on: never held back, never merged with others
};
inline constexpr std::array<std::string_view, 4> kSeverityNames{"info", "warn", "high", "critical"};
[[nodiscard]] constexpr std::string_view name(Severity severity) {
    return kSeverityNames[static_cast<std::size_t>(severity)];
}

[[nodiscard]] std::optional<Severity> severity_named(std::string_view text);

/// Which way it points, where it points anywhere.
enum class Side : std::uint8_t { up, down };
[[nodiscard]] constexpr std::string_view name(Side side) { return side == Side::up ? "up" : "down"; }
[[nodiscard]] std::optional<Side> side_named(std::string_view text);

/// One named figure, written as it is shown, with its unit: {"Spread", "12.4 bps"}.
struct Figure {
    std::string name;
    std::string text;
    bool operator==(const Figure&) const = default;
};

/// One side of the score: "Order flow", 71.3, +4.2 points.
struct SideScore {
    std::string name;
    std::optional<double> score;  ///< 0..100; absent: unknown
    double contribution = 0;      ///< points of the confluence score
    bool operator==(const SideScore&) const = default;
};

/// The score that an alert is about, as it was then.
struct ScoreFigures {
    std::optional<double> score;  ///< 0..100; absent: not enough is known
    double coverage = 0;          ///< 0..1
    std::optional<double> confidence;
    std::string direction;  ///< "long", "short", "neutral"; empty: unknown
    std::vector<SideScore> sides;
    bool operator==(const ScoreFigures&) const = default;
};

/// The levels of a signal, as the instrument writes prices.
struct Levels {
    std::string entry;
    std::string stop;
    std::vector<std::string> targets;
    bool operator==(const Levels&) const = default;
};

/// One alert, as it is kept, shown and delivered. All texts are plain: a channel escapes what it has to.
struct Alert {
    std::string id;    ///< 32 hexadecimal digits, the same for the same occurrence: what makes a delivery idempotent
    std::string rule;  ///< the name of the rule that raised it
    Kind kind = Kind::system;
    Severity severity = Severity::info;
    std::string instrument;  ///< "bybit-linear-BTCUSDT"; empty: of none
    std::string symbol;      ///< "BTCUSDT", as the venue writes it; empty: of none
    std::optional<Side> side;
    Timestamp at;       ///< when it was seen
    std::string title;  ///< one line
    std::string text;   ///< words, in lines; may be empty
    std::vector<Figure> figures;
    std::uint32_t count = 1;  ///< occurrences it stands for: more than one in a digest
    std::optional<ScoreFigures> score;
    std::optional<Levels> levels;
    bool operator==(const Alert&) const = default;
};

}  // namespace vt::alerts
