// Several categories at once, and a catalogue that changes while the program runs.

#include "exchange/bybit/feed.hpp"
#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace vt::exchange::bybit {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A venue whose lists a test edits, and a shell that obeys the feed.
class BybitCategories : public testing::Test {
protected:
    static std::string linear(std::string_view symbol, std::string_view status = "Trading") {
        return R"({"symbol":")" + std::string(symbol) + R"(","contractType":"LinearPerpetual","status":")" +
               std::string(status) +
               R"(","baseCoin":"X","quoteCoin":"USDT","settleCoin":"USDT","priceFilter":{"tickSize":"0.1"},
                  "lotSizeFilter":{"qtyStep":"0.001"},"fundingInterval":480})";
    }
    static std::string inverse(std::string_view symbol) {
        return R"({"symbol":")" + std::string(symbol) +
               R"(","contractType":"InversePerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USD",
                  "settleCoin":"BTC","priceFilter":{"tickSize":"0.5"},"lotSizeFilter":{"qtyStep":"1"}})";
    }
    static std::string spot(std::string_view symbol) {
        return R"({"symbol":")" + std::string(symbol) +
               R"(","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","priceFilter":{"tickSize":"0.01"},
                  "lotSizeFilter":{"basePrecision":"0.000001"}})";
    }

    void make(FeedParams params) {
        params.backfill = {.minutes_1 = 5,
                           .minutes_5 = 0,
                           .minutes_30 = 0,
                           .hours_4 = 0,
                           .open_interest = 4,
                           .account_ratio = 4,
                           .funding = 4};
        // Nothing here is about liveness: the sockets rest.
        for (Nanos* limit :
             {&params.times.connect_timeout, &params.times.pong_timeout, &params.times.stale_after,
              &params.times.silence_timeout, &params.times.data_silence_timeout, &params.times.data_stale_after,
              &params.times.ticker_silence, &params.times.joint_silence, &params.times.first_data_timeout,
              &params.times.first_print_timeout, &params.times.acknowledge_timeout}) {
            *limit = std::chrono::hours{10};
        }
        feed.emplace(std::move(params), directory);
        act([&] { feed->start(now, out); });
    }
    template <class Step>
    void act(Step&& step) {
        out.clear();
        step();
        for (const Listed& listed : out.listings) {
            directory.list(listed.instrument);
            listings.push_back(listed.instrument);
        }
        for (const Action& action : out.actions) {
            if (const auto* get = std::get_if<HttpGet>(&action)) requests.push_back(*get);
            if (const auto* connect = std::get_if<Connect>(&action)) connects.push_back(*connect);
            if (const auto* text = std::get_if<SendText>(&action)) texts.push_back(text->text);
        }
        for (const Rejected& rejected : out.rejections) rejections.push_back(rejected.source + ": " + rejected.what);
    }
    std::string result(const std::string& text) const {
        return R"({"retCode":0,"retMsg":"","result":)" + text + R"(,"time":)" + std::to_string(to_ms(now)) + "}";
    }
    std::string list_of(const std::string& category, const std::vector<std::string>& rows) const {
        std::string text = R"({"category":")" + category + R"(","list":[)";
        for (const std::string& row : rows) text += (&row == &rows.front() ? "" : ",") + row;
        return result(text + R"(],"nextPageCursor":""})");
    }
    std::string answer(const std::string& target) const {
        const auto asks = [&](std::string_view what) { return target.find(what) != std::string::npos; };
        if (asks("/market/time")) return result(R"({"timeNano":")" + std::to_string(to_ns(now)) + R"("})");
        const std::size_t at = target.find("category=") + 9;
        const std::string category = target.substr(at, target.find('&', at) - at);
        if (asks("instruments-info")) return list_of(category, catalogues.at(category));
        if (asks("/tickers")) return list_of(category, tickers.at(category));
        return list_of(category, {});
    }
    /// Answers all but the silent category's requests for so long.
    void serve(Nanos span) {
        const Timestamp end = now + span;
        while (now < end) {
            const std::vector<HttpGet> batch = std::move(requests);
            requests.clear();
            for (const HttpGet& get : batch) {
                if (!silent.empty() && get.target.find("category=" + silent) != std::string::npos) continue;
                served.push_back(get.target);
                act([&] { feed->on_reply({get.request, 200, now, answer(get.target), {}}, now, ++sequence, out); });
            }
            now += milliseconds{250};
            act([&] { feed->on_tick(now, out); });
        }
    }
    void open_all() {
        for (std::size_t i = opened; i < connects.size(); ++i)
            act([&] { feed->on_open(connects[i].connection, now, out); });
        opened = connects.size();
    }
    bool was_asked(std::string_view part) const {
        return std::any_of(served.begin(), served.end(),
                           [&](const std::string& target) { return target.find(part) != std::string::npos; });
    }
    bool was_sent(std::string_view part) const {
        return std::any_of(texts.begin(), texts.end(),
                           [&](const std::string& text) { return text.find(part) != std::string::npos; });
    }

    std::map<std::string, std::vector<std::string>> catalogues = {
        {"linear", {linear("BTCUSDT"), linear("ETHUSDT"), linear("SOLUSDT")}},
        {"inverse", {inverse("BTCUSD")}},
        {"spot", {spot("BTCUSDT")}}};
    std::map<std::string, std::vector<std::string>> tickers = {
        {"linear",
         {R"({"symbol":"BTCUSDT","turnover24h":"9"})", R"({"symbol":"ETHUSDT","turnover24h":"8"})",
          R"({"symbol":"SOLUSDT","turnover24h":"7"})", R"({"symbol":"NEWUSDT","turnover24h":"1"})"}},
        {"inverse", {R"({"symbol":"BTCUSD","volume24h":"9","turnover24h":"1"})"}},
        {"spot", {R"({"symbol":"BTCUSDT","turnover24h":"5"})"}}};
    std::string silent;
    market::InstrumentDirectory directory;
    std::optional<Feed> feed;
    Output out;
    std::vector<HttpGet> requests;
    std::vector<Connect> connects;
    std::vector<std::string> texts, served, rejections;
    std::vector<market::Instrument> listings;
    std::size_t opened = 0;
    std::uint64_t sequence = 0;
    Timestamp now = from_ms(1'700'000'000'000);
};

