#pragma once

#include "base/time.hpp"
#include "engine/cross_venues.hpp"
#include "exchange/protocol.hpp"
#include "market/cross_venue.hpp"
#include "market/instrument.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vt::engine {
class Engine;
}

namespace vt::views {

/// A quote older than this takes no part in the price of several venues.
inline constexpr Nanos kQuoteAgeMax = std::chrono::seconds{10};

using engine::VenueLead;

/// One market of a coin. Prices are in quote currency for one coin, whatever the instrument counts in.
struct CoinMarket {
    market::InstrumentId instrument;
    double units = 1;           ///< coins in one unit of the instrument
    std::optional<double> mid;  ///< absent while the book is not live or older than kQuoteAgeMax
    std::optional<Nanos> age;   ///< since the book's last update arrived
    exchange::StreamState state = exchange::StreamState::down;  ///< of the book
    std::optional<double> spot_basis_bps;                       ///< ln(mid/mid of the spot market): contracts
    std::optional<double> other_venue_bps;                      ///< ln(mid/mid of the same on the other venue)
};

/// A coin against one quote currency, over all venues and kinds of market that are followed.
struct CoinMarkets {
    std::string coin;
    std::string quote;
    /// Of the preferred market (market::preference) over the venues whose book is live; absent: none is.
    std::optional<market::CrossMid> price;
    std::uint32_t venues_followed = 0;  ///< that list that market; `price->venues` of them are in the price
    std::vector<CoinMarket> markets;    ///< the preferred one first
    std::vector<VenueLead> leads;
};

/// By coin, then by quote currency.
///   cost: O(instruments)
[[nodiscard]] std::vector<CoinMarkets> coin_markets(const engine::Engine& engine, Timestamp now);

}  // namespace vt::views
