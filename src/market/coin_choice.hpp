#pragma once

#include "base/time.hpp"
#include "market/instrument.hpp"
#include "market/instrument_state.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace vt::market {

/// A market that has said nothing for so long speaks for its coin only where no other does.
inline constexpr Nanos kSpeakerAgeMax = std::chrono::minutes{1};

/// Since the newest market data of the streams that should move all the time: book, trades, ticker.
///   out: absent while none has said anything
[[nodiscard]] std::optional<Nanos> data_age(const InstrumentState& state, Timestamp now);

/// Whether a market can speak for its coin; the smaller is heard first.
enum class Voice : std::uint8_t { speaking, silent, unpriced };
/// in: `age` absent where nothing is known of it, which is no silence
[[nodiscard]] Voice voice_of(bool has_price, const std::optional<Nanos>& age);

/// One of the markets among which those of a coin are.
struct Speaker {
    const Instrument* instrument = nullptr;
    Voice voice = Voice::speaking;
};
/// The one rule for "one market of each coin", whatever it is quoted in: of a coin's markets the one that is heard
/// first, and among equals the preferred one (market::preference). So a venue that is down leaves its coins to the
/// other one.
///   out:  indices into `markets`, by the name of the coin
///   cost: O(n log coins)
[[nodiscard]] std::vector<std::size_t> one_of_each_coin(std::span<const Speaker> markets);

}  // namespace vt::market