TEST_F(BybitCategories, EachHasItsPathTopicsAndHistories) {
    make({.categories = {market::Category::linear, market::Category::inverse, market::Category::spot}, .top_n = 5});
    serve(seconds{20});
    ASSERT_TRUE(feed->is_backfilled());
    std::set<std::string> ids;
    for (const market::Instrument& instrument : directory.all()) ids.insert(instrument.path_id());
    EXPECT_EQ(ids, (std::set<std::string>{"bybit-linear-BTCUSDT", "bybit-linear-ETHUSDT", "bybit-linear-SOLUSDT",
                                          "bybit-inverse-BTCUSD", "bybit-spot-BTCUSDT"}));
    std::set<std::string> paths;
    std::set<std::uint32_t> numbers;
    for (const Connect& connect : connects) {
        paths.insert(connect.path);
        numbers.insert(connect.connection.value());
    }
    EXPECT_EQ(paths, (std::set<std::string>{"/v5/public/linear", "/v5/public/inverse", "/v5/public/spot"}));
    EXPECT_EQ(numbers.size(), 3U);
    open_all();
    const auto of_spot = std::find_if(texts.begin(), texts.end(), [](const std::string& text) {
        return text.find("BTCUSDT") != std::string::npos && text.find("ETHUSDT") == std::string::npos;
    });
    ASSERT_NE(of_spot, texts.end());
    EXPECT_EQ(of_spot->find("allLiquidation"), std::string::npos) << "spot has no liquidations";
    EXPECT_TRUE(was_sent("allLiquidation.BTCUSD\""));
    EXPECT_TRUE(was_asked("kline?category=spot&symbol=BTCUSDT"));
    EXPECT_TRUE(was_asked("open-interest?category=linear"));
    EXPECT_TRUE(was_asked("funding/history?category=inverse"));
    EXPECT_FALSE(was_asked("open-interest?category=inverse")) << "counted in dollars without a price";
    EXPECT_FALSE(was_asked("funding/history?category=spot"));
    EXPECT_FALSE(was_asked("account-ratio?category=spot"));
    EXPECT_TRUE(rejections.empty()) << rejections.front();
}

