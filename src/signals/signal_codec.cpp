#include "signals/signal_codec.hpp"

#include "base/bytes.hpp"

#include <bit>
#include <cmath>
#include <utility>

namespace vt::signals {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kReasonsMax = 64;

/// Writes; `Decoder` reads: both take the same list of members, so they cannot drift apart.
class Encoder {
public:
    explicit Encoder(std::string& out) : out_(out) {}
    template <class... T>
    void operator()(const T&... values) {
        (put(values), ...);
    }

private:
    void put(const std::string& text) { append_text<std::uint16_t>(out_, text); }
    void put(double number) { append_little_endian(out_, std::bit_cast<std::uint64_t>(number)); }
    void put(bool truth) { append_little_endian(out_, static_cast<std::uint8_t>(truth)); }
    void put(Timestamp at) { append_little_endian(out_, to_ns(at)); }
    void put(market::Side side) { append_little_endian(out_, static_cast<std::uint8_t>(side)); }
    void put(Ending ending) { append_little_endian(out_, static_cast<std::uint8_t>(ending)); }
    void put(const std::vector<std::string>& texts) {
        append_little_endian(out_, static_cast<std::uint8_t>(texts.size()));
        for (const std::string& text : texts) put(text);
    }
    template <class T>
    void put(const std::optional<T>& maybe) {
        put(maybe.has_value());
        if (maybe) put(*maybe);
    }
    template <class T, std::size_t N>
    void put(const std::array<T, N>& values) {
        for (const T& value : values) put(value);
    }
    template <class T>
    requires requires(const T& value, Encoder& e) { members(value, e); }
    void put(const T& value) { members(value, *this); }

    std::string& out_;
};

class Decoder {
public:
    explicit Decoder(std::string_view bytes) : in_(bytes) {}
    template <class... T>
    void operator()(T&... values) {
        (take(values), ...);
    }
    [[nodiscard]] bool is_whole() const { return is_sound_ && in_.is_intact() && in_.remaining() == 0; }

private:
    void take(std::string& text) { text = in_.text<std::uint16_t>(); }
    void take(double& number) {
        number = std::bit_cast<double>(in_.integer<std::uint64_t>());
        if (!std::isfinite(number)) is_sound_ = false;
    }
    void take(bool& truth) { truth = below(2) == 1; }
    void take(Timestamp& at) { at = from_ns(in_.integer<std::int64_t>()); }
    void take(market::Side& side) { side = static_cast<market::Side>(below(2)); }
    void take(Ending& ending) { ending = static_cast<Ending>(below(4)); }
    void take(std::vector<std::string>& texts) {
        texts.resize(below(kReasonsMax));
        for (std::string& text : texts) take(text);
    }
    template <class T>
    void take(std::optional<T>& maybe) {
        maybe.reset();
        if (below(2) == 1) take(maybe.emplace());
    }
    template <class T, std::size_t N>
    void take(std::array<T, N>& values) {
        for (T& value : values) take(value);
    }
    template <class T>
    requires requires(T& value, Decoder& d) { members(value, d); }
    void take(T& value) { members(value, *this); }
    std::uint8_t below(std::size_t limit) {
        const auto number = in_.integer<std::uint8_t>();
        if (number < limit) return number;
        is_sound_ = false;
        return 0;
    }

    ByteReader in_;
    bool is_sound_ = true;
};

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
      signal.path);
}

}  // namespace

void encode_signal(const Signal& signal, std::string& out) {
    append_little_endian(out, kVersion);
    Encoder encoder(out);
    members(signal, encoder);
}

Result<Signal> decode_signal(std::string_view bytes) {
    if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != kVersion)
        return fail(Errc::unsupported,
                    "a kept signal is of another version of the program: it is not followed further");
    Signal signal;
    Decoder decoder(bytes.substr(1));
    members(signal, decoder);
    const bool has_prices = !signal.levels || (signal.mid > 0 && signal.levels->entry > 0);
    if (!decoder.is_whole() || !has_prices)
        return fail(Errc::malformed, "a kept signal is damaged: it is not followed further");
    return signal;
}

}  // namespace vt::signals
