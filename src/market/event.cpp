#include "market/event.hpp"

namespace vt::market {

std::string_view name(Stream stream) {
    switch (stream) {
        case Stream::book: return "book";
        case Stream::trades: return "trades";
        case Stream::ticker: return "ticker";
        case Stream::liquidations: return "liquidations";
        case Stream::candles: return "candles";
    }
    return "unknown";
}

}  // namespace vt::market
