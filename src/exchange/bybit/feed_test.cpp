#include "exchange/bybit/feed.hpp"

#include "exchange/test_market.hpp"

#include <gtest/gtest.h>

#include <map>

namespace vt::exchange::bybit {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// The venue's REST and a shell that lists instruments, at a clock of its own.
class BybitFeed : public testing::Test {
protected:
    FeedParams params() {
        FeedParams p;
        p.symbols = {};
        p.top_n = 2;
        p.backfill = {.minutes_1 = 1500,
                      .minutes_5 = 10,
                      .minutes_30 = 0,
                      .hours_4 = 5,
                      .open_interest = 4,
                      .account_ratio = 4,
                      .funding = 4};
        return p;
    }
    void make(FeedParams p) { feed.emplace(std::move(p), directory); }

    template <class Step>
    void act(Step&& step) {
        out.clear();
        step();
        for (const Listed& listed : out.listings) directory.list(listed.instrument);
        for (const Action& action : out.actions) {
            if (const auto* get = std::get_if<HttpGet>(&action)) requests.push_back(*get);
            if (const auto* connect = std::get_if<Connect>(&action)) connects.push_back(*connect);
            if (const auto* text = std::get_if<SendText>(&action)) texts.push_back(text->text);
        }
        for (const market::Event& event : out.events) {
            ++counts[event.body.index()];
            if (const auto* candle = std::get_if<market::Candle>(&event.body))
                candles.push_back({event.instrument, *candle});
        }
        rejections.insert(rejections.end(), out.rejections.begin(), out.rejections.end());
    }
    void start() {
        act([&] { feed->start(now, out); });
    }
    void tick(Nanos step = milliseconds{250}) {
        now += step;
        act([&] { feed->on_tick(now, out); });
    }
    void reply(const HttpGet& get, int status, std::string_view body, std::string_view headers = {}) {
        act([&] {
            feed->on_reply({get.request, status, now - milliseconds{20}, body, headers}, now, ++sequence, out);
        });
    }
    std::string result(std::string_view text, int code = 0) const {
        return R"({"retCode":)" + std::to_string(code) + R"(,"retMsg":"","result":)" + std::string(text) +
               R"(,"retExtInfo":{},"time":)" + std::to_string(to_ms(now)) + "}";
    }
    static std::string instrument(std::string_view symbol, std::string_view tick = "0.1",
                                  std::string_view quote = "USDT") {
        return R"({"symbol":")" + std::string(symbol) +
               R"(","contractType":"LinearPerpetual","status":"Trading","baseCoin":"X","quoteCoin":")" +
               std::string(quote) + R"(","settleCoin":")" + std::string(quote) + R"(","priceFilter":{"tickSize":")" +
               std::string(tick) + R"("},"lotSizeFilter":{"qtyStep":"0.001"},"fundingInterval":480})";
    }
    std::uint64_t number_in(const std::string& target, std::string_view key) const {
        const std::size_t at = target.find(key);
        return at == std::string::npos ? 0 : std::stoull(target.substr(at + key.size()));
    }
    std::string symbol_in(const std::string& target) const {
        const std::size_t at = target.find("symbol=") + 7;
        return target.substr(at, target.find('&', at) - at);
    }
    /// As the venue would answer.
    std::string answer(const std::string& target) const {
        const auto asks = [&](std::string_view what) { return target.find(what) != std::string::npos; };
        if (asks("/market/time")) {
            const std::string nanos = std::to_string(to_ns(now - milliseconds{10} + skew));
            return result(R"({"timeSecond":"1","timeNano":")" + nanos + R"("})");
        }
        if (asks("cursor=page%3D2")) {
            return result(R"({"category":"linear","list":[)" + instrument("SOLUSDT") +
                          R"(],"nextPageCursor":"page%3D2"})");
        }
        if (asks("instruments-info")) {
            return result(R"({"category":"linear","list":[)" + instrument("BTCUSDT", bitcoin_tick) + "," +
                          instrument("ETHUSDT") + "," + instrument("BTCPERP", "0.1", "USDC") +
                          R"(],"nextPageCursor":"page%3D2"})");
        }
        if (asks("/market/tickers")) {
            return result(
                R"({"category":"linear","list":[{"symbol":"BTCUSDT","turnover24h":"50"},{"symbol":"ETHUSDT","turnover24h":"10"},{"symbol":"SOLUSDT","turnover24h":"90"},{"symbol":"BTCPERP","turnover24h":"99"}]})");
        }
        const std::string head = R"({"category":"linear","symbol":")" + symbol_in(target) + R"(","list":[)";
        if (asks("/kline")) {
            const std::uint64_t first = number_in(target, "start=");
            const std::uint64_t last = number_in(target, "end=");
            const std::uint64_t step = number_in(target, "interval=") * 60'000;
            std::string rows;
            for (std::uint64_t at = last; at >= first; at -= step) {
                if (!rows.empty()) rows += ',';
                rows += "[\"" + std::to_string(at) + R"(","2","3","1","2","5","10"])";
            }
            return result(head + rows + "]}");
        }
        if (asks("risk-limit")) {
            return result(head + R"({"symbol":")" + symbol_in(target) + R"(","riskLimitValue":"2000000",)" +
                          R"("maintenanceMargin":")" + first_rate + R"(","maxLeverage":"100"}]})");
        }
        const std::string at = std::to_string(to_ms(floor_to(now, minutes{5})));
        if (asks("open-interest")) return result(head + R"({"openInterest":"10","timestamp":")" + at + R"("}]})");
        if (asks("account-ratio")) {
            return result(R"({"list":[{"symbol":")" + symbol_in(target) +
                          R"(","buyRatio":"0.6","sellRatio":"0.4","timestamp":")" + at + R"("}]})");
        }
        return result(R"({"category":"linear","list":[{"symbol":")" + symbol_in(target) +
                      R"(","fundingRate":"0.0001","fundingRateTimestamp":"1700000000000"}]})");
    }
    /// Answers whatever is asked until nothing is.
    void serve(int rounds = 400) {
        for (int i = 0; i < rounds; ++i) {
            const std::vector<HttpGet> batch = std::move(requests);
            requests.clear();
            for (const HttpGet& get : batch) {
                served.push_back(get);
                now = std::max(now, get.not_before);
                reply(get, 200, answer(get.target));
            }
            if (batch.empty()) tick();
            if (feed->is_backfilled() && requests.empty()) return;
        }
    }
    std::size_t count_served(std::string_view part) const {
        return static_cast<std::size_t>(std::count_if(served.begin(), served.end(), [&](const HttpGet& get) {
            return get.target.find(part) != std::string::npos;
        }));
    }

    market::InstrumentDirectory directory;
    std::optional<Feed> feed;
    Timestamp now = from_ms(1'700'000'000'000);
    Nanos skew = milliseconds{1500};
    std::string bitcoin_tick = "0.1";
    std::string first_rate = "0.005";
    std::uint64_t sequence = 0;
    Output out;
    std::vector<HttpGet> requests;
    std::vector<HttpGet> served;
    std::vector<Connect> connects;
    std::vector<std::string> texts;
    std::map<std::size_t, std::size_t> counts;
    std::vector<std::pair<market::InstrumentId, market::Candle>> candles;
    std::vector<Rejected> rejections;
};

