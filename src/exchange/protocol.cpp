#include "exchange/protocol.hpp"

namespace vt::exchange {

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
