#include "alerts/alert_codec.hpp"

#include "base/member_codec.hpp"

#include <concepts>

namespace vt::alerts {
namespace {

constexpr std::uint8_t kVersion = 1;

template <class Value>
void encode(const Value& value, std::string& out) {
    append_little_endian(out, kVersion);
    MemberEncoder encoder(out);
    members(value, encoder);
}

template <class Value>
Result<Value> decode(std::string_view bytes, const std::string& what) {
    if (bytes.empty() || static_cast<std::uint8_t>(bytes.front()) != kVersion)
        return fail(Errc::unsupported, what + " is of another version of the program: it is passed over");
    Value value;
    MemberDecoder decoder(bytes.substr(1));
    members(value, decoder);
    if (!decoder.is_whole()) return fail(Errc::malformed, what + " is damaged: it is passed over");
    return value;
}

}  // namespace

constexpr std::uint8_t value_count(Kind) { return kKindCount; }
constexpr std::uint8_t value_count(Severity) { return 4; }
constexpr std::uint8_t value_count(Side) { return 2; }

template <class F, class A>
    requires std::same_as<std::remove_const_t<F>, Figure>
void members(F& figure, A& a) {
    a(figure.name, figure.text);
}

template <class S, class A>
    requires std::same_as<std::remove_const_t<S>, SideScore>
void members(S& side, A& a) {
    a(side.name, side.score, side.contribution);
}

template <class S, class A>
    requires std::same_as<std::remove_const_t<S>, ScoreFigures>
void members(S& score, A& a) {
    a(score.score, score.coverage, score.confidence, score.direction, score.sides);
}

template <class L, class A>
    requires std::same_as<std::remove_const_t<L>, Levels>
void members(L& levels, A& a) {
    a(levels.entry, levels.stop, levels.targets);
}

template <class T, class A>
    requires std::same_as<std::remove_const_t<T>, Alert>
void members(T& alert, A& a) {
    a(alert.id, alert.rule, alert.kind, alert.severity, alert.instrument, alert.symbol, alert.side, alert.at,
      alert.title, alert.text, alert.figures, alert.count, alert.score, alert.levels);
}

template <class T, class A>
    requires std::same_as<std::remove_const_t<T>, Occurrence>
void members(T& seen, A& a) {
    a(seen.kind, seen.instrument, seen.symbol, seen.side, seen.at, seen.size, seen.usual, seen.price,
      seen.price_decimals, seen.count, seen.coverage, seen.what, seen.severity, seen.score, seen.levels);
}

void encode_alert(const Alert& alert, std::string& out) { encode(alert, out); }
Result<Alert> decode_alert(std::string_view bytes) { return decode<Alert>(bytes, "a kept alert"); }
void encode_occurrence(const Occurrence& seen, std::string& out) { encode(seen, out); }
Result<Occurrence> decode_occurrence(std::string_view bytes) {
    return decode<Occurrence>(bytes, "what was seen and kept");
}

}  // namespace vt::alerts