TEST_F(BybitFeed, StartsFromTimeAndCatalogueToConnectionsAndHistory) {
    make(params());
    start();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0].target, "/v5/market/time");
    EXPECT_EQ(requests[1].target, "/v5/market/instruments-info?category=linear&limit=1000");
    serve();
    ASSERT_EQ(directory.all().size(), 2U);  // by turnover, USDT only; a cursor that repeats itself ends the pages
    EXPECT_EQ(directory.all()[0].symbol, "SOLUSDT");
    EXPECT_EQ(directory.all()[1].symbol, "BTCUSDT");
    EXPECT_EQ(count_served("instruments-info"), 2U);
    ASSERT_EQ(connects.size(), 1U);
    EXPECT_EQ(connects[0].path, "/v5/public/linear");
    EXPECT_EQ(venue_of(connects[0].connection), market::Venue::bybit);
    EXPECT_EQ(feed->streams().size(), 10U);
    EXPECT_EQ(feed->clock_offset(), milliseconds{1500});
    EXPECT_TRUE(feed->is_backfilled());
    EXPECT_TRUE(rejections.empty());
    EXPECT_EQ(feed->instruments().size(), 2U);
}

TEST_F(BybitFeed, FetchesEachHistoryOldestFirstInPagesOfAThousand) {
    make(params());
    start();
    serve();
    std::vector<market::Candle> minute_bars;
    for (const auto& [id, candle] : candles) {
        if (id == market::InstrumentId{0} && candle.interval == minutes{1}) minute_bars.push_back(candle);
    }
    ASSERT_EQ(minute_bars.size(), 1501U);
    for (std::size_t i = 1; i < minute_bars.size(); ++i) {
        EXPECT_EQ(minute_bars[i].open_time - minute_bars[i - 1].open_time, minutes{1});
    }
    EXPECT_TRUE(minute_bars[1499].is_closed);
    EXPECT_EQ(count_served("kline?category=linear&symbol=SOLUSDT&interval=1&"), 2U);
    EXPECT_EQ(count_served("interval=30"), 0U);
    EXPECT_EQ(count_served("interval=240"), 2U);
    EXPECT_EQ(count_served("open-interest?category=linear&symbol=BTCUSDT&intervalTime=5min&limit=4"), 1U);
    EXPECT_EQ(count_served("account-ratio?category=linear&symbol=BTCUSDT&period=1h&limit=4"), 1U);
    EXPECT_EQ(count_served("funding/history?category=linear&symbol=BTCUSDT&limit=4"), 1U);
}

