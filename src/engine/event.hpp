#pragma once

#include "base/time.hpp"
#include "engine/trading_wish.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "trading/order.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

namespace vt::engine {

// The engine's inputs, exactly as the journal stores them. Borrowed text is valid during step() only.

struct Opened {
    exchange::ConnectionId connection;
};
struct FrameReceived {
    exchange::ConnectionId connection;
    std::string_view text;
};
struct Closed {
    exchange::ConnectionId connection;
    std::string_view reason;
};
struct Replied {
    exchange::HttpReply reply;
};
/// Time passes although nobody says anything.
struct Tick {};
inline constexpr Nanos kTickEvery = std::chrono::milliseconds{100};
/// The bounded queue before the engine was full: `count` inputs of this connection were lost.
struct Dropped {
    exchange::ConnectionId connection;
    std::uint64_t count = 0;
};
/// Start the venue's feed (catalogue, connections).
struct StartFeed {
    market::Venue venue = market::Venue::bybit;
};
/// List an instrument without a catalogue: imported captures carry none.
struct ListInstrument {
    market::Instrument instrument;
};
/// Take over the analysis state that a run of the same market left behind (Engine::save), with its times moved by
/// `shift`, a whole number of minutes. Instruments that are listed later find theirs then. A state can come in parts,
/// a few instruments each.
struct LoadState {
    std::string_view state;
    Nanos shift{};
};

/// Go on following a signal that an earlier run raised (signals::encode_signal), whenever its instrument is listed.
struct ResumeSignal {
    std::string_view instrument;  ///< path id
    std::string_view signal;
};

/// What became of earlier signals (track_record::encode_edges), as far as it decides about the next ones. Takes the
/// place of what was known before.
struct EdgeKnown {
    std::string_view edges;
};

/// What paper trading goes on from (desk::encode_saved_trading); before any instrument is listed.
struct ResumeTrading {
    std::string_view saved;
};
/// Somebody asks something of trading.
struct TradingCommand {
    std::uint64_t number = 0;  ///< under which it is answered
    TradingWish wish = TradingWish::halt;
    std::uint64_t trade = 0;       ///< of `close`
    trading::ClientOrderId order;  ///< of `cancel`
    std::string_view who;          ///< was authenticated
    std::string_view reason;
};

using EventBody = std::variant<Opened, FrameReceived, Closed, Replied, Tick, Dropped, StartFeed, ListInstrument,
                               LoadState, ResumeSignal, EdgeKnown, ResumeTrading, TradingCommand>;

/// One input. `at` is the local receive time (stamped once); `sequence` counts the run's inputs from 1 without a gap.
struct Event {
    std::uint64_t sequence = 0;
    Timestamp at;
    EventBody body;
};

}  // namespace vt::engine
