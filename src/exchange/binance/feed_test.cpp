#include "exchange/binance/feed.hpp"

#include "exchange/binance/fake_venue.hpp"

#include <gtest/gtest.h>

namespace vt::exchange::binance {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

bool has(const std::vector<std::string>& texts, std::string_view part) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

TEST(BinanceFeed, StartsBothMarketsToLiveBooks) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT", "ETHUSDT"}, {"BTCUSDT"}));
    venue.start();
    venue.run(seconds{20});
    EXPECT_TRUE(venue.is_all_live());
    EXPECT_TRUE(venue.are_books_current());
    EXPECT_TRUE(venue.feed.is_backfilled());
    EXPECT_EQ(venue.feed.clock_offset(), Nanos{0});
    EXPECT_EQ(venue.directory.all().size(), 3U);
    EXPECT_EQ(venue.counts["invalid"], 0U);
    EXPECT_EQ(venue.rejections, std::vector<std::string>{});
    EXPECT_EQ(venue.open_sockets().size(), 3U);  // futures' two routes, and spot
    EXPECT_GE(venue.counts["candle"], 3U);
    EXPECT_EQ(venue.counts["settlement"], 2U);
    EXPECT_EQ(venue.counts["ratio"], 2U * 3U);
    EXPECT_EQ(venue.feed.passed_over(), 0U);
    const auto ether = venue.directory.find(market::Venue::binance, market::Category::linear, "ETHUSDT");
    EXPECT_EQ(venue.directory[*ether].funding_interval, Nanos{hours{4}});
    const auto bitcoin = venue.directory.find(market::Venue::binance, market::Category::linear, "BTCUSDT");
    EXPECT_EQ(venue.directory[*bitcoin].funding_interval, Nanos{hours{8}});
}

TEST(BinanceFeed, EachRouteCarriesItsOwnStreams) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}, {"BTCUSDT"}));
    venue.start();
    venue.run(seconds{3});
    std::map<std::string, std::set<std::string>> streams;
    for (const auto& [id, socket] : venue.sockets) streams[socket.path] = socket.streams;
    EXPECT_EQ(streams["/public/ws"],
              (std::set<std::string>{"btcusdt@depth@100ms", "btcusdt@trade", "btcusdt@bookTicker"}));
    EXPECT_EQ(streams["/market/ws"],
              (std::set<std::string>{"!contractInfo", "btcusdt@markPrice@1s", "btcusdt@forceOrder", "btcusdt@ticker",
                                     "btcusdt@kline_1m"}));
    EXPECT_EQ(streams["/ws"], (std::set<std::string>{"btcusdt@depth@100ms", "btcusdt@trade", "btcusdt@bookTicker",
                                                     "btcusdt@ticker", "btcusdt@kline_1m"}));
}

TEST(BinanceFeed, WithoutNamesTakesTheLargestByTurnover) {
    FeedParams params = FakeVenue::params_for({"x"});
    params.futures.symbols.clear();
    params.futures.top_n = 1;
    FakeVenue venue(params);
    venue.start();
    venue.run(seconds{5});
    ASSERT_EQ(venue.directory.all().size(), 1U);
    EXPECT_EQ(venue.directory.all()[0].symbol, "BTCUSDT");
    EXPECT_TRUE(venue.are_books_current());
}

TEST(BinanceFeed, RatiosOfAllAccountsAndOfTopTradersArePolled) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}, {"BTCUSDT"}));
    venue.start();
    venue.run(seconds{60});
    using market::RatioOf;
    const std::map<RatioOf, double> expected{
        {RatioOf::accounts, 0.6}, {RatioOf::top_accounts, 0.45}, {RatioOf::top_positions, 0.3}};
    EXPECT_EQ(venue.newest_ratios, expected);
    const auto after_start = venue.counts["ratio"];
    venue.run(minutes{11});
    EXPECT_EQ(venue.counts["ratio"], after_start + 2 * 3) << "each of them every five minutes";
}

TEST(BinanceFeed, TheInterestWithinFundingIsReadForEachSymbol) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT", "ETHUSDT"}));
    venue.interest = "0.00005000";
    venue.start();
    venue.run(seconds{10});
    ASSERT_EQ(venue.directory.all().size(), 2U);
    EXPECT_EQ(venue.directory.all()[0].interest_per_8h, 0.00005);
    EXPECT_FALSE(venue.directory.all()[1].interest_per_8h) << "the venue says nothing of it";
}

// A failure at each step of the start, of each kind: it is asked again, and the start ends as without it.
TEST(BinanceFeed, AFailureAtAnyStepOfTheStartOnlyDelaysIt) {
    struct Failure {
        int status;
        std::string body, headers;
    };
    const Failure failures[] = {{0, "connection refused", ""},
                                {500, R"({"code":-1001,"msg":"Internal error"})", ""},
                                {200, "<html>no JSON</html>", ""},
                                {200, R"({"serverTime":)", ""},
                                {429, R"({"code":-1003,"msg":"Too many requests"})", "retry-after: 2\n"},
                                {418, R"({"code":-1003,"msg":"Way too many requests"})", "retry-after: 3\n"},
                                {503, "Service Unavailable", ""}};
    for (const char* path :
         {"/fapi/v1/time", "/fapi/v1/exchangeInfo", "/fapi/v1/fundingInfo", "/fapi/v1/premiumIndex",
          "/fapi/v1/ticker/24hr", "/fapi/v1/depth", "/fapi/v1/klines", "/futures/data/openInterestHist",
          "/futures/data/globalLongShortAccountRatio", "/futures/data/topLongShortAccountRatio",
          "/futures/data/topLongShortPositionRatio", "/fapi/v1/fundingRate", "/fapi/v1/openInterest"}) {
        for (const Failure& failure : failures) {
            FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}));
            venue.failing[path] = 2;
            venue.failure_status = failure.status;
            venue.failure_body = failure.body;
            venue.failure_headers = failure.headers;
            venue.start();
            venue.run(seconds{30});
            const std::string where = std::string(path) + " " + std::to_string(failure.status);
            EXPECT_EQ(venue.failing[path], 0) << where;
            EXPECT_TRUE(venue.is_all_live()) << where;
            EXPECT_TRUE(venue.are_books_current()) << where;
            EXPECT_TRUE(venue.feed.is_backfilled()) << where;
            EXPECT_FALSE(venue.rejections.empty()) << where;
        }
    }
}