TEST_F(BybitFeed, AsksAtMostTenTimesASecondAndThreeAtOnce) {
    make(params());
    start();
    std::size_t in_flight_max = 0;
    for (int i = 0; i < 200; ++i) {
        in_flight_max = std::max(in_flight_max, requests.size());
        if (requests.empty()) {
            tick();
            continue;
        }
        const HttpGet get = requests.front();
        requests.erase(requests.begin());
        served.push_back(get);
        reply(get, 200, answer(get.target));
    }
    EXPECT_LE(in_flight_max, 3U);
    for (std::size_t i = 10; i < served.size(); ++i) {
        EXPECT_GE(served[i].not_before - served[i - 10].not_before, seconds{1});
    }
}

TEST_F(BybitFeed, FollowsANamedListInItsOrderAndNamesWhatIsMissing) {
    FeedParams p = params();
    p.symbols = {"ETHUSDT", "NOPEUSDT", "BTCUSDT"};
    make(std::move(p));
    start();
    serve();
    ASSERT_EQ(directory.all().size(), 2U);
    EXPECT_EQ(directory.all()[0].symbol, "ETHUSDT");
    ASSERT_EQ(rejections.size(), 1U);
    EXPECT_EQ(rejections[0].what, "'NOPEUSDT' is not traded now in: linear");
    act([&] { feed->on_open(connects[0].connection, now, out); });
    EXPECT_NE(texts.at(0).find("orderbook.200.ETHUSDT"), std::string::npos);
    EXPECT_NE(texts.at(0).find("kline.1.ETHUSDT"), std::string::npos);
}

TEST_F(BybitFeed, SplitsManySymbolsOverConnections) {
    FeedParams p = params();
    p.top_n = 3;
    p.symbols_per_connection = 2;
    make(std::move(p));
    start();
    serve();
    ASSERT_EQ(connects.size(), 2U);
    EXPECT_NE(connects[0].connection, connects[1].connection);
    EXPECT_EQ(feed->streams().size(), 15U);
    EXPECT_FALSE(feed->connection_age(market::InstrumentId{2}, now));
    act([&] { feed->on_open(connects[1].connection, now, out); });
    EXPECT_EQ(feed->connection_age(market::InstrumentId{2}, now + seconds{3}), seconds{3});
    EXPECT_FALSE(feed->connection_age(market::InstrumentId{0}, now));
}

TEST_F(BybitFeed, ForbiddenStopsEveryRequestForTenMinutes) {
    make(params());
    start();
    const std::vector<HttpGet> first = std::move(requests);
    requests.clear();
    reply(first[0], 200, answer(first[0].target));
    reply(first[1], 403, "access too frequent");
    for (int i = 0; i < 599; ++i) {
        tick(seconds{1});
        EXPECT_TRUE(requests.empty()) << i;
    }
    tick(seconds{2});
    EXPECT_FALSE(requests.empty());
    serve();
    EXPECT_TRUE(feed->is_backfilled());
}

TEST_F(BybitFeed, ALimitIsWaitedForAsItsHeaderSays) {
    make(params());
    start();
    const std::vector<HttpGet> first = std::move(requests);
    requests.clear();
    reply(first[0], 200, answer(first[0].target));
    const std::string reset =
        "x-bapi-limit: 10\nx-bapi-limit-reset-timestamp: " + std::to_string(to_ms(now + seconds{7} + skew)) + "\n";
    reply(first[1], 200, result("{}", 10006), reset);
    for (int i = 0; i < 6; ++i) {
        tick(seconds{1});
        EXPECT_TRUE(requests.empty()) << i;
    }
    tick(seconds{1});
    EXPECT_FALSE(requests.empty());
}