TEST_F(BybitCategories, ANameIsFollowedWhereItIsListed) {
    make({.categories = {market::Category::linear, market::Category::inverse, market::Category::spot},
          .symbols = {"BTCUSDT", "BTCUSD", "NOPE"}});
    serve(seconds{20});
    EXPECT_EQ(listings.size(), 3U);
    ASSERT_EQ(rejections.size(), 1U);
    EXPECT_EQ(rejections[0], "bybit catalogue: 'NOPE' is not traded now in: linear, inverse, spot");
}

TEST_F(BybitCategories, ASilentOneDoesNotHoldUpTheOthers) {
    silent = "spot";
    make({.categories = {market::Category::spot, market::Category::linear}, .top_n = 2});
    serve(seconds{20});
    EXPECT_EQ(connects.size(), 1U);
    EXPECT_EQ(feed->instruments().size(), 2U);
    EXPECT_FALSE(feed->is_backfilled());
    silent.clear();
    serve(minutes{2});
    EXPECT_EQ(connects.size(), 2U) << "asked again after the lost reply, and followed then";
    EXPECT_TRUE(feed->is_backfilled());
}

TEST_F(BybitCategories, FramesGoToTheCodecOfTheirConnection) {
    make({.categories = {market::Category::linear, market::Category::spot}, .symbols = {"BTCUSDT"}});
    serve(seconds{20});
    open_all();
    for (const Connect& connect : connects) {
        const bool is_spot = connect.path == "/v5/public/spot";
        act([&] {
            feed->on_text(connect.connection,
                          R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1700000000000,"data":[{"T":
                              1700000000000,"s":"BTCUSDT","S":"Buy","v":"0.5","p":"100.1","i":"1"}]})",
                          now, ++sequence, out);
        });
        ASSERT_EQ(out.events.size(), 1U);
        const market::Instrument& instrument = directory[out.events[0].instrument];
        EXPECT_EQ(instrument.category, is_spot ? market::Category::spot : market::Category::linear);
        const auto& trade = std::get<market::Trade>(out.events[0].body);
        EXPECT_EQ(trade.quantity, is_spot ? Lots{500'000} : Lots{500}) << "in its own lots";
    }
}

TEST_F(BybitCategories, ANewListingTakesAFreePlace) {
    make({.top_n = 4});
    serve(seconds{20});
    EXPECT_EQ(listings.size(), 3U) << "no fourth is listed yet";
    open_all();
    const std::size_t rows = feed->streams().size();
    act([&] {
        feed->on_text(connects[0].connection, R"({"topic":"tickers.BTCUSDT","type":"snapshot","ts":1700000000000,
            "data":{"symbol":"BTCUSDT","lastPrice":"1"}})",
                      now, ++sequence, out);
    });
    catalogues["linear"].push_back(linear("NEWUSDT"));
    serve(minutes{17});
    ASSERT_EQ(listings.size(), 4U);
    EXPECT_EQ(listings.back().symbol, "NEWUSDT");
    EXPECT_EQ(feed->streams().size(), rows + 5);
    EXPECT_EQ(connects.back().path, "/v5/public/linear");
    const auto row = std::find_if(feed->streams().begin(), feed->streams().end(), [&](const StreamStatus& status) {
        return status.stream == market::Stream::ticker && status.last_exchange_time.has_value();
    });
    ASSERT_NE(row, feed->streams().end()) << "the rows moved with their content";
    EXPECT_EQ(row->last_exchange_time, from_ms(1'700'000'000'000));
    open_all();
    EXPECT_TRUE(was_sent("orderbook.50.NEWUSDT"));
}

