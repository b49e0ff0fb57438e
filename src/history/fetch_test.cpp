#include "history/fetch.hpp"

#include "history/gaps.hpp"
#include "history/test_rows.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <deque>
#include <functional>
#include <set>

namespace vt::history {
namespace {

constexpr std::int64_t kNow_ms = kTestStart + 5000 * kTestStep + 30'000;
constexpr std::int64_t kListed_ms = kTestStart + 200 * kTestStep;

std::string text_in(std::string_view target, std::string_view name) {
    const std::size_t at = target.find(std::string(name) + "=");
    if (at == std::string_view::npos) return {};
    const std::string_view rest = target.substr(at + name.size() + 1);
    return std::string(rest.substr(0, rest.find('&')));
}

std::int64_t number_in(std::string_view target, std::string_view name) {
    const std::string text = text_in(target, name);
    std::int64_t number = -1;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// A venue that answers like Bybit or Binance, has bars from its listing on but for a hole, and fails when told to.
struct Venue {
    market::Venue kind = market::Venue::bybit;
    std::set<std::int64_t> holes;
    std::vector<std::string> targets;
    /// Another answer for the n-th request, from 0.
    std::function<std::optional<std::pair<int, std::string>>(std::size_t)> fault = [](std::size_t) {
        return std::nullopt;
    };

    std::pair<int, std::string> answer(const std::string& target) {
        targets.push_back(target);
        if (const auto failed = fault(targets.size() - 1)) return *failed;
        return {200, kind == market::Venue::bybit ? bybit(target) : binance(target)};
    }

    static std::string wrapped(const std::string& result) {
        return R"({"retCode":0,"retMsg":"OK","result":)" + result + R"(,"retExtInfo":{},"time":)" +
               std::to_string(kNow_ms) + "}";
    }
    std::vector<std::int64_t> times(std::int64_t from, std::int64_t to, std::int64_t step) const {
        std::vector<std::int64_t> found;
        from = std::max(from, kListed_ms);
        for (std::int64_t at = (from + step - 1) / step * step; at <= to && at <= kNow_ms; at += step) {
            if (!holes.contains(at)) found.push_back(at);
        }
        return found;
    }
    std::string bybit(const std::string& target) const {
        if (target == "/v5/market/time")
            return wrapped(R"({"timeSecond":"1","timeNano":")" + std::to_string(kNow_ms) + R"(000000"})");
        if (target.starts_with("/v5/market/instruments-info")) {
            return wrapped(
                R"({"category":"linear","nextPageCursor":"","list":[{"symbol":"BTCUSDT","contractType":)"
                R"("LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT","settleCoin":"USDT",)"
                R"("priceFilter":{"tickSize":"0.10"},"lotSizeFilter":{"qtyStep":"0.001"},"fundingInterval":480}]})");
        }
        const bool is_bars = target.find("/kline?") != std::string::npos;
        std::vector<std::int64_t> found =
            is_bars ? times(number_in(target, "start"), number_in(target, "end"), kTestStep)
                    : times(number_in(target, "startTime"), number_in(target, "endTime"), 3'600'000);
        std::reverse(found.begin(), found.end());
        found.resize(std::min<std::size_t>(found.size(), static_cast<std::size_t>(number_in(target, "limit"))));
        std::string list;
        for (const std::int64_t at : found) {
            if (!list.empty()) list += ',';
            const std::string time = std::to_string(at);
            list += is_bars
                        ? "[\"" + time + R"(","100.50","101","99","100","1.5","150.25"])"
                        : R"({"symbol":"BTCUSDT","fundingRate":"-0.0001","fundingRateTimestamp":")" + time + "\"}";
        }
        return wrapped(R"({"category":"linear",)" + std::string(is_bars ? R"("symbol":"BTCUSDT",)" : "") +
                       R"("list":[)" + list + "]}");
    }
    std::string binance(const std::string& target) const {
        if (target.ends_with("/time")) return R"({"serverTime":)" + std::to_string(kNow_ms) + "}";
        if (target.find("exchangeInfo") != std::string::npos) {
            return R"({"rateLimits":[],"symbols":[{"symbol":"BTCUSDT","contractType":"PERPETUAL","status":"TRADING",)"
                   R"("baseAsset":"BTC","quoteAsset":"USDT","marginAsset":"USDT","filters":[)"
                   R"({"filterType":"PRICE_FILTER","tickSize":"0.10"},{"filterType":"LOT_SIZE","stepSize":"0.001"}]}]})";
        }
        std::vector<std::int64_t> found =
            times(number_in(target, "startTime"), number_in(target, "endTime"), kTestStep);
        found.resize(std::min<std::size_t>(found.size(), static_cast<std::size_t>(number_in(target, "limit"))));
        std::string list;
        for (const std::int64_t at : found) {
            if (!list.empty()) list += ',';
            list += "[" + std::to_string(at) + R"(,"100.50","101","99","100","1.50000000",)" +
                    std::to_string(at + kTestStep - 1) + R"(,"150.25",7,"0.5","50","0"])";
        }
        return "[" + list + "]";
    }
};

