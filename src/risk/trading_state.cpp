#include "risk/trading_state.hpp"

#include "base/bytes.hpp"

namespace vt::risk {
namespace {

constexpr std::uint8_t kStateVersion = 1;
/// Of a name or a reason: what is longer is cut.
constexpr std::size_t kTextMax = 1000;

std::string cut(std::string_view text) { return std::string(text.substr(0, kTextMax)); }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

std::string_view name(Mode mode) {
    switch (mode) {
        case Mode::active: return "ACTIVE";
        case Mode::reducing: return "REDUCING";
        case Mode::halted: return "HALTED";
    }
    return "unknown";
}

std::optional<ModeChange> TradingState::make_safer(Mode mode, Timestamp at, std::string_view who,
                                                   std::string_view reason) {
    if (mode <= this->mode()) return std::nullopt;
    return change_to(mode, at, who, reason);
}

Result<ModeChange> TradingState::release(Mode mode, Timestamp at, std::string_view who, std::string_view reason) {
    if (is_blank(who))
        return fail(Errc::refused, "trading is " + std::string(name(this->mode())) +
                                       ": only somebody who is logged in can release it; log in and try again");
    if (is_blank(reason))
        return fail(Errc::refused, "trading is " + std::string(name(this->mode())) +
                                       ": to release it give a reason, which is written to the audit");
    if (mode >= this->mode())
        return fail(Errc::refused, "trading is " + std::string(name(this->mode())) + ", and " +
                                       std::string(name(mode)) + " is not freer: choose a freer mode");
    return change_to(mode, at, who, reason);
}

void TradingState::encode(std::string& out) const {
    append_little_endian(out, kStateVersion);
    append_little_endian(out, static_cast<std::uint8_t>(last_.has_value()));
    if (!last_) return;
    append_little_endian(out, static_cast<std::uint8_t>(last_->from));
    append_little_endian(out, static_cast<std::uint8_t>(last_->to));
    append_little_endian(out, to_ns(last_->at));
    append_text<std::uint16_t>(out, last_->who);
    append_text<std::uint16_t>(out, last_->reason);
}

Result<TradingState> TradingState::decode(std::string_view bytes) {
    ByteReader in(bytes);
    const auto version = in.integer<std::uint8_t>();
    if (in.is_intact() && version != kStateVersion)
        return fail(Errc::unsupported, "the stored trading mode is of another version of the program");
    TradingState state;
    const auto has_change = in.integer<std::uint8_t>();
    bool is_sound = has_change <= 1;
    if (has_change == 1) {
        const auto from = in.integer<std::uint8_t>();
        const auto to = in.integer<std::uint8_t>();
        is_sound = from <= static_cast<std::uint8_t>(Mode::halted) && to <= static_cast<std::uint8_t>(Mode::halted);
        ModeChange& change = state.last_.emplace();
        change.from = is_sound ? static_cast<Mode>(from) : Mode::halted;
        change.to = is_sound ? static_cast<Mode>(to) : Mode::halted;
        change.at = from_ns(in.integer<std::int64_t>());
        change.who = in.text<std::uint16_t>();
        change.reason = in.text<std::uint16_t>();
    }
    if (!is_sound || !in.is_intact() || in.remaining() > 0)
        return fail(Errc::malformed, "the stored trading mode is damaged");
    return state;
}

TradingState TradingState::restored(std::string_view bytes, Timestamp at) {
    auto state = decode(bytes);
    if (state) return std::move(*state);
    TradingState halted;
    halted.make_safer(Mode::halted, at, "start", state.error().what + ": look at what is open, then release it");
    return halted;
}

ModeChange TradingState::change_to(Mode mode, Timestamp at, std::string_view who, std::string_view reason) {
    last_ = ModeChange{.from = this->mode(), .to = mode, .at = at, .who = cut(who), .reason = cut(reason)};
    return *last_;
}

}  // namespace vt::risk
