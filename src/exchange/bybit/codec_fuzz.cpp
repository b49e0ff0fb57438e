// Any bytes, as a frame and as each kind of REST reply: no crash, all or nothing, and both readings of a book frame
// agree.

#include "base/assert.hpp"
#include "exchange/bybit/codec.hpp"
#include "exchange/bybit/rest_codec.hpp"
#include "exchange/test_market.hpp"

namespace vt::exchange::bybit {
namespace {

void check_frame(std::string_view text, const market::InstrumentDirectory& directory, Codec& codec) {
    Output fast;
    Output general;
    const EventStamp stamp{from_ms(1), 1};
    const Frame a = codec.decode(text, directory, stamp, fast);
    const Frame b = codec.decode_generally(text, directory, stamp, general);
    VT_ASSERT(a.kind == b.kind);
    VT_ASSERT(a.update_id == b.update_id && a.depth == b.depth && a.exchange_time == b.exchange_time);
    VT_ASSERT(fast.levels == general.levels);
    VT_ASSERT(fast.events.size() == general.events.size());
    if (a.kind == FrameKind::rejected) {
        VT_ASSERT(fast.rejections.size() == 1 && fast.events.empty() && fast.levels.empty());
    }
    if (a.kind == FrameKind::book) VT_ASSERT(fast.levels.size() == a.bid_count + a.ask_count);
}

void check_replies(std::string_view text, const market::InstrumentDirectory& directory, RestCodec& rest) {
    const HistoryOf of{market::InstrumentId{0}, "BTCUSDT", market::Category::linear};
    const market::Instrument& bitcoin = directory[market::InstrumentId{0}];
    const EventStamp stamp{from_ms(1), 1};
    Output out;
    const auto none_if = [&](bool is_refused) {
        if (is_refused) VT_ASSERT(out.events.empty());
        out.clear();
    };
    static_cast<void>(rest.envelope(text));
    static_cast<void>(rest.server_time(text));
    static_cast<void>(rest.instruments(text, market::Category::linear));
    static_cast<void>(rest.tickers(text, market::Category::linear));
    for (const market::Category category : {market::Category::inverse, market::Category::spot}) {
        static_cast<void>(rest.instruments(text, category));
        static_cast<void>(rest.tickers(text, category));
    }
    static_cast<void>(rest.price_bars(text, of, std::chrono::minutes{1}));
    static_cast<void>(rest.system_status(text));
    static_cast<void>(rest.book(text, bitcoin));
    none_if(!rest.candles(text, of, std::chrono::minutes{1}, stamp, out));
    none_if(!rest.open_interest(text, of, stamp, out));
    none_if(!rest.account_ratio(text, of, stamp, out));
    none_if(!rest.funding(text, of, stamp, out));
    none_if(!rest.trades(text, bitcoin, stamp, out));
}

}  // namespace
}  // namespace vt::exchange::bybit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt::exchange;
    static const vt::market::InstrumentDirectory directory = test_directory();
    static bybit::Codec codec;
    static bybit::RestCodec rest;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    bybit::check_frame(text, directory, codec);
    bybit::check_replies(text, directory, rest);
    return 0;
}
