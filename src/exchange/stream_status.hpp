#pragma once

#include "base/time.hpp"
#include "exchange/protocol.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <optional>

namespace vt::exchange {

/// What is known about one stream of one instrument: a row of the feed table.
struct StreamStatus {
    market::InstrumentId instrument;
    market::Stream stream = market::Stream::book;
    StreamState state = StreamState::down;
    ConnectionId connection;
    std::optional<Timestamp> last_exchange_time;
    std::optional<Timestamp> last_receive_time;
    std::uint64_t gaps =
        0;  ///< losses that were noticed: sequence gaps, refused updates, inputs dropped before the engine
    std::uint64_t resyncs = 0;  ///< subscriptions renewed to heal one
};

/// The ids of a venue's connections and requests carry the venue in their highest byte: two feeds never collide.
[[nodiscard]] constexpr ConnectionId connection_id(market::Venue venue, std::uint32_t number) {
    return ConnectionId{(static_cast<std::uint32_t>(venue) << 24) | (number & 0x00FF'FFFFU)};
}
[[nodiscard]] constexpr RequestId request_id(market::Venue venue, std::uint64_t number) {
    return RequestId{(static_cast<std::uint64_t>(venue) << 56) | (number & 0x00FF'FFFF'FFFF'FFFFULL)};
}
[[nodiscard]] constexpr market::Venue venue_of(ConnectionId id) {
    return static_cast<market::Venue>(id.value() >> 24);
}
[[nodiscard]] constexpr market::Venue venue_of(RequestId id) { return static_cast<market::Venue>(id.value() >> 56); }

}  // namespace vt::exchange
