#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace vt::analysis {

/// Why a value is what it is, or is less than it could be.
enum class Flag : std::uint8_t {
    no_event,          ///< the input is alive and nothing happened: value 0 is an observation
    degenerate,        ///< the samples have no spread: no score
    warming,           ///< too few samples or events so far
    no_input,          ///< the input was never seen, or is gone
    stale,             ///< the input is so old that its coverage fell below 5 %
    gap,               ///< part of the window is missing
    few_events,        ///< fewer events in the window than the component's minimum
    not_covered,       ///< the book is not known as far out as needed
    conflated,         ///< the venue merges updates of this stream
    censored,          ///< the venue publishes only some of the events
    kline_based,       ///< from candles, not from prints and quotes
    clock_suspect,     ///< our clock's offset to the venue is unknown or large
    spoof_like,        ///< large orders appear and vanish untraded
    equal_weights,     ///< fewer than 1000 minutes: the levels weigh the same
    heuristic,         ///< a rule of thumb, not an estimate
    contract_changed,  ///< the contract's terms changed: history was dropped
    shadow,            ///< computed and shown, weight 0
    non_directional,   ///< says how, not which way: acts through the adjustments only
    one_venue,         ///< no other venue's live price of the same thing to hold this one against
    venues_differ,     ///< the price is far from the other venue's: one of the two is wrong
    not_applicable,    ///< known before the market speaks: the venue publishes no such input
    not_btc_driven,    ///< Bitcoin explains less than a tenth of the instrument's variance
    no_lead_lag,       ///< the instrument is not proven to follow Bitcoin with a delay
};
inline constexpr std::size_t kFlagCount = 23;

[[nodiscard]] constexpr std::string_view name(Flag flag) {
    constexpr std::array<std::string_view, kFlagCount> kNames = {
        "no_event",   "degenerate",    "warming",        "no_input",         "stale",       "gap",
        "few_events", "not_covered",   "conflated",      "censored",         "kline_based", "clock_suspect",
        "spoof_like", "equal_weights", "heuristic",      "contract_changed", "shadow",      "non_directional",
        "one_venue",  "venues_differ", "not_applicable", "not_btc_driven",   "no_lead_lag"};
    return kNames[static_cast<std::size_t>(flag)];
}

/// A set of flags.
class Flags {
public:
    constexpr Flags() = default;
    constexpr Flags(std::initializer_list<Flag> flags) {
        for (const Flag flag : flags) set(flag);
    }
    constexpr void set(Flag flag, bool on = true) { bits_ = on ? bits_ | bit(flag) : bits_ & ~bit(flag); }
    [[nodiscard]] constexpr bool has(Flag flag) const { return (bits_ & bit(flag)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
    constexpr Flags& operator|=(Flags other) {
        bits_ |= other.bits_;
        return *this;
    }
    friend constexpr Flags operator|(Flags a, Flags b) { return a |= b; }
    bool operator==(const Flags&) const = default;

    /// Calls visit(Flag) in the order of the enumeration.
    template <class Visit>
    constexpr void for_each(Visit&& visit) const {
        for (std::size_t i = 0; i < kFlagCount; ++i) {
            if (const auto flag = static_cast<Flag>(i); has(flag)) visit(flag);
        }
    }
    template <class Archive>
    void archive(Archive& a) {
        a(bits_);
    }

private:
    [[nodiscard]] static constexpr std::uint32_t bit(Flag flag) {
        return std::uint32_t{1} << static_cast<unsigned>(flag);
    }
    std::uint32_t bits_ = 0;
};

}  // namespace vt::analysis
