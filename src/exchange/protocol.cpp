#include "exchange/protocol.hpp"

namespace vt::exchange {

std::string_view name(Site site) {
    switch (site) {
        case Site::bybit: return "bybit";
        case Site::binance_futures: return "binance_futures";
        case Site::binance_spot: return "binance_spot";
    }
    return "unknown";
}

market::Venue venue_of(Site site) { return site == Site::bybit ? market::Venue::bybit : market::Venue::binance; }

std::string_view name(Priority priority) {
    switch (priority) {
        case Priority::order: return "order";
        case Priority::live: return "live";
        case Priority::history: return "history";
    }
    return "unknown";
}

std::string_view name(StreamState state) {
    switch (state) {
        case StreamState::down: return "down";
        case StreamState::connecting: return "connecting";
        case StreamState::resyncing: return "resyncing";
        case StreamState::live: return "live";
        case StreamState::stale: return "stale";
    }
    return "unknown";
}

}  // namespace vt::exchange