TEST_F(BybitCategories, WhatIsDelistedIsLetGoAndReplaced) {
    make({.top_n = 2});
    serve(seconds{20});
    open_all();
    const ConnectionId connection = connects[0].connection;
    act([&] {
        feed->on_text(connection, R"({"topic":"orderbook.200.ETHUSDT","type":"snapshot","ts":1700000000001,"data":{
            "s":"ETHUSDT","b":[["99.9","1"]],"a":[["100.1","1"]],"u":5,"seq":5},"cts":1700000000000})",
                      now, ++sequence, out);
    });
    ASSERT_EQ(out.events.size(), 1U);
    catalogues["linear"] = {linear("BTCUSDT"), linear("SOLUSDT")};
    texts.clear();
    serve(minutes{17});
    const auto gone = directory.find(market::Venue::bybit, market::Category::linear, "ETHUSDT");
    EXPECT_EQ(directory[*gone].status, market::TradingStatus::closed);
    EXPECT_EQ(listings.back().symbol, "SOLUSDT") << "the next largest";
    EXPECT_TRUE(was_sent(R"("op":"unsubscribe","args":["orderbook.200.ETHUSDT")"));
    for (const StreamStatus& status : feed->streams()) {
        if (status.instrument == *gone) {
            EXPECT_EQ(name(status.state), "down");
        }
    }
    texts.clear();
    act([&] { feed->on_close(connection, "reset", now, out); });
    act([&] { feed->on_open(connection, now, out); });
    EXPECT_FALSE(was_sent("ETHUSDT")) << "a reconnect does not ask for it";
    catalogues["linear"].push_back(linear("ETHUSDT"));
    serve(minutes{17});
    EXPECT_EQ(directory[*gone].status, market::TradingStatus::trading);
    EXPECT_TRUE(was_sent("orderbook.200.ETHUSDT")) << "listed again: subscribed again";
}

TEST_F(BybitCategories, ARenameIsAnEndAndABeginning) {
    make({.symbols = {"ETHUSDT", "ETH2USDT"}});
    serve(seconds{20});
    EXPECT_EQ(rejections.size(), 1U);
    catalogues["linear"] = {linear("BTCUSDT"), linear("ETH2USDT")};
    serve(minutes{17});
    ASSERT_EQ(listings.size(), 3U);
    EXPECT_EQ(listings[1].status, market::TradingStatus::closed);
    EXPECT_EQ(listings[2].symbol, "ETH2USDT");
}

TEST_F(BybitCategories, AHaltIsToldAndChangesNothingElse) {
    make({.symbols = {"BTCUSDT"}});
    serve(seconds{20});
    const std::size_t connections = connects.size();
    catalogues["linear"] = {linear("BTCUSDT", "Settling")};
    serve(minutes{17});
    ASSERT_EQ(listings.size(), 2U);
    EXPECT_EQ(listings.back().status, market::TradingStatus::delivering);
    serve(minutes{40});
    EXPECT_EQ(listings.size(), 2U) << "told once";
    EXPECT_EQ(connects.size(), connections);
}

TEST(BybitCapabilities, WhatTheVenueDoesNotOfferIsRefusedWithWhatItDoes) {
    EXPECT_TRUE(check_capabilities({}));
    EXPECT_EQ(check_capabilities({.depth = 500}).error().what,
              "bybit: a book of 500 levels is not offered; 1, 50, 200 and 1000 are. 50 are taken");
    EXPECT_EQ(check_capabilities({.depths = {{"ETHUSDT", 100}}}).error().what,
              "bybit: a book of 100 levels for ETHUSDT is not offered; 1, 50, 200 and 1000 are. 50 are taken");
    EXPECT_EQ(check_capabilities({.categories = {}}).error().code, Errc::configuration);
}

TEST_F(BybitCategories, ADepthThatIsNotOfferedIsNamedAtTheStart) {
    make({.symbols = {"SOLUSDT"}, .depth = 500});
    ASSERT_EQ(rejections.size(), 1U);
    EXPECT_TRUE(rejections[0].starts_with("bybit capabilities: bybit: a book of 500 levels")) << rejections[0];
    serve(seconds{20});
    open_all();
    EXPECT_TRUE(was_sent("orderbook.50.SOLUSDT"));
}

}  // namespace
}  // namespace vt::exchange::bybit
