#pragma once

#include "base/time.hpp"
#include "confluence/confluence.hpp"
#include "confluence/score_record.hpp"
#include "market/event.hpp"
#include "signals/params.hpp"
#include "signals/signal.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::signals {

/// What calibration knows of scores like this one.
struct Edge {
    double effective = 0;  ///< outcomes behind it, overlapping ones counted as one
    std::optional<double> low_net_r;    ///< lower end of the 90 % interval of the mean net return, in R
    std::optional<double> probability;  ///< of the target before stop and expiry
};

/// A strategy whose outcomes have fallen so far behind what was claimed that it is held back.
struct Decay {
    double level = 0;     ///< standard deviations of one outcome, summed up (statistics::EdgeDecay)
    double recovery = 0;  ///< level at which the alarm is over
};

/// What the gates ask of one side of a market. Absent: not known.
struct SideFacts {
    std::optional<double> round_trip_bps;     ///< fees, spread and impact
    std::optional<double> market_stop_bps;    ///< the stop's distance that ATR and structure ask for
    std::optional<double> stop_atr;           ///< the distance that costs may have widened, in ATR
    std::optional<double> liquidation_share;  ///< and in ways to liquidation
    std::optional<Edge> edge;                 ///< absent: never calibrated
    std::optional<Decay> decay;               ///< absent: no alarm
    std::uint32_t open = 0;                   ///< signals of this side of this market
    Nanos cooldown_left{};
    bool is_rearmed = true;             ///< the score came back since the last one
    std::uint32_t open_in_cluster = 0;  ///< signals of this side that are open in correlated markets
    std::uint32_t new_in_hour = 0;      ///< signals of all markets
};

/// What the gates ask of a market besides its score. Absent: not known.
struct GateFacts {
    bool is_trading = false;
    std::optional<Nanos> listed_for;
    std::optional<double> turnover_24h_usd;
    std::optional<Nanos> book_age;      ///< since the last frame of a book that is whole
    std::optional<Nanos> trades_age;    ///< of the connection
    std::optional<Nanos> clock_offset;  ///< of ours to the venue's
    bool has_funding = false;           ///< the market settles funding
    std::optional<Nanos> to_funding;    ///< until the next settlement
    double signal_distance = 20;        ///< points from 50 that a signal asks for
    double crossing_distance = 20;      ///< and a crossing (ScoreLevel): no more
    std::array<SideFacts, 2> sides{};   ///< by market::Side; as of the last closed minute
    [[nodiscard]] const SideFacts& side(market::Side side) const { return sides[static_cast<std::size_t>(side)]; }
    [[nodiscard]] SideFacts& side(market::Side side) { return sides[static_cast<std::size_t>(side)]; }
};

/// Whether enough is known of such scores to say what follows them.
[[nodiscard]] bool is_calibrated(const std::optional<Edge>& edge, const Params& params);

/// The side that a score leans to. out: absent without a score, and at 50
[[nodiscard]] std::optional<market::Side> leaning(const std::optional<double>& score);

/// One condition between a score and a signal. All are judged; the first that fails is the reason why there is none.
struct Gate {
    std::string_view name;
    std::optional<double> value;
    std::optional<double> threshold;
    std::string_view unit;       ///< of value and threshold; where there are none, why
    std::optional<bool> passes;  ///< absent: what it asks for is not known, or no part of this version
    /// How far the value is on the good side of the threshold; negative where it fails.
    [[nodiscard]] std::optional<double> distance() const;
    bool is_ceiling = false;  ///< the value must not exceed the threshold; else it must reach it
};

/// A value that must reach its threshold, or must not exceed it. in: `name` and `unit` are literals
///   out: `passes` absent where the value is
[[nodiscard]] Gate at_least(std::string_view name, std::optional<double> value, double threshold,
                            std::string_view unit);
[[nodiscard]] Gate at_most(std::string_view name, std::optional<double> value, double threshold,
                           std::string_view unit);

/// The eighteen gates in their order.
[[nodiscard]] std::vector<Gate> gates(const confluence::ScoreRecord& record, const confluence::Past& past,
                                      const GateFacts& facts, const Params& params);

/// Those that are about the market alone, whoever has an opinion on it: tradable, feed_live, volatility, spread,
/// funding_window.
[[nodiscard]] std::vector<Gate> market_gates(const confluence::ScoreRecord& record, const GateFacts& facts,
                                             const Params& params);
/// Those that ask for a side: cost, stop_sane, edge, duplicate, crowding, risk.
[[nodiscard]] std::vector<Gate> side_gates(const SideFacts& side, const Params& params);

/// The gates of a strategy that is not the score: its own `conditions` in place of those that are about the score.
///   in:  `facts` of that strategy; `side` absent: it leans to none, and nothing is known of the gates that ask for
///        one
[[nodiscard]] std::vector<Gate> strategy_gates(const confluence::ScoreRecord& record,
                                               const std::vector<Gate>& conditions,
                                               const std::optional<market::Side>& side, const GateFacts& facts,
                                               const Params& params);

/// The first gate that holds a signal back: one that fails, or one whose input is not known. out: null: none does
[[nodiscard]] const Gate* holding_gate(const std::vector<Gate>& gates);

/// Of a crossing: as holding_gate, but what looks at earlier signals alone (is_gate_of_record) comes last. So what is
/// written down as held back by one of those would have been raised otherwise.
[[nodiscard]] const Gate* crossing_gate(const std::vector<Gate>& gates);

/// Whether a market can be entered on a side, whatever anybody thinks of it: what a placebo asks.
[[nodiscard]] bool can_be_entered(const confluence::ScoreRecord& record, const GateFacts& facts, market::Side side,
                                  const Params& params);

/// Writes them as a JSON array.
void write_gates(JsonWriter& out, const std::vector<Gate>& gates);

}  // namespace vt::signals
