#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "demo/stream.hpp"
#include "engine/engine.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vt::runtime {

/// The analysis state of the demo market after some hours, so that a fresh start has scores at once.
struct WarmState {
    std::string state;  ///< Engine::save
    Timestamp end;      ///< the instant at which it was saved
};

/// The market that the bundled warm state was made of: always this seed, this start, the bundled recording.
[[nodiscard]] Result<demo::StreamParams> warm_market();
/// The session time at which that market begins.
inline constexpr Timestamp kWarmMarketStart = from_ms(1'722'988'800'000);  // 2024-08-07 00:00 UTC

/// Runs the market for `hours` through an engine and saves what it learned. Deterministic.
///   cost: minutes of CPU for hours of market
[[nodiscard]] WarmState make_warm_state(const engine::Params& params, const demo::StreamParams& market,
                                        std::uint32_t hours);

/// As a file: the magic "VTWARM1\n", the end in ns, the size of the state, then the state in zstd.
[[nodiscard]] std::string encode_warm_state(const WarmState& warm);
/// errors: unsupported, corrupt
[[nodiscard]] Result<WarmState> decode_warm_state(std::string_view bytes);

/// The one that comes with the program (data/warm/demo.vtw).
[[nodiscard]] WarmState bundled_warm_state();

}  // namespace vt::runtime