class HistoryFetch : public testing::Test {
protected:
    FetchParams params(Series series, TimeRange range = {kTestStart, INT64_MAX}) {
        return {.orders = {{std::move(series), range}}, .directory = directory_.path(), .program = "test"};
    }
    static Series bars(market::Venue venue = market::Venue::bybit) {
        return {.venue = venue, .symbol = "BTCUSDT", .kind = Kind::klines, .step_ms = kTestStep};
    }
    /// Lets the venue answer until the run is over or `replies` were given.
    static void run(Fetch& fetch, Venue& venue, std::size_t replies = 100'000) {
        exchange::Output out;
        Timestamp now = from_ms(kNow_ms);
        fetch.start(now, out);
        std::deque<exchange::HttpGet> asked;
        for (;;) {
            for (const exchange::Action& action : out.actions) asked.push_back(std::get<exchange::HttpGet>(action));
            out.clear();
            if (asked.empty() || replies-- == 0) return;
            const exchange::HttpGet get = asked.front();
            asked.pop_front();
            now = std::max(now, get.not_before);
            const auto [status, body] = venue.answer(get.target);
            fetch.reply({.request = get.request, .status = status, .sent = now, .body = body, .headers = {}}, now,
                        out);
        }
    }
    SeriesReader stored(const Series& series = bars()) const {
        auto reader = SeriesReader::open(directory_.path() / series.file());
        EXPECT_TRUE(reader) << reader.error().what;
        return std::move(*reader);
    }
    /// Every bar once, from the listing to the last closed one.
    void expect_whole(const Venue& venue, const Series& series = bars()) {
        SeriesReader reader = stored(series);
        std::uint64_t rows = 0;
        for (const StoredBlock& block : reader.blocks()) rows += block.header.rows;
        const Table table = *reader.read_all();
        const auto expected = venue.times(kTestStart, kNow_ms - kTestStep - 1, kTestStep);
        EXPECT_EQ(table.times_ms, expected);
        EXPECT_EQ(rows, expected.size()) << "something is stored twice";
    }

    storage::TemporaryDirectory directory_{"vt-fetch"};
};

TEST_F(HistoryFetch, BringsEverythingThatIsOver) {
    Venue venue{.holes = {kTestStart + 700 * kTestStep, kTestStart + 701 * kTestStep}};
    Fetch fetch(params(bars()));
    run(fetch, venue);
    ASSERT_TRUE(fetch.is_done());
    const FetchProgress& progress = fetch.progress()[0];
    EXPECT_EQ(progress.state, FetchState::done) << progress.problem;
    EXPECT_EQ(progress.left_ms, 0);
    EXPECT_EQ(progress.stored.added, 4798U);
    expect_whole(venue);
    SeriesReader reader = stored();
    EXPECT_EQ(reader.header().tick_size, (Decimal{1, 1}));
    const Table table = *reader.read_all();
    EXPECT_EQ(table.columns[0].at(0), (Decimal{1005, 1}));
    EXPECT_EQ(table.columns[5].at(0), (Decimal{15025, 2}));
    EXPECT_EQ(table.times_ms.back(), kTestStart + 4999 * kTestStep);  // bar 5000 has begun, and is not over
    const auto gaps = find_gaps(reader, std::nullopt);
    EXPECT_EQ(gaps->gaps,
              (std::vector<Gap>{{{kTestStart, kListed_ms}, 200, true},
                                {{kTestStart + 700 * kTestStep, kTestStart + 702 * kTestStep}, 2, true}}));
    EXPECT_EQ(venue.targets[2],
              "/v5/market/"
              "kline?category=linear&symbol=BTCUSDT&interval=1&start=1767225600000&end=1767285599999&limit=1000");
}