TEST_F(BybitFeed, FailuresAreRetriedWithBackOffAndHistoryIsGivenUpInTheEnd) {
    make(params());
    start();
    int failures = 0;
    for (int i = 0; i < 4000 && !feed->is_backfilled(); ++i) {
        const std::vector<HttpGet> batch = std::move(requests);
        requests.clear();
        for (const HttpGet& get : batch) {
            const bool is_doomed = get.target.find("funding/history") != std::string::npos;
            const bool fails_once = !is_doomed && ++failures % 3 == 0;
            if (is_doomed)
                reply(get, 200, result("{}", 10001));
            else if (fails_once)
                reply(get, failures % 2 == 0 ? 0 : 502, "no answer");
            else
                reply(get, 200, answer(get.target));
        }
        tick();
    }
    EXPECT_TRUE(feed->is_backfilled());
    EXPECT_EQ(connects.size(), 1U);
    const auto given_up = std::count_if(rejections.begin(), rejections.end(), [](const Rejected& rejected) {
        return rejected.what.find("given up") != std::string::npos;
    });
    EXPECT_EQ(given_up, 2);
}

TEST_F(BybitFeed, ALostReplyIsAskedAgainAfterAMinute) {
    make(params());
    start();
    requests.clear();  // none of them is ever answered
    tick(seconds{61});
    tick(seconds{1});
    ASSERT_EQ(requests.size(), 2U);
    serve();
    EXPECT_TRUE(feed->is_backfilled());
}

TEST_F(BybitFeed, AReconnectFetchesTheMissedMinutes) {
    make(params());
    start();
    serve();
    const ConnectionId connection = connects[0].connection;
    act([&] { feed->on_open(connection, now, out); });
    EXPECT_TRUE(requests.empty());  // the first opening misses nothing
    now += seconds{5};
    act([&] { feed->on_close(connection, "reset", now, out); });
    now += minutes{3};
    candles.clear();
    served.clear();
    act([&] { feed->on_open(connection, now, out); });
    for (int i = 0; i < 20; ++i) serve(2);
    EXPECT_EQ(count_served("kline"), 2U);
    EXPECT_EQ(count_served("interval=1&"), 2U);
    ASSERT_FALSE(candles.empty());
    EXPECT_LE(candles.front().second.open_time, now - minutes{3});
}

TEST_F(BybitFeed, PollsEveryFiveMinutesAndPassesEachSampleOnOnce) {
    make(params());
    start();
    serve();
    const std::size_t sample = market::EventBody(market::OpenInterestSample{}).index();
    EXPECT_EQ(counts[sample], 2U);
    served.clear();
    counts.clear();
    for (int i = 0; i < 4 * 60 * 10 + 8; ++i) {
        tick();
        const std::vector<HttpGet> batch = std::move(requests);
        requests.clear();
        for (const HttpGet& get : batch) {
            served.push_back(get);
            reply(get, 200, answer(get.target));
        }
    }
    EXPECT_EQ(count_served("/market/time"), 2U);
    EXPECT_EQ(count_served("open-interest"), 4U);
    EXPECT_EQ(counts[sample], 4U);
}

TEST_F(BybitFeed, AnUpdateOffTheStepRefreshesTheCatalogue) {
    make(params());
    start();
    serve();
    const ConnectionId connection = connects[0].connection;
    act([&] { feed->on_open(connection, now, out); });
    const auto book = [&](std::string_view type, std::string_view price, int u) {
        const std::string text = R"({"topic":"orderbook.200.BTCUSDT","type":")" + std::string(type) +
                                 R"(","ts":1700000000001,"data":{"s":"BTCUSDT","b":[[")" + std::string(price) +
                                 R"(","1"]],"a":[],"u":)" + std::to_string(u) + R"(,"seq":)" + std::to_string(u) +
                                 R"(},"cts":1700000000000})";
        act([&] { feed->on_text(connection, text, now, ++sequence, out); });
    };
    now += minutes{2};
    book("snapshot", "100.1", 5);
    ASSERT_EQ(out.events.size(), 1U);
    bitcoin_tick = "0.01";
    book("delta", "100.05", 6);
    ASSERT_EQ(out.events.size(), 1U);
    EXPECT_EQ(std::get<market::BookInvalid>(out.events[0].body).reason, market::BookGap::off_step);
    for (int i = 0; i < 20; ++i) serve(2);
    EXPECT_EQ(directory.all()[1].tick_size, (Decimal{1, 2}));
    book("snapshot", "100.05", 7);
    ASSERT_EQ(out.events.size(), 1U);
    EXPECT_EQ(std::get<market::BookUpdate>(out.events[0].body).bids[0].price, Ticks{10005});
}

