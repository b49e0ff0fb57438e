// In steady state a frame costs no allocation, from its text to the events.
// Sanitizers bring their own allocator and do not bear another beside it.

#include "base/sanitized.hpp"

#if !VT_IS_SANITIZED

#include "exchange/bybit/session.hpp"
#include "exchange/test_files.hpp"
#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;

}  // namespace

// Replaces the program's allocator: every `new` of this test program is counted here. Not inlined, or GCC takes the
// pair of malloc and free apart and warns that they do not match.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace vt::exchange::bybit {
namespace {

TEST(BybitSession, SteadyStateAllocatesNothing) {
    const market::InstrumentDirectory directory = test_directory();
    const market::InstrumentId bitcoin{0};
    Codec codec;
    std::vector<StreamStatus> statuses(3);
    Session session({.connection = connection_id(market::Venue::bybit, 1)},
                    {{"orderbook.50.BTCUSDT", bitcoin, market::Stream::book},
                     {"publicTrade.BTCUSDT", bitcoin, market::Stream::trades},
                     {"tickers.BTCUSDT", bitcoin, market::Stream::ticker}},
                    statuses);
    const std::vector<std::string> samples = test_lines("bybit/frames.jsonl");
    std::vector<std::string> frames = {samples.at(0), samples.at(4), samples.at(5), samples.at(6)};
    for (int u = 177400507; u < 177400600; ++u) {
        frames.push_back(
            R"({"topic":"orderbook.50.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","31.5"]],"a":[],"u":)" +
            std::to_string(u) + R"(,"seq":)" + std::to_string(66544703300 + u) + R"(},"cts":1687940967464})");
        frames.push_back(samples.at(u % 2 == 0 ? 4 : 6));
    }
    Output out;
    const Timestamp now = from_ms(1'687'940'967'500);
    session.start(now, out);
    session.on_open(now, out);
    std::size_t warm = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (i == 10) warm = allocations;
        out.clear();
        session.on_text(frames[i], directory, codec, {now, i}, out);
        ASSERT_EQ(out.rejections.size(), 0U);
        ASSERT_GE(out.events.size(), 1U);
    }
    EXPECT_GT(warm, 0U);  // the counter counts
    EXPECT_EQ(allocations, warm);
}

}  // namespace
}  // namespace vt::exchange::bybit

#endif
