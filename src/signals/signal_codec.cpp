#include "signals/signal_codec.hpp"

#include "base/member_codec.hpp"

#include <concepts>

namespace vt::market {
constexpr std::uint8_t value_count(Side) { return 2; }
}  // namespace vt::market

namespace vt::signals {
namespace {

constexpr std::uint8_t kVersion = 2;

}  // namespace

constexpr std::uint8_t value_count(Ending) { return 4; }

template <class C, class A>
requires std::same_as<std::remove_const_t<C>, Costs>
void members(C& costs, A& a) { a(costs.fee_bps, costs.entry_bps, costs.exit_bps); }

template <class L, class A>
requires std::same_as<std::remove_const_t<L>, Levels>
void members(L& levels, A& a) {
    a(levels.entry, levels.stop, levels.stop_distance, levels.market_distance, levels.stop_atr,
      levels.liquidation_share, levels.targets);
}

template <class O, class A>
requires std::same_as<std::remove_const_t<O>, HorizonOutcome>
void members(O& outcome, A& a) { a(outcome.gross_bps, outcome.net_bps, outcome.mfe_bps, outcome.mae_bps); }

template <class P, class A>
requires std::same_as<std::remove_const_t<P>, Path>
void members(P& path, A& a) {
    a(path.stop, path.targets_hit, path.open_share, path.gross_bps, path.net_bps, path.funding_bps,
      path.held_funding_bps, path.mfe_bps, path.mae_bps, path.best_bps, path.worst_bps, path.first_barrier,
      path.ended_at, path.horizons, path.has_gap, path.last_price, path.seen_until, path.hole_since, path.live_since);
}

template <class S, class A>
requires std::same_as<std::remove_const_t<S>, Signal>
void members(S& signal, A& a) {
    a(signal.id, signal.strategy, signal.side, signal.confirmed_at, signal.score, signal.coverage, signal.confidence,
      signal.weights, signal.suppressed_by, signal.is_uncalibrated, signal.reasons, signal.mid, signal.atr,
      signal.costs, signal.levels, signal.target_shares, signal.size_share, signal.entered_at, signal.expires_at,
      signal.path, signal.probability, signal.placebo_of);
}

void encode_signal(const Signal& signal, std::string& out) {
    append_little_endian(out, kVersion);
    MemberEncoder encoder(out);
    members(signal, encoder);
}

Result<Signal> decode_signal(std::string_view bytes) {
    if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != kVersion)
        return fail(Errc::unsupported,
                    "a kept signal is of another version of the program: it is not followed further");
    Signal signal;
    MemberDecoder decoder(bytes.substr(1));
    members(signal, decoder);
    const bool has_prices = !signal.levels || (signal.mid > 0 && signal.levels->entry > 0);
    if (!decoder.is_whole() || !has_prices)
        return fail(Errc::malformed, "a kept signal is damaged: it is not followed further");
    return signal;
}

}  // namespace vt::signals
