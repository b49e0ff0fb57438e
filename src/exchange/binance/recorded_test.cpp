// Recorded replies and frames that may be read but not copied: they lie beside the project, or the test is skipped.

#include "exchange/binance/codec.hpp"
#include "exchange/binance/rest_codec.hpp"
#include "exchange/capture.hpp"

#include <gtest/gtest.h>

#include <map>

namespace vt::exchange::binance {
namespace {

std::string whole(const std::string& path) {
    std::string text;
    for (const std::string& line : capture_lines(path)) text += line + "\n";
    return text;
}

TEST(BinanceRecorded, TheWholeCatalogueOfTheFuturesDecodes) {
    const std::string name = "../exchange-facts/binance/rest-2026-07/20260703T170827Z__fapi-v1-exchangeInfo.json.zst";
    const std::string path = capture_path(name);
    VT_SKIP_WITHOUT(path, name);
    RestCodec codec;
    const auto catalogue = codec.exchange_info(whole(path), market::Category::linear);
    ASSERT_TRUE(catalogue) << catalogue.error().what;
    EXPECT_EQ(catalogue->weight_per_minute, 2400U);
    std::map<market::TradingStatus, int> count;
    int dated = 0;
    for (const market::Instrument& one : catalogue->instruments) {
        ++count[one.status];
        dated += one.is_dated ? 1 : 0;
    }
    EXPECT_EQ(catalogue->instruments.size(), 820U);
    EXPECT_EQ(count[market::TradingStatus::delivering], 123);
    EXPECT_GT(dated, 0);
    const market::Instrument& bitcoin = catalogue->instruments.front();
    EXPECT_EQ(bitcoin.symbol, "BTCUSDT");
    EXPECT_DOUBLE_EQ(bitcoin.tick(), 0.1);  // pricePrecision says 2
    EXPECT_DOUBLE_EQ(bitcoin.limits.notional_min->to_double(), 50);
    EXPECT_DOUBLE_EQ(bitcoin.limits.price_ratio_max->to_double(), 1.05);
}

TEST(BinanceRecorded, RepliesOfTheWholeMarketDecode) {
    const std::string folder = "../exchange-facts/binance/rest-2026-07/";
    const std::string premium = capture_path(folder + "20260704T044945Z__fapi-v1-premiumIndex.json.zst");
    const std::string tops = capture_path(folder + "20260715T0651Z__api-v3-ticker-bookTicker-full.json.zst");
    const std::string terms = capture_path(folder + "20260704T155543Z__fapi-v1-fundingInfo.json.zst");
    const std::string spot =
        capture_path(folder + "20260703T051738Z__api-v3-exchangeInfo-curated-BTCETHXVG.json.zst");
    VT_SKIP_WITHOUT(premium, folder);
    RestCodec codec;
    const auto rows = codec.premium_index(whole(premium));
    ASSERT_TRUE(rows) << rows.error().what;
    EXPECT_GT(rows->size(), 500U);
    std::map<std::optional<double>, int> interests;
    for (const PremiumRow& row : *rows) ++interests[row.interest_per_8h];
    EXPECT_EQ(interests[0.0], 119);  // contracts on shares and goods
    EXPECT_EQ(interests[std::nullopt], 31) << "no funding is due";
    EXPECT_EQ(interests[0.00005], 2);
    EXPECT_EQ(interests[0.0001], 671);
    const auto quotes = codec.book_tickers(whole(tops));
    ASSERT_TRUE(quotes) << quotes.error().what;
    EXPECT_GT(quotes->size(), 3000U);
    const auto funding = codec.funding_info(whole(terms));
    ASSERT_TRUE(funding) << funding.error().what;
    std::map<Nanos, int> intervals;
    for (const FundingTerms& one : *funding) ++intervals[one.interval];
    EXPECT_GE(intervals.size(), 3U);  // never hard-code eight hours
    const auto catalogue = codec.exchange_info(whole(spot), market::Category::spot);
    ASSERT_TRUE(catalogue) << catalogue.error().what;
    EXPECT_GE(catalogue->instruments.size(), 3U);
}

// 2021: four alts, in the format of the cryptofeed library: the address, then "seconds: frame" lines.
TEST(BinanceRecorded, EveryFrameOfTheAltsDecodes) {
    const std::string catalogue_path = capture_path("binance/cryptofeed-usdm/BINANCE_FUTURES.0.zst");
    const std::string frames_path = capture_path("binance/cryptofeed-usdm/BINANCE_FUTURES.ws.1.0.zst");
    VT_SKIP_WITHOUT(frames_path, "binance/cryptofeed-usdm");
    RestCodec rest;
    market::InstrumentDirectory directory;
    for (const std::string& line : capture_lines(catalogue_path)) {
        const std::size_t brace = line.find('{');
        if (brace == std::string::npos || line.find("\"symbols\"") == std::string::npos) continue;
        const auto catalogue = rest.exchange_info(std::string_view(line).substr(brace), market::Category::linear);
        ASSERT_TRUE(catalogue) << catalogue.error().what;
        for (const market::Instrument& one : catalogue->instruments) directory.list(one);
    }
    ASSERT_GT(directory.all().size(), 3U);
    Codec codec;
    std::map<MessageKind, int> kinds;
    int frames = 0;
    for (const std::string& line : capture_lines(frames_path)) {
        const std::size_t brace = line.find('{');
        if (line.find(": {") == std::string::npos || line.starts_with("wss")) continue;
        ++frames;
        const auto message = codec.decode(std::string_view(line).substr(brace), market::Category::linear, directory);
        ASSERT_TRUE(message) << message.error().what << " in " << line.substr(0, 300);
        ++kinds[message->kind];
    }
    EXPECT_GT(frames, 1500);
    EXPECT_GT(kinds[MessageKind::depth], 100);
    EXPECT_GT(kinds[MessageKind::aggregate_trade], 0);
    EXPECT_GT(kinds[MessageKind::candle], 0);
    EXPECT_EQ(kinds[MessageKind::passed_over], 0);
}

}  // namespace
}  // namespace vt::exchange::binance
