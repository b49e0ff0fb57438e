#pragma once

#include "market/instrument.hpp"

#include <span>
#include <string_view>

namespace vt::runtime {

/// The names of all members, at any depth, that a venue's documentation of July 2026 gives for frames of one kind.
///   in:     Bybit: the topic's family ("orderbook"); Binance: the event ("depthUpdate"), or "bookTicker" for spot's,
///           which has none
///   out:    empty for a kind that is not known
///   source: https://bybit-exchange.github.io/docs/v5/websocket/public; binance-spot-api-docs web-socket-streams.md;
///           https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams
[[nodiscard]] std::span<const std::string_view> documented_fields(market::Venue venue, std::string_view kind);
/// Those around every frame and in what answers a subscription.
[[nodiscard]] std::span<const std::string_view> documented_envelope(market::Venue venue);

}  // namespace vt::runtime
