// Every recorded stream frame of both venues decodes, or is refused with a reason; the reasons are counted and
// printed.

#include "exchange/binance/codec.hpp"
#include "exchange/bybit/codec.hpp"
#include "exchange/capture.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string_view>

namespace vt::exchange {
namespace {

/// The text behind the first quote-colon-quote of a member; enough for frames that a venue wrote.
std::string member(std::string_view frame, std::string_view key) {
    const std::string mark = "\"" + std::string(key) + "\":\"";
    const std::size_t at = frame.find(mark);
    if (at == std::string_view::npos) return {};
    const std::size_t start = at + mark.size();
    return std::string(frame.substr(start, frame.find('"', start) - start));
}

market::Instrument anything(market::Venue venue, market::Category category, std::string symbol) {
    market::Instrument instrument;
    instrument.venue = venue;
    instrument.category = category;
    instrument.base = symbol;
    instrument.quote = "X";
    instrument.symbol = std::move(symbol);
    // As fine as any price or size in the recordings.
    instrument.tick_size = {1, 8};
    instrument.lot_size = {1, 8};
    return instrument;
}

struct Tally {
    std::size_t frames = 0;
    std::map<std::string, std::size_t> refused;

    void print(const std::string& of) const {
        std::cout << "  " << of << ": " << frames << " frames";
        for (const auto& [why, count] : refused) std::cout << "; " << count << " refused: " << why;
        std::cout << std::endl;
    }
};

void decode_binance(const std::string& name, market::Category category, Tally& tally) {
    binance::Codec codec;
    market::InstrumentDirectory directory;
    for (const std::string& line : capture_lines(capture_path(name))) {
        const std::size_t brace = line.find('{');
        if (brace == std::string::npos || line.starts_with("wss") || line.starts_with("http")) continue;
        const std::string_view frame = std::string_view(line).substr(brace);
        if (frame.find("\"e\":") == std::string_view::npos && frame.find("\"stream\":") == std::string_view::npos &&
            frame.find("\"result\":") == std::string_view::npos)
            continue;  // a REST reply among the frames
        const std::string symbol = member(frame, "s");
        if (!symbol.empty() && !directory.find(market::Venue::binance, category, symbol))
            directory.list(anything(market::Venue::binance, category, symbol));
        ++tally.frames;
        const auto message = codec.decode(frame, category, directory);
        if (message && message->kind != binance::MessageKind::passed_over) continue;
        const std::string why = message ? "passed over: " + std::string(message->text) : message.error().what;
        ASSERT_FALSE(why.empty()) << frame.substr(0, 200);
        ++tally.refused[why];
    }
}

TEST(RecordedFrames, EveryOneOfBinanceDecodesOrIsRefusedByName) {
    const std::pair<const char*, market::Category> files[] = {
        {"binance/ws-usdm/btcusdt_20240808.log.zst", market::Category::linear},
        {"binance/ws-spot/btcusdt_20240808.log.zst", market::Category::spot},
        {"binance/ws-spot/btcusdt_20240809.log.zst", market::Category::spot},
        {"binance/ws-spot/ethusdt_20240808.log.zst", market::Category::spot},
        {"binance/cryptofeed-spot/BINANCE.ws.1.0.zst", market::Category::spot},
        {"binance/cryptofeed-usdm/BINANCE_FUTURES.ws.1.0.zst", market::Category::linear}};
    const std::string first = capture_path(files[0].first);
    VT_SKIP_WITHOUT(first, files[0].first);
    std::size_t frames = 0;
    std::size_t refused = 0;
    for (const auto& [name, category] : files) {
        Tally tally;
        decode_binance(name, category, tally);
        tally.print(name);
        frames += tally.frames;
        for (const auto& [why, count] : tally.refused) refused += count;
    }
    EXPECT_GT(frames, 200'000U);
    EXPECT_LT(refused, frames / 1000) << "a refusal is an exception";
}

TEST(RecordedFrames, EveryOneOfBybitDecodesOrIsRefusedByName) {
    const std::string archive = capture_path("bybit/ws-linear/2024-12-01_XRPUSDT_ob500.head50.jsonl.zst");
    VT_SKIP_WITHOUT(archive, "bybit/ws-linear");
    market::InstrumentDirectory directory;
    bybit::Codec codec;
    Tally tally;
    const auto decode = [&](std::string_view frame) {
        const std::string topic = member(frame, "topic");
        const std::string symbol = topic.substr(topic.rfind('.') + 1);
        if (!directory.find(market::Venue::bybit, market::Category::linear, symbol))
            directory.list(anything(market::Venue::bybit, market::Category::linear, symbol));
        Output out;
        ++tally.frames;
        if (codec.decode(frame, directory, {from_ms(1), 1}, out).kind != bybit::FrameKind::rejected) return;
        ASSERT_EQ(out.rejections.size(), 1U);
        ASSERT_FALSE(out.rejections[0].what.empty());
        ++tally.refused[topic.substr(0, topic.find('.')) + " " + out.rejections[0].what];
    };
    for (const std::string& line : capture_lines(archive)) decode(line);
    EXPECT_TRUE(tally.refused.empty()) << "a live recording decodes whole";
    tally.print("bybit/ws-linear");
    // Payloads of clients' own tests, shaped like the documentation, private streams and retired topics among them.
    for (const char* const name : {"nautilus-adapter", "nautilus-legacy-integration"}) {
        tally = {};
        for (const std::string& line :
             capture_lines(capture_path("../fixtures/bybit/" + std::string(name) + ".jsonl"))) {
            const std::size_t data = line.find("\"data\":{");
            if (data == std::string::npos || line.find("\"topic\":\"", data) == std::string::npos) continue;
            const std::string frame = line.substr(data + 7, line.size() - data - 8);
            decode(frame);
        }
        tally.print(name);
        EXPECT_GT(tally.frames, 5U);
    }
}

}  // namespace
}  // namespace vt::exchange
