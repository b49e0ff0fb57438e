// Any bytes, as a frame of both markets and as a depth reply: no crash, and what is accepted is sound.

#include "base/assert.hpp"
#include "exchange/binance/codec.hpp"
#include "exchange/test_market.hpp"

namespace vt::exchange::binance {
namespace {

void check_levels(std::span<const market::Level> levels) {
    for (const market::Level& level : levels) VT_ASSERT(level.price > Ticks{0} && level.quantity >= Lots{0});
}

}  // namespace
}  // namespace vt::exchange::binance

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt;
    using namespace vt::exchange;
    static const market::InstrumentDirectory directory = test_directory();
    static binance::Codec codec;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const market::Category category : {market::Category::linear, market::Category::spot}) {
        const auto message = codec.decode(text, category, directory);
        if (!message) continue;
        switch (message->kind) {
            case binance::MessageKind::passed_over:
            case binance::MessageKind::acknowledged:
            case binance::MessageKind::refused:
            case binance::MessageKind::contract:
            case binance::MessageKind::shutdown: continue;
            default: VT_ASSERT(message->instrument.has_value());
        }
        binance::check_levels(message->bids);
        binance::check_levels(message->asks);
        if (message->kind == binance::MessageKind::trade) VT_ASSERT(message->trade.quantity > Lots{0});
        if (message->kind == binance::MessageKind::liquidation) VT_ASSERT(message->liquidation.quantity > 0);
        if (message->kind == binance::MessageKind::candle) VT_ASSERT(message->candle.low > 0);
    }
    const auto snapshot = codec.depth_snapshot(text, directory[market::InstrumentId{3}]);
    if (snapshot) binance::check_levels(snapshot->bids);
    return 0;
}
