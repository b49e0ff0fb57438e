#pragma once

#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "desk/params.hpp"
#include "paper/params.hpp"
#include "trading/money.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vt::simulation {

/// What happens in a simulated account beside the market.
struct Params {
    std::uint64_t seed = 1;
    Nanos span = std::chrono::hours{1};
    std::uint32_t symbols = 5;
    double ideas_per_hour = 120;  ///< signals at random times, sides and stop distances, of all symbols
    /// Mean times between what goes wrong; 0: never.
    Nanos crash_every = std::chrono::minutes{10};      ///< the program dies between two steps, and starts again
    Nanos disconnect_every = std::chrono::minutes{7};  ///< the stream of reports breaks for up to 20 s
    Nanos pause_every = std::chrono::minutes{15};      ///< the program stands still for up to 60 s
    Nanos kill_every = std::chrono::minutes{30};       ///< the kill switch, released a minute later
    /// Somebody else sets a leverage at the venue. That breaks what must hold: for the test that it is seen.
    Nanos meddle_every{0};
    /// Of the venue: about one request in twenty meets one of them.
    paper::FaultParams faults{.refuse = .01,
                              .lose = .01,
                              .stay_silent = .01,
                              .hide = .005,
                              .acknowledge_late = .02,
                              .duplicate = .02,
                              .delay = .02};
    desk::Params desk;
    paper::Params venue;
};

/// Something that must never happen did.
struct Violation {
    Timestamp at;
    std::string what;
};

struct Outcome {
    std::uint64_t seed = 0;
    std::vector<Violation> violations;  ///< the first of them
    std::uint64_t events = 0;           ///< of the market
    std::uint64_t ideas = 0, trades = 0, denied = 0;
    std::map<std::string, std::uint64_t> denials;  ///< by the first reason of each
    std::uint64_t requests = 0, lost_requests = 0, executions = 0, liquidations = 0;
    std::uint64_t leverages = 0, without_leverage = 0;  ///< asked for; trades that ended without theirs
    std::uint64_t crashes = 0, disconnections = 0, pauses = 0, kills = 0, warnings = 0;
    Nanos longest_unprotected{0};  ///< a position without a stop at the venue, the program running and connected
    trading::Money net;            ///< what trading brought
    std::string digest;            ///< SHA-256 over everything that the desk said: the same for the same parameters

    [[nodiscard]] bool is_sound() const { return violations.empty(); }
};

/// Runs one account against a seeded market, with faults, and looks after each event whether what must hold does:
///   - nothing is opened after the kill switch, nor beyond the limit of what may be open in all;
///   - no position is without its stop at the venue for longer than 5 s while the program runs and is connected;
///   - no entry, nor the position that it opened, is at the venue with another leverage than its approval named;
///   - in the end positions are the sum of fills, and wallet and positions those of the venue, to the last unit;
///   - no order is sent twice, and none is left behind.
///   cost: see docs/paper_trading.md
[[nodiscard]] Outcome simulate(const Params& params);

/// Writes it as a JSON object (`virtuoso simulate --json`).
void write_outcome(JsonWriter& out, const Outcome& outcome);

}  // namespace vt::simulation
