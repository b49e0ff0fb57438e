#include "market/instrument.hpp"

namespace vt::market {

std::string_view name(Venue venue) {
    switch (venue) {
        case Venue::bybit: return "bybit";
        case Venue::binance: return "binance";
    }
    return "unknown";
}

std::string_view name(Category category) {
    switch (category) {
        case Category::linear: return "linear";
        case Category::inverse: return "inverse";
        case Category::spot: return "spot";
    }
    return "unknown";
}

std::string Instrument::path_id() const {
    return std::string(name(venue)) + "-" + std::string(name(category)) + "-" + symbol;
}

std::string Instrument::unified_symbol() const {
    const std::string pair = base + "/" + quote;
    return settle.empty() ? pair : pair + ":" + settle;
}

}  // namespace vt::market
