#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::track_record {

/// Where an outcome comes from. Outcomes of different segments are never counted together.
enum class Segment : std::uint8_t {
    in_sample,      ///< thresholds or weights were chosen with it in sight
    out_of_sample,  ///< computed afterwards, on data that no choice had seen
    live,           ///< shown before it happened
    paper,          ///< shown before it happened, traded on paper
    demo,           ///< of the demo market: says nothing of any real one
    reconstructed,  ///< replayed from candles at the first start, with what they allow
};
[[nodiscard]] std::string_view name(Segment segment);

/// What ended a signal.
enum class Barrier : std::uint8_t {
    none,     ///< nothing yet, or it cannot be known: a gap over a barrier
    target,   ///< the first target, before the stop
    stop,     ///< the stop; also where one bar held both
    expired,  ///< neither, closed at the market: at its time, or since the venue ended the market
};
[[nodiscard]] std::string_view name(Barrier barrier);

/// After how long a signal's return is looked at, whatever became of its barriers.
inline constexpr std::array<Nanos, 4> kHorizons{std::chrono::minutes{15}, std::chrono::hours{1},
                                                std::chrono::hours{4}, std::chrono::hours{24}};

/// The way of the price in the signal's direction: a short that falls 10 bps has +10.
struct HorizonOutcome {
    std::optional<Bps> gross;     ///< at the horizon; absent before it and where the price is not known
    std::optional<Bps> net;       ///< less fees, funding and slippage
    std::optional<Bps> best;      ///< the most favourable on the way (MFE)
    std::optional<Bps> worst;     ///< the least favourable (MAE)
};

/// One signal that was raised, and what became of it. One that a gate held back is no part of a strategy's record.
struct Judged {
    std::string strategy;
    std::string symbol;
    Timestamp confirmed_at{};
    Timestamp ended_at{};  ///< of the whole position, after confirmation; unused without a barrier
    std::int8_t side = 1;  ///< +1 long, -1 short
    double score = 50;     ///< 0..100, of the instrument: a short comes from a low one
    Segment segment = Segment::live;
    Barrier barrier = Barrier::none;
    std::optional<double> net_r;        ///< net result in units of the distance to the stop
    std::optional<double> probability;  ///< of the target, as it was claimed at confirmation
    std::array<HorizonOutcome, kHorizons.size()> horizons;
};

/// How strongly the score speaks for the signal's own side: 0..100; a short at 28 is as strong as a long at 72.
[[nodiscard]] constexpr double strength_of(double score, int side) { return side > 0 ? score : 100 - score; }
[[nodiscard]] constexpr double strength_of(const Judged& judged) { return strength_of(judged.score, judged.side); }

}  // namespace vt::track_record
