#include "base/assert.hpp"
#include "exchange/history_page.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

/// However a reply is: what is taken ascends, lies in the page, and every column is as long as the times.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vt::exchange;
    const std::string body(data, data + size);
    HistoryCodec codec;
    for (const vt::market::Venue venue : {vt::market::Venue::bybit, vt::market::Venue::binance}) {
        for (const HistoryKind kind : {HistoryKind::klines, HistoryKind::mark_klines, HistoryKind::funding,
                                       HistoryKind::open_interest, HistoryKind::account_ratio}) {
            const std::int64_t step_ms = kind == HistoryKind::funding ? 0 : 60'000;
            const HistoryPage page{.venue = venue,
                                   .symbol = "BTCUSDT",
                                   .kind = kind,
                                   .step_ms = step_ms,
                                   .from_ms = 60'000,
                                   .to_ms = 9'000'000'000'000,
                                   .limit = 200};
            const auto rows = codec.rows(body, page);
            if (!rows) continue;
            VT_ASSERT(rows->times_ms.size() <= page.limit);
            for (std::size_t i = 0; i < rows->times_ms.size(); ++i) {
                VT_ASSERT(rows->times_ms[i] >= page.from_ms && rows->times_ms[i] < page.to_ms);
                VT_ASSERT(i == 0 || rows->times_ms[i] > rows->times_ms[i - 1]);
            }
            for (const auto& column : rows->columns) VT_ASSERT(column.size() == rows->times_ms.size());
        }
    }
    return 0;
}
