#include "exchange/binance/rest_codec.hpp"

#include "exchange/test_files.hpp"
#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

#include <map>

namespace vt::exchange::binance {
namespace {

/// Recorded replies, by the name in front of each.
std::map<std::string, std::string> recorded_replies() {
    std::map<std::string, std::string> replies;
    for (const std::string& line : test_lines("binance/gct-rest.txt")) {
        const std::size_t tab = line.find('\t');
        replies[line.substr(0, tab)] = line.substr(tab + 1);
    }
    return replies;
}

class BinanceRest : public testing::Test {
protected:
    std::map<std::string, std::string> replies = recorded_replies();
    market::InstrumentDirectory directory = test_directory();
    HistoryOf bitcoin{market::InstrumentId{3}, "BTCUSDT"};
    EventStamp stamp{from_ms(1'700'000'000'000), 7};
    RestCodec codec;
    Output out;

    template <class T>
    const T& body(std::size_t index) {
        return std::get<T>(out.events.at(index).body);
    }
    /// What is wrong when `from` stands in the reply as `to`.
    template <class Read>
    std::string refusal(const std::string& reply, std::string_view from, std::string_view to, Read&& read) {
        std::string changed = replies.at(reply);
        const std::size_t at = changed.find(from);
        EXPECT_NE(at, std::string::npos);
        changed.replace(at, from.size(), to);
        const auto result = read(changed);
        EXPECT_TRUE(out.events.empty());
        return result ? "accepted" : result.error().what;
    }
};

TEST_F(BinanceRest, ReadsTheCatalogueOfTheFutures) {
    const auto catalogue = codec.exchange_info(replies.at("exchangeInfo"), market::Category::linear);
    ASSERT_TRUE(catalogue) << catalogue.error().what;
    EXPECT_EQ(catalogue->weight_per_minute, 2400U);
    ASSERT_EQ(catalogue->instruments.size(), 2U);
    const market::Instrument& one = catalogue->instruments[0];
    EXPECT_EQ(one.symbol, "BTCUSDT");
    EXPECT_EQ(one.venue, market::Venue::binance);
    EXPECT_EQ(one.settle, "USDT");
    EXPECT_TRUE(one.is_trading());
    EXPECT_FALSE(one.is_dated);
    EXPECT_FALSE(one.delivers_at);
    EXPECT_EQ(one.lot_size.to_double(), 0.001);  // the filter, not quantityPrecision
    EXPECT_TRUE(one.limits.notional_min);
    EXPECT_TRUE(one.limits.market_quantity_max);
    EXPECT_LT(one.limits.price_ratio_min->to_double(), 1);
    EXPECT_GT(one.limits.price_ratio_max->to_double(), 1);
    EXPECT_FALSE(one.limits.quantity_step);
}

TEST_F(BinanceRest, SpotIsListedWithTheAssetsPrecision) {
    const auto catalogue = codec.exchange_info(replies.at("exchangeInfoSpot"), market::Category::spot);
    ASSERT_TRUE(catalogue) << catalogue.error().what;
    EXPECT_EQ(catalogue->weight_per_minute, 6000U);
    ASSERT_FALSE(catalogue->instruments.empty());
    for (const market::Instrument& one : catalogue->instruments) {
        EXPECT_EQ(one.lot_size, (Decimal{1, 8})) << one.symbol;
        EXPECT_TRUE(one.limits.quantity_step);
        EXPECT_TRUE(one.limits.notional_min);
        EXPECT_FALSE(one.limits.market_lot_size);  // "0.00000000": not limited
        EXPECT_TRUE(one.settle.empty());
        EXPECT_EQ(one.kind(), market::ContractKind::spot);
    }
}

TEST_F(BinanceRest, AStatusNobodyKnowsIsNotTraded) {
    const auto with = [&](std::string_view status, std::string_view contract) {
        const std::string text =
            R"({"symbols":[{"symbol":"XUSDT","contractType":")" + std::string(contract) +
            R"(","deliveryDate":1782777600000,"status":")" + std::string(status) +
            R"(","baseAsset":"X","quoteAsset":"USDT","marginAsset":"USDT","filters":[)" +
            R"({"filterType":"PRICE_FILTER","tickSize":"0.1"},{"filterType":"LOT_SIZE","stepSize":"1"}]}]})";
        return codec.exchange_info(text, market::Category::linear);
    };
    EXPECT_EQ(with("SETTLING", "PERPETUAL")->instruments.at(0).status, market::TradingStatus::delivering);
    EXPECT_EQ(with("PENDING_TRADING", "PERPETUAL")->instruments.at(0).status, market::TradingStatus::pre_launch);
    EXPECT_EQ(with("WHATEVER", "PERPETUAL")->instruments.at(0).status, market::TradingStatus::halted);
    EXPECT_TRUE(with("TRADING", "CURRENT_QUARTER")->instruments.at(0).is_dated);
    EXPECT_EQ(with("TRADING", "CURRENT_QUARTER")->instruments.at(0).delivers_at, from_ms(1782777600000));
    EXPECT_TRUE(with("TRADING", "TRADIFI_PERPETUAL")->instruments.at(0).is_trading());
    EXPECT_TRUE(with("TRADING", "SOMETHING_ELSE")->instruments.empty());
}

TEST_F(BinanceRest, ReadsTickersOfOneAndOfAll) {
    const auto one = codec.day_tickers(replies.at("ticker24hr"));
    ASSERT_TRUE(one) << one.error().what;
    ASSERT_EQ(one->size(), 1U);
    EXPECT_DOUBLE_EQ(one->at(0).turnover_24h_quote, 22175129357.20);
    EXPECT_NEAR(one->at(0).ticker.change_24h.value(), -0.0033, 1e-12);
    EXPECT_EQ(codec.day_tickers(replies.at("tickers24hr"))->size(), 3U);
    const auto tops = codec.book_tickers(replies.at("bookTicker"));
    ASSERT_TRUE(tops);
    EXPECT_DOUBLE_EQ(tops->at(0).ask, 19116.50);
    const auto premium = codec.premium_index(replies.at("premiumIndex"));
    ASSERT_TRUE(premium) << premium.error().what;
    EXPECT_DOUBLE_EQ(premium->at(0).ticker.funding_rate.value(), 0.00001226);
    EXPECT_DOUBLE_EQ(premium->at(0).interest_per_8h.value(), 0.0001);
    EXPECT_EQ(codec.premium_index(replies.at("premiumIndexAll"))->size(), 3U);
    const auto terms = codec.funding_info(replies.at("fundingInfo"));
    ASSERT_TRUE(terms);
    EXPECT_EQ(terms->at(1).symbol, "LPTUSDT");
    EXPECT_EQ(terms->at(1).interval, Nanos{std::chrono::hours{4}});
    EXPECT_EQ(codec.server_time(replies.at("time")).value(), from_ms(1620099477465));
}

TEST_F(BinanceRest, ReadsHistoriesOldestFirst) {
    const Nanos day = std::chrono::hours{24};
    ASSERT_EQ(codec.candles(replies.at("klines"), {bitcoin, day, from_ms(1602979200000)}, stamp, out).value(), 5U);
    EXPECT_TRUE(body<market::Candle>(3).is_closed);
    EXPECT_FALSE(body<market::Candle>(4).is_closed);
    EXPECT_DOUBLE_EQ(body<market::Candle>(0).turnover_quote, 2198967087.67917);
    EXPECT_EQ(out.events[0].source_sequence, 7U);
    out.clear();
    ASSERT_EQ(codec.open_interest_history(replies.at("openInterestHist"), {{}, "LTCUSDT"}, stamp, out).value(), 4U);
    EXPECT_DOUBLE_EQ(body<market::OpenInterestSample>(0).base, 286060.674);
    out.clear();
    using market::RatioOf;
    for (const auto& [name, kind] : {std::pair{"globalRatio", RatioOf::accounts},
                                     {"topAccountRatio", RatioOf::top_accounts},
                                     {"topPositionRatio", RatioOf::top_positions}}) {
        const auto count = codec.long_short_ratio(replies.at(name), {bitcoin, kind}, stamp, out);
        ASSERT_TRUE(count) << name << count.error().what;
        EXPECT_GE(*count, 2U);
        EXPECT_NEAR(body<market::LongShortRatio>(0).long_share + body<market::LongShortRatio>(0).short_share, 1,
                    1e-3);
        EXPECT_EQ(body<market::LongShortRatio>(0).of, kind) << name;
        out.clear();
    }
    ASSERT_EQ(codec.funding(replies.at("fundingRate"), bitcoin, stamp, out).value(), 4U);
    EXPECT_EQ(out.events[1].exchange_time, from_ms(1600156800000));  // 10 ms after the hour in the reply
    EXPECT_DOUBLE_EQ(body<market::FundingSettlement>(0).rate, -0.00022270);
    out.clear();
    ASSERT_EQ(codec.open_interest(replies.at("openInterest"), bitcoin, stamp, out).value(), 1U);
    EXPECT_DOUBLE_EQ(body<market::Ticker>(0).open_interest_base.value(), 83782.317);
    out.clear();
    const market::Instrument& instrument = directory[market::InstrumentId{3}];
    market::Instrument fine = instrument;
    fine.tick_size = {1, 2};  // in 2020 the contract's tick was 0.01
    ASSERT_EQ(codec.trades(replies.at("trades"), fine, stamp, out).value(), 5U);
    EXPECT_EQ(body<market::Trade>(0).aggressor, market::Side::buy);
    EXPECT_EQ(body<market::Trade>(0).id, (market::TradeId{0, 229020336}));
    out.clear();
    ASSERT_EQ(codec.trades(replies.at("aggTrades"), fine, stamp, out).value(), 5U);
    EXPECT_EQ(body<market::Trade>(0).id, (market::TradeId{1, 154676475}));
}

TEST_F(BinanceRest, ARefusedBodyAppendsNothingAndSaysWhy) {
    const auto ratio = [&](const std::string& text) { return codec.long_short_ratio(text, {bitcoin}, stamp, out); };
    EXPECT_EQ(refusal("globalRatio", "0.5799", "0.7799", ratio),
              "binance long/short ratio has shares that do not add up to 1, or no time");
    EXPECT_EQ(refusal("globalRatio", "BTCUSDT", "ETHUSDT", ratio),
              "binance long/short ratio speaks of another symbol than asked");
    EXPECT_EQ(refusal("globalRatio", "1602989400000", "1702989400000", ratio),
              "binance long/short ratio is not ordered oldest first");
    const auto candles = [&](const std::string& text) {
        return codec.candles(text, {bitcoin, std::chrono::minutes{5}, stamp.received}, stamp, out);
    };
    EXPECT_EQ(refusal("klines_spot", "6737.79", "6.79", candles),
              "binance klines has a candle whose extremes do not hold its prices");
    EXPECT_EQ(refusal("klines_spot", "1586987400000", "1586987400001", candles),
              "binance klines has a candle of another interval than asked");
    const auto funding = [&](const std::string& text) { return codec.funding(text, bitcoin, stamp, out); };
    EXPECT_NE(refusal("fundingRate", "-0.00022270", "1e999", funding), "accepted");
    const auto interest = [&](const std::string& text) { return codec.open_interest(text, bitcoin, stamp, out); };
    EXPECT_EQ(refusal("openInterest", "83782.317", "-1", interest),
              "binance openInterest lacks openInterest, symbol or time");
}

TEST_F(BinanceRest, TheVenuesOwnRefusalIsNoAnswer) {
    const std::string& text = replies.at("refusal");
    EXPECT_FALSE(codec.server_time(text));
    EXPECT_FALSE(codec.exchange_info(text, market::Category::linear));
    EXPECT_FALSE(codec.day_tickers(text));
    EXPECT_FALSE(codec.open_interest(text, bitcoin, stamp, out));
    EXPECT_FALSE(codec.funding(text, bitcoin, stamp, out));
    EXPECT_TRUE(out.events.empty());
}

TEST_F(BinanceRest, NoTruncatedReplyIsBelieved) {
    const market::Instrument& instrument = directory[market::InstrumentId{3}];
    for (const auto& [name, reply] : replies) {
        for (std::size_t length = 0; length < reply.size(); ++length) {
            const std::string_view cut = std::string_view(reply).substr(0, length);
            const bool is_believed =
                codec.exchange_info(cut, market::Category::linear).has_value() || codec.server_time(cut) ||
                codec.day_tickers(cut) || codec.book_tickers(cut) || codec.funding_info(cut) ||
                codec.premium_index(cut) || codec.candles(cut, {bitcoin, std::chrono::minutes{5}, {}}, stamp, out) ||
                codec.open_interest(cut, bitcoin, stamp, out) ||
                codec.open_interest_history(cut, bitcoin, stamp, out) ||
                codec.long_short_ratio(cut, {bitcoin}, stamp, out) || codec.funding(cut, bitcoin, stamp, out) ||
                codec.trades(cut, instrument, stamp, out);
            ASSERT_FALSE(is_believed) << name << " cut at " << length;
            ASSERT_TRUE(out.events.empty());
        }
    }
}

}  // namespace
}  // namespace vt::exchange::binance