TEST_F(BybitFeed, AnAnswerFromAnotherTimeOrOfAnotherSymbolIsAskedAgain) {
    make(params());
    start();
    const std::vector<HttpGet> first = std::move(requests);
    requests.clear();
    reply(first[0], 200, answer(first[0].target));  // the time: the offset is known from here on
    ASSERT_TRUE(feed->clock_offset());
    const std::string old = answer(first[1].target);
    now += minutes{5};
    reply(first[1], 200, old);
    ASSERT_EQ(rejections.size(), 1U);
    EXPECT_EQ(rejections[0].what, "the answer was made 301 s before its question; asked again");
    serve();
    ASSERT_TRUE(feed->is_backfilled());
    rejections.clear();
    tick(minutes{6});  // a poll
    std::size_t swapped = 0;
    for (const HttpGet& get : std::exchange(requests, {})) {
        if (get.target.find("open-interest") == std::string::npos) continue;
        ++swapped;
        std::string other = get.target;
        const std::size_t at = other.find("symbol=") + 7;
        other.replace(at, other.find('&', at) - at, "XRPUSDT");
        reply(get, 200, answer(other));
        EXPECT_TRUE(out.events.empty());
    }
    EXPECT_GT(swapped, 0U);
    EXPECT_EQ(rejections.size(), swapped);
    EXPECT_EQ(rejections.at(0).what, "bybit open-interest speaks of another symbol than asked; asked again");
}

TEST_F(BybitFeed, AsksForNoMarginTiersUnlessToldTo) {
    make(params());
    start();
    serve();
    EXPECT_EQ(count_served("risk-limit"), 0U);
    EXPECT_TRUE(directory.all()[0].margin_tiers.empty());
}

TEST_F(BybitFeed, MarginTiersAreAskedForBesideTheRestOnceADayAndKeptByTheCatalogue) {
    FeedParams p = params();
    p.asks_margin = true;
    p.poll_every = minutes{60 * 24 * 30};
    make(p);
    start();
    const auto run = [&](Nanos span) {
        for (const Timestamp until = now + span; now < until;) {
            serve(40);
            tick(minutes{1});
        }
    };
    run(minutes{2});
    ASSERT_EQ(count_served("risk-limit"), 2U);
    for (const market::Instrument& one : directory.all()) {
        ASSERT_EQ(one.margin_tiers.size(), 1U) << one.symbol;
        EXPECT_EQ(one.margin_tiers[0].maintenance_rate, (Decimal{5, 3}));
    }
    bitcoin_tick = "0.5";
    run(minutes{20});
    EXPECT_EQ(directory.all()[1].tick_size, (Decimal{5, 1})) << "listed anew by the catalogue";
    EXPECT_EQ(directory.all()[1].margin_tiers.size(), 1U) << "which does not have the tiers";
    first_rate = "0.006";
    run(minutes{60 * 24});
    EXPECT_EQ(count_served("risk-limit"), 4U);
    EXPECT_EQ(directory.all()[0].margin_tiers[0].maintenance_rate, (Decimal{6, 3}));
    EXPECT_TRUE(rejections.empty());
}

/// Recordings made without them, and what others ask, do not depend on them.
TEST_F(BybitFeed, MarginTiersThatNobodyAnswersHoldUpNothing) {
    const auto others = [&](bool asks_margin) {
        directory = {};
        FeedParams p = params();
        p.asks_margin = asks_margin;
        make(p);
        now = from_ms(1'700'000'000'000);
        requests.clear();
        std::vector<std::pair<RequestId, std::string>> asked;
        start();
        for (int i = 0; i < 4000; ++i) {
            const std::vector<HttpGet> batch = std::move(requests);
            requests.clear();
            for (const HttpGet& get : batch) {
                if (get.target.find("risk-limit") != std::string::npos) continue;
                asked.emplace_back(get.request, get.target);
                now = std::max(now, get.not_before);
                reply(get, 200, answer(get.target));
            }
            if (batch.empty()) tick();
        }
        EXPECT_TRUE(feed->is_backfilled());
        return asked;
    };
    EXPECT_EQ(others(false), others(true));
}

TEST_F(BybitFeed, StrangersAreIgnored) {
    make(params());
    start();
    serve();
    act([&] { feed->on_text(ConnectionId{77}, "{}", now, 1, out); });
    EXPECT_TRUE(out.rejections.empty());
    act([&] { feed->on_reply({RequestId{12345}, 200, now, "{}", {}}, now, 1, out); });
    EXPECT_TRUE(out.events.empty());
    act([&] { feed->on_dropped(connects[0].connection, 3, now, out); });
    EXPECT_TRUE(out.events.empty());
}

}  // namespace
}  // namespace vt::exchange::bybit