TEST(BinanceFeed, ABanStopsEveryRequestUntilItIsOver) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}));
    venue.start();
    venue.run(seconds{20});
    venue.failing["/fapi/v1/openInterest"] = 1;
    venue.failure_status = 418;
    venue.failure_body = R"({"code":-1003,"msg":"Way too many requests"})";
    venue.failure_headers = "retry-after: 120\n";
    while (venue.failing["/fapi/v1/openInterest"] > 0) venue.run(seconds{1});
    const std::size_t before = venue.targets.size();
    venue.run(seconds{115});
    EXPECT_EQ(venue.targets.size(), before);
    EXPECT_TRUE(venue.are_books_current());  // the streams go on
    venue.run(seconds{20});
    EXPECT_GT(venue.targets.size(), before);
}

TEST(BinanceFeed, OneMarketDownLeavesTheOtherAlone) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}, {"BTCUSDT"}));
    venue.failing["/fapi/v1/exchangeInfo"] = 1'000'000;
    venue.start();
    venue.run(seconds{30});
    ASSERT_EQ(venue.directory.all().size(), 1U);
    EXPECT_EQ(venue.directory.all()[0].category, market::Category::spot);
    EXPECT_TRUE(venue.are_books_current());
}

TEST(BinanceFeed, ASilentRouteIsNoticedAndConnectedAgain) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}));
    venue.silent_paths = {"/market/ws"};
    venue.start();
    venue.run(seconds{60});
    EXPECT_TRUE(has(venue.rejections, "answers but sends no data; is the route right?"));
    EXPECT_TRUE(venue.are_books_current());
    const market::InstrumentId bitcoin{0};
    EXPECT_NE(venue.state(bitcoin, market::Stream::ticker), StreamState::live);
    venue.silent_paths.clear();
    venue.run(seconds{60});
    EXPECT_TRUE(venue.is_all_live());
}

TEST(BinanceFeed, OneRefusedStreamDoesNotTakeTheOthersAlong) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT", "ETHUSDT"}));
    venue.refused_streams = {"ethusdt@trade"};
    venue.start();
    venue.run(seconds{20});
    const market::InstrumentId bitcoin{0};
    const market::InstrumentId ether{1};
    EXPECT_EQ(venue.state(ether, market::Stream::trades), StreamState::down);
    EXPECT_EQ(venue.state(bitcoin, market::Stream::trades), StreamState::live);
    EXPECT_EQ(venue.state(ether, market::Stream::book), StreamState::live);
    EXPECT_TRUE(has(venue.rejections, "refused: ethusdt@trade"));
}

TEST(BinanceFeed, UnknownNamesAreNamedAndTheRestIsFollowed) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT", "NOPEUSDT"}));
    venue.start();
    venue.run(seconds{5});
    EXPECT_TRUE(has(venue.rejections, "'NOPEUSDT' is not traded now on the USDT-M futures"));
    EXPECT_TRUE(venue.are_books_current());
}

TEST(BinanceFeed, ControlMessagesKeepTheVenuesPace) {
    FeedParams params = FakeVenue::params_for({"BTCUSDT", "ETHUSDT"}, {"BTCUSDT", "ETHUSDT"});
    params.times.topics_per_request = 1;
    FakeVenue venue(params);
    venue.start();
    for (int i = 0; i < 50; ++i) {
        const std::size_t before = venue.controls.size();
        venue.run(seconds{1});
        EXPECT_LE(venue.controls.size() - before, 8U + 8U + 4U + 3U);
    }
    EXPECT_TRUE(venue.is_all_live());
}

TEST(BinanceFeed, LostInputsEmptyTheBooksOfTheirConnectionOnly) {
    FakeVenue venue(FakeVenue::params_for({"BTCUSDT"}, {"BTCUSDT"}));
    venue.start();
    venue.run(seconds{10});
    for (const auto& [id, socket] : venue.sockets) {
        if (socket.path != "/public/ws") continue;
        venue.act([&, lost = id] { venue.feed.on_dropped(lost, 7, venue.now, venue.out); });
        break;
    }
    EXPECT_EQ(venue.counts["invalid"], 1U);
    EXPECT_FALSE(venue.are_books_current());
    venue.run(seconds{5});
    EXPECT_TRUE(venue.are_books_current());
}

TEST(BinanceFeed, ARecordingNeedsNoStart) {
    market::InstrumentDirectory directory = test_directory();
    Feed feed({}, directory);
    Output out;
    feed.start(from_ms(1), out);  // follows nothing: stays a recording's
    EXPECT_FALSE(feed.is_live());
    EXPECT_TRUE(feed.is_backfilled());
    EXPECT_EQ(feed.clock_offset(), Nanos{0});
    EXPECT_TRUE(out.actions.empty());
}

}  // namespace
}  // namespace vt::exchange::binance
