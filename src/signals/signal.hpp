#pragma once

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "signals/levels.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::signals {

/// The strategy that is the score itself; the others have their own names (vt::alpha).
inline constexpr std::string_view kConfluence = "confluence";

/// The spans after which what followed is written down, whatever became of the position meanwhile.
inline constexpr std::array kHorizons{Nanos{std::chrono::minutes{15}}, Nanos{std::chrono::hours{1}},
                                      Nanos{std::chrono::hours{4}}, Nanos{std::chrono::hours{24}}};
inline constexpr std::array<std::string_view, kHorizons.size()> kHorizonNames{"15m", "1h", "4h", "24h"};

/// What ended a position, or which barrier was reached first. Never "the price was higher later".
enum class Ending : std::uint8_t {
    target,  ///< the first target came before the stop
    stop,
    expired,   ///< neither within its time: closed at the market
    delisted,  ///< the venue ended the market: closed at its last price
};
[[nodiscard]] std::string_view name(Ending ending);

enum class State : std::uint8_t {
    open,
    closed,
    suppressed,
    placebo,  ///< no signal: an entry at a random time, whose outcome says what chance brings
};
[[nodiscard]] std::string_view name(State state);
/// "long" or "short".
[[nodiscard]] std::string_view direction_name(market::Side side);

/// What a horizon brought, in bps of the entry; positive is good for the signal's side.
struct HorizonOutcome {
    double gross_bps = 0;  ///< from mid to trade, without costs
    double net_bps = 0;    ///< of a market order in and one out: fees, slippage and funding taken off
    double mfe_bps = 0;    ///< best excursion until then, gross; not negative
    double mae_bps = 0;    ///< worst, gross; not positive
    bool operator==(const HorizonOutcome&) const = default;
};

/// What has become of a signal so far.
struct Path {
    double stop = 0;  ///< where it is now: after the first target, at break-even
    std::array<std::optional<Timestamp>, kTargetCount> targets_hit;
    double open_share = 1;                ///< of the position
    double gross_bps = 0;                 ///< of what was closed, in shares of the whole
    double net_bps = 0;                   ///< likewise, after fees, slippage and funding
    double funding_bps = 0;               ///< within net_bps; negative: paid
    double held_funding_bps = 0;          ///< as if nothing were ever closed: for the horizons
    double mfe_bps = 0, mae_bps = 0;      ///< until the position ended
    double best_bps = 0, worst_bps = 0;   ///< until now
    std::optional<Ending> first_barrier;  ///< the ledger's label
    std::optional<Timestamp> ended_at;
    std::array<std::optional<HorizonOutcome>, kHorizons.size()> horizons;
    bool has_gap = false;  ///< part of the path was not seen, nor could be had later
    double last_price = 0;
    Timestamp seen_until;                 ///< up to where every trade was seen
    std::optional<Timestamp> hole_since;  ///< trades are missing from here on, and not yet filled in
    std::optional<Timestamp> live_since;  ///< trades are back, the hole is not yet filled
    bool operator==(const Path&) const = default;
};

/// A signal, raised or held back by a gate, with everything that it was decided by and what became of it.
struct Signal {
    std::string id;  ///< 16 hex digits of SHA-256 over instrument, side, instant, strategy and version of the weights
    std::string strategy{kConfluence};
    market::InstrumentId instrument;
    market::Side side = market::Side::buy;
    Timestamp confirmed_at;  ///< the end of the minute that decided
    double score = 50;       ///< 0..100
    double coverage = 0;
    std::optional<double> confidence;
    std::string weights;        ///< version
    std::string suppressed_by;  ///< the first gate that did not let it through; empty: raised
    bool is_uncalibrated = true;        ///< fewer than Params::calibrated_effective_min outcomes of its strength
    std::optional<double> probability;  ///< of the target before stop and expiry, as claimed at confirmation
    std::string placebo_of;  ///< id of the raised signal whose placebo it is; empty: it is no placebo
    std::vector<std::string> reasons;
    double mid = 0;  ///< at the entry
    double atr = 0;
    Costs costs;
    std::optional<Levels> levels;  ///< absent: suppressed where there was no book or no ATR; nothing is followed then
    std::array<double, kTargetCount> target_shares{};
    double size_share = 0;  ///< of the equity
    Timestamp entered_at;   ///< the time of the quote behind `mid`
    Timestamp expires_at;
    Path path;

    [[nodiscard]] bool is_placebo() const { return !placebo_of.empty(); }
    [[nodiscard]] bool is_raised() const { return suppressed_by.empty() && !is_placebo(); }
    /// Held back by nothing but what became of earlier ones.
    [[nodiscard]] bool is_held_by_record() const;
    [[nodiscard]] bool is_in_position() const { return levels.has_value() && !path.ended_at; }
    [[nodiscard]] State state() const {
        if (is_placebo()) return State::placebo;
        if (!is_raised()) return State::suppressed;
        return path.ended_at ? State::closed : State::open;
    }
    /// The net return in units of what was risked. out: absent while the position is open
    [[nodiscard]] std::optional<double> net_r() const;
};

/// Whether a gate looks at what became of earlier signals and at nothing else: `score` (its level), `edge`, `shadow`.
/// What one of them held back counts for the edge as if it had been raised, since else a gate that closed would never
/// open again.
[[nodiscard]] bool is_gate_of_record(std::string_view gate);

/// in: `instrument` as path id
[[nodiscard]] std::string id_of(std::string_view instrument, market::Side side, Timestamp confirmed_at,
                                std::string_view strategy, std::string_view weights);

/// What is new about a signal: one entry of the ledger each, and no signal has one of them twice. The last target
/// ends the position.
enum class Change : std::uint8_t {
    raised,
    suppressed,
    placebo,
    target_1,
    target_2,
    ended,
    horizon_15m,
    horizon_1h,
    horizon_4h,
    horizon_24h,
};
[[nodiscard]] std::string_view name(Change change);

/// One signal as a JSON object (docs/formats/signals.md).
void write_signal(JsonWriter& out, const Signal& signal, const market::Instrument& instrument);

}  // namespace vt::signals