TEST_F(HistoryFetch, AsksAgainOnlyForWhatIsNew) {
    Venue venue;
    Fetch first(params(bars(), {kTestStart, kTestStart + 3000 * kTestStep}));
    run(first, venue);
    const std::uint64_t before = stored().size();
    Fetch same(params(bars(), {kTestStart, kTestStart + 3000 * kTestStep}));
    run(same, venue);
    EXPECT_EQ(same.progress()[0].requests, 0U);
    EXPECT_EQ(stored().size(), before);
    Fetch more(params(bars()));
    run(more, venue);
    EXPECT_EQ(more.progress()[0].requests, 2U);
    EXPECT_EQ(more.progress()[0].stored.added, 2000U);
    EXPECT_EQ(more.progress()[0].stored.equal, 0U);
    expect_whole(venue);
}

TEST_F(HistoryFetch, YearsBeforeTheListingCostFewRequests) {
    Venue venue;
    Fetch fetch(params(bars(), {kTestStart - 3 * 525'600 * kTestStep, INT64_MAX}));
    run(fetch, venue);
    EXPECT_EQ(fetch.progress()[0].state, FetchState::done);
    EXPECT_LT(fetch.progress()[0].requests, 40U);
    expect_whole(venue);
}

TEST_F(HistoryFetch, BinanceCutsItsPagesAtTheOtherEnd) {
    Venue venue{.kind = market::Venue::binance, .holes = {kTestStart + 700 * kTestStep}};
    const Series series = bars(market::Venue::binance);
    Fetch fetch(params(series, {kTestStart - 525'600 * kTestStep, INT64_MAX}));
    run(fetch, venue);
    EXPECT_EQ(fetch.progress()[0].state, FetchState::done) << fetch.progress()[0].problem;
    expect_whole(venue, series);
    const Table table = *stored(series).read_all();
    EXPECT_EQ(table.columns[6].at(0), (Decimal{7, 0}));
    EXPECT_EQ(table.columns[7].at(0), (Decimal{5, 1}));
    EXPECT_NE(venue.targets[2].find("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime="), std::string::npos);
}

TEST_F(HistoryFetch, FundingHasNoStep) {
    Venue venue;
    const Series series{.symbol = "BTCUSDT", .kind = Kind::funding};
    Fetch fetch(params(series, {kTestStart - 10'000 * 3'600'000LL, INT64_MAX}));
    run(fetch, venue);
    EXPECT_EQ(fetch.progress()[0].state, FetchState::done) << fetch.progress()[0].problem;
    const Table table = *stored(series).read_all();
    EXPECT_EQ(table.times_ms, venue.times(0, kNow_ms, 3'600'000));
    EXPECT_EQ(table.columns[0].at(0), (Decimal{-1, 4}));
}

TEST_F(HistoryFetch, AKilledRunGoesOnWhereItStopped) {
    Venue counted;
    Fetch whole(params(bars()));
    run(whole, counted);
    const std::size_t all = counted.targets.size();
    for (std::size_t killed_after = 0; killed_after < all; ++killed_after) {
        std::filesystem::remove_all(directory_.path() / "bybit");
        Venue venue;
        std::uint64_t pages = 0;
        {
            Fetch killed(params(bars()));
            run(killed, venue, killed_after);
            pages = killed.progress()[0].requests;
        }
        Fetch again(params(bars()));
        run(again, venue);
        EXPECT_EQ(again.progress()[0].state, FetchState::done);
        EXPECT_EQ(pages + again.progress()[0].requests, whole.progress()[0].requests) << killed_after;
        expect_whole(venue);
    }
}

TEST_F(HistoryFetch, EveryRequestMayFailInEveryWay) {
    const std::vector<std::pair<int, std::string>> faults = {
        {0, "connection refused"},
        {503, "<html>busy</html>"},
        {429, ""},
        {200, R"({"retCode":10006,"retMsg":"Too many visits!","result":{},"retExtInfo":{},"time":1767225600000})"},
        {200, R"({"retCode":10016,"retMsg":"Server error.","result":{},"retExtInfo":{},"time":1767225600000})"},
        {502, "{}"},
    };
    for (std::size_t failing = 0; failing < 8; ++failing) {
        for (const auto& fault : faults) {
            std::filesystem::remove_all(directory_.path() / "bybit");
            Venue venue;
            venue.fault = [&](std::size_t request) {
                return request == failing || request == failing + 1 ? std::optional(fault) : std::nullopt;
            };
            Fetch fetch(params(bars()));
            run(fetch, venue);
            ASSERT_EQ(fetch.progress()[0].state, FetchState::done)
                << failing << " " << fault.first << " " << fetch.progress()[0].problem;
            expect_whole(venue);
        }
    }
}

TEST_F(HistoryFetch, AnAnswerThatIsNoneEndsTheSeriesAndTheNextRunGoesOn) {
    Venue good;
    const std::string page = good.bybit(
        "/v5/market/"
        "kline?category=linear&symbol=BTCUSDT&interval=1&start=1767285600000&end=1767345599999&limit=1000");
    const std::vector<std::string> bodies = {
        std::string(page).replace(page.find("BTCUSDT"), 7, "ETHUSDT"),
        std::string(page).replace(page.find("linear"), 6, "spot"),
        std::string(page).replace(page.find("\"101\""), 5, "\"98\""),  // a high below the open
        std::string(page).replace(page.find("\"101\""), 5, "\"abc\""),
        R"({"retCode":0,"retMsg":"OK","result":{},"time":1767225600000})",
        good.bybit("/v5/market/kline?&start=1767225600000&end=1767245599999&limit=1000"),  // another time than asked
    };
    for (const std::string& body : bodies) {
        std::filesystem::remove_all(directory_.path() / "bybit");
        Venue venue;
        venue.fault = [&](std::size_t request) {
            return request == 3 ? std::optional(std::pair(200, body)) : std::nullopt;
        };
        Fetch fetch(params(bars()));
        run(fetch, venue);
        EXPECT_EQ(fetch.progress()[0].state, FetchState::failed) << body.substr(0, 200);
        EXPECT_FALSE(fetch.progress()[0].problem.empty());
        EXPECT_EQ(stored().read_all()->rows(), 800U) << "the page before stays";
        venue.fault = [](std::size_t) { return std::nullopt; };
        Fetch again(params(bars()));
        run(again, venue);
        expect_whole(venue);
    }
}

TEST_F(HistoryFetch, AnAnswerThatIsNoJsonIsAskedForAgain) {
    Venue good;
    const std::string page = good.bybit(
        "/v5/market/"
        "kline?category=linear&symbol=BTCUSDT&interval=1&start=1767285600000&end=1767345599999&limit=1000");
    for (const std::string& body :
         {page.substr(0, page.size() / 2), "[" + page + "]", std::string("<html>hello</html>"), std::string()}) {
        std::filesystem::remove_all(directory_.path() / "bybit");
        Venue venue;
        venue.fault = [&](std::size_t request) {
            return request == 3 ? std::optional(std::pair(200, body)) : std::nullopt;
        };
        Fetch fetch(params(bars()));
        run(fetch, venue);
        EXPECT_EQ(fetch.progress()[0].state, FetchState::done) << body.substr(0, 200);
        expect_whole(venue);
    }
}

TEST_F(HistoryFetch, AVenueThatStaysDownEndsTheRunWithItsReason) {
    Venue venue;
    venue.fault = [](std::size_t request) {
        return request >= 4 ? std::optional(std::pair(0, std::string("connection refused"))) : std::nullopt;
    };
    Fetch fetch(params(bars()));
    run(fetch, venue);
    EXPECT_EQ(fetch.progress()[0].state, FetchState::failed);
    EXPECT_NE(fetch.progress()[0].problem.find("connection refused"), std::string::npos)
        << fetch.progress()[0].problem;
    EXPECT_NE(fetch.progress()[0].problem.find("8 attempts"), std::string::npos) << fetch.progress()[0].problem;
    EXPECT_EQ(venue.targets.size(), 4U + 8U);
}

TEST_F(HistoryFetch, AnUnknownSymbolIsRefusedAndTheOthersGoOn) {
    Venue venue;
    FetchParams several = params(bars());
    Series wrong = bars();
    wrong.symbol = "BTCUSD";
    several.orders.insert(several.orders.begin(), {wrong, {kTestStart, INT64_MAX}});
    wrong.symbol = "NOTHING";
    several.orders.push_back({wrong, {kTestStart, INT64_MAX}});
    wrong = bars();
    wrong.kind = Kind::position_ratio;
    wrong.step_ms = 300'000;
    several.orders.push_back({wrong, {kTestStart, INT64_MAX}});
    Fetch fetch(std::move(several));
    run(fetch, venue);
    ASSERT_TRUE(fetch.is_done());
    EXPECT_NE(fetch.progress()[0].problem.find("lists no symbol BTCUSD; did you mean BTCUSDT?"), std::string::npos)
        << fetch.progress()[0].problem;
    EXPECT_EQ(fetch.progress()[1].state, FetchState::done);
    EXPECT_NE(fetch.progress()[2].problem.find("NOTHING; give it as the venue writes it"), std::string::npos);
    EXPECT_NE(fetch.progress()[3].problem.find("no ratio of top traders; it has account_ratio"), std::string::npos)
        << fetch.progress()[3].problem;
    expect_whole(venue);
    EXPECT_FALSE(std::filesystem::exists(directory_.path() / "bybit/linear/NOTHING"));
}

TEST_F(HistoryFetch, OneRunAtATimeFetchesFromASite) {
    Venue venue;
    {
        Fetch first(params(bars()));
        exchange::Output out;
        first.start(from_ms(kNow_ms), out);
        EXPECT_FALSE(first.is_done());
        Fetch second(params(bars()));
        exchange::Output none;
        second.start(from_ms(kNow_ms), none);
        EXPECT_TRUE(second.is_done());
        EXPECT_TRUE(none.actions.empty());
        EXPECT_NE(second.progress()[0].problem.find("another `history fetch` from bybit"), std::string::npos)
            << second.progress()[0].problem;
    }
    Fetch third(params(bars()));
    run(third, venue);
    EXPECT_EQ(third.progress()[0].state, FetchState::done) << "the first is gone, and its lock with it";
    expect_whole(venue);
}

TEST_F(HistoryFetch, ImportedRowsAreKeptAndTheirHolesAsked) {
    Venue venue;
    Table imported(Kind::klines);
    for (std::int64_t i = 300; i < 2000; ++i) {
        if (i != 500) add_row(imported, kTestStart + i * kTestStep, {"100.5", "101", "99", "100", "1.5", "150.25"});
    }
    {
        auto writer = std::move(*SeriesWriter::open(directory_.path(), {.series = bars()}));
        ASSERT_TRUE(writer.store(imported, {}, Source::import, OnConflict::refuse));
    }
    Fetch fetch(params(bars()));
    run(fetch, venue);
    EXPECT_EQ(fetch.progress()[0].stored.equal, 0U);
    EXPECT_EQ(fetch.progress()[0].stored.added, 100U + 1U + 3000U);
    expect_whole(venue);
}

TEST_F(HistoryFetch, AHoleOfTheLastHourIsAskedForAgain) {
    const std::int64_t late = kTestStart + 4995 * kTestStep;
    Venue venue{.holes = {late}};
    Fetch first(params(bars()));
    run(first, venue);
    venue.holes.clear();
    Fetch second(params(bars()));
    run(second, venue);
    // The row behind the hole proved it at the time; a hole at the very end proves nothing.
    EXPECT_EQ(second.progress()[0].requests, 0U);
    Venue lagging;
    for (std::int64_t i = 4995; i < 5000; ++i) lagging.holes.insert(kTestStart + i * kTestStep);
    std::filesystem::remove_all(directory_.path() / "bybit");
    Fetch third(params(bars()));
    run(third, lagging);
    EXPECT_EQ(third.progress()[0].state, FetchState::done);
    lagging.holes.clear();
    Fetch fourth(params(bars()));
    run(fourth, lagging);
    EXPECT_EQ(fourth.progress()[0].stored.added, 5U);
    expect_whole(lagging);
}

TEST(HistoryTerms, SayWhatThereIs) {
    using exchange::history_terms;
    const auto no_8h = history_terms(market::Venue::bybit, market::Category::linear, Kind::klines, 28'800'000);
    ASSERT_FALSE(no_8h);
    EXPECT_NE(no_8h.error().what.find("there are 1m, 3m"), std::string::npos) << no_8h.error().what;
    EXPECT_FALSE(history_terms(market::Venue::bybit, market::Category::spot, Kind::funding, 0));
    EXPECT_FALSE(history_terms(market::Venue::binance, market::Category::spot, Kind::open_interest, 300'000));
    EXPECT_FALSE(history_terms(market::Venue::binance, market::Category::inverse, Kind::klines, 60'000));
    EXPECT_EQ(
        history_terms(market::Venue::binance, market::Category::linear, Kind::open_interest, 300'000)->days_kept, 30);
}

TEST(HistoryCodec, ReadsOpenInterestAndRatiosExactly) {
    exchange::HistoryCodec codec;
    exchange::HistoryPage page{.symbol = "BTCUSDT",
                               .kind = Kind::open_interest,
                               .step_ms = 300'000,
                               .from_ms = 0,
                               .to_ms = INT64_MAX,
                               .limit = 200};
    auto rows = codec.rows(
        R"({"retCode":0,"result":{"symbol":"BTCUSDT","category":"linear","list":[)"
        R"({"openInterest":"63910691.1","timestamp":"1780963500000"},)"
        R"({"openInterest":"9","singleOpenInterest":"4.25","timestamp":"1780963200000"}],"nextPageCursor":""}})",
        page);
    ASSERT_TRUE(rows) << rows.error().what;
    EXPECT_EQ(rows->times_ms, (std::vector<std::int64_t>{1'780'963'200'000, 1'780'963'500'000}));
    EXPECT_EQ(rows->columns[0][0], (Decimal{425, 2}));
    EXPECT_EQ(rows->columns[0][1], (Decimal{3'195'534'555, 2}));
    page.venue = market::Venue::binance;
    page.kind = Kind::position_ratio;
    rows = codec.rows(
        R"([{"symbol":"BTCUSDT","longAccount":"0.6622","longShortRatio":"1.9603","shortAccount":"0.3378","timestamp":1780963200000}])",
        page);
    ASSERT_TRUE(rows) << rows.error().what;
    EXPECT_EQ(rows->columns[1][0], (Decimal{3378, 4}));
    page.kind = Kind::klines;
    page.step_ms = 60'000;
    rows = codec.rows(
        R"([[1780963200000,"1","2","1","2","5",1780963259999,"12345678901234567890.12",3,"1","1","0"]])", page);
    ASSERT_TRUE(rows) << rows.error().what;
    EXPECT_EQ(rows->left_out, 1U);
    EXPECT_FALSE(rows->columns[5][0]);
}

}  // namespace
}  // namespace vt::history
