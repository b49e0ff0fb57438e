// Any bytes, as every kind of REST reply: no crash, and a refused body appends nothing.

#include "base/assert.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/test_market.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt;
    using namespace vt::exchange;
    static const market::InstrumentDirectory directory = test_directory();
    static binance::RestCodec codec;
    static Output out;
    out.clear();
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const binance::HistoryOf of{market::InstrumentId{3}, "BTCUSDT"};
    const auto sound = [](const Result<std::size_t>& count) {
        VT_ASSERT(out.events.size() == count.value_or(0));
        out.clear();
    };
    sound(codec.candles(body, {of, std::chrono::minutes{1}, from_ms(1'700'000'000'000)}, {}, out));
    sound(codec.open_interest(body, of, {}, out));
    sound(codec.open_interest_history(body, of, {}, out));
    sound(codec.long_short_ratio(body, {of}, {}, out));
    sound(codec.funding(body, of, {}, out));
    sound(codec.trades(body, directory[market::InstrumentId{3}], {}, out));
    for (const market::Category category : {market::Category::linear, market::Category::spot}) {
        const auto catalogue = codec.exchange_info(body, category);
        if (!catalogue) continue;
        for (const market::Instrument& one : catalogue->instruments) VT_ASSERT(one.tick_size.mantissa > 0);
    }
    (void)codec.server_time(body);
    (void)codec.day_tickers(body);
    (void)codec.book_tickers(body);
    (void)codec.funding_info(body);
    (void)codec.premium_index(body);
    return 0;
}
