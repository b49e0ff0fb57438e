#include "runtime/history_download.hpp"

#include "demo/exchange.hpp"
#include "demo/roster.hpp"
#include "history/gaps.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

/// History over real sockets: the demo exchange on loopback, TLS, the gateway with its limits, files.
namespace vt::runtime {
namespace {

using history::FetchState;
using history::Kind;

class HistoryOverSockets : public testing::Test {
protected:
    void SetUp() override {
        demo::ExchangeParams params;
        params.stream.generated = demo::generated_symbols(4);
        params.stream.others = {demo::Segment::bybit_spot, demo::Segment::bybit_inverse,
                                demo::Segment::binance_futures, demo::Segment::binance_spot};
        exchange_ = std::make_unique<demo::Exchange>(loop_, std::move(params));
        ASSERT_TRUE(exchange_->listen());
        now_ms_ = to_ms(net::wall_now());
    }
    void TearDown() override { exchange_.reset(); }

    gateway::SiteHosts hosts() const {
        return {.rest_url = exchange_->rest_url(),
                .stream_url = exchange_->websocket_url(),
                .tls = *net::TlsContext::client({.authorities_pem = exchange_->authority_pem()})};
    }
    history::FetchParams params(std::vector<history::FetchOrder> orders) const {
        return {.orders = std::move(orders), .directory = directory_.path(), .program = "test"};
    }
    history::FetchOrder order(Kind kind, std::int64_t step_ms, std::int64_t hours) const {
        return {{.symbol = "SOLUSDT", .kind = kind, .step_ms = step_ms}, {now_ms_ - hours * 3'600'000, INT64_MAX}};
    }
    history::SeriesReader stored(const history::FetchOrder& order) const {
        auto reader = history::SeriesReader::open(directory_.path() / order.series.file());
        EXPECT_TRUE(reader) << reader.error().what;
        return std::move(*reader);
    }

    void fetch_whole(const std::vector<history::FetchOrder>& orders);

    net::Loop loop_;
    std::unique_ptr<demo::Exchange> exchange_;
    storage::TemporaryDirectory directory_{"vt-history-sockets"};
    std::int64_t now_ms_ = 0;
};

/// Fetches all of one site and compares what is stored with what the venue sent.
void HistoryOverSockets::fetch_whole(const std::vector<history::FetchOrder>& orders) {
    HistoryDownload download(loop_, hosts(), params(orders), exchange::access::kPlannedShare);
    download.start();
    ASSERT_TRUE(loop_.run_until([&] { return download.fetch().is_done(); }, std::chrono::seconds{60}));
    for (std::size_t i = 0; i < orders.size(); ++i) {
        const history::FetchProgress& progress = download.fetch().progress()[i];
        ASSERT_EQ(progress.state, FetchState::done) << progress.series.title() << ": " << progress.problem;
        history::SeriesReader reader = stored(orders[i]);
        const history::Table rows = *reader.read_all();
        EXPECT_EQ(rows.rows(), progress.stored.added) << progress.series.title();
        EXPECT_GT(rows.rows(), 0U) << progress.series.title();
        const std::int64_t step_ms = orders[i].series.step_ms;
        if (rows.empty() || step_ms == 0) continue;
        EXPECT_LE(rows.times_ms.back() + step_ms, to_ms(net::wall_now())) << progress.series.title();
        EXPECT_EQ(static_cast<std::int64_t>(rows.rows() - 1) * step_ms, rows.times_ms.back() - rows.times_ms.front())
            << progress.series.title() << " has holes";
        EXPECT_LT(now_ms_ - rows.times_ms.back(), 3 * step_ms) << progress.series.title() << " ends early";
    }
}

TEST_F(HistoryOverSockets, EveryKindArrivesFromBybit) {
    fetch_whole({order(Kind::klines, 60'000, 6), order(Kind::klines, 300'000, 6), order(Kind::funding, 0, 48),
                 order(Kind::open_interest, 300'000, 6), order(Kind::account_ratio, 300'000, 6)});
}

TEST_F(HistoryOverSockets, BybitSpotAndInverseArrive) {
    using market::Category;
    history::FetchOrder spot = order(Kind::klines, 60'000, 6);
    spot.series.category = Category::spot;
    std::vector<history::FetchOrder> inverse = {order(Kind::klines, 60'000, 6), order(Kind::funding, 0, 48),
                                                order(Kind::open_interest, 300'000, 6),
                                                order(Kind::account_ratio, 300'000, 6)};
    for (history::FetchOrder& one : inverse) {
        one.series.category = Category::inverse;
        one.series.symbol = "SOLUSD";
    }
    fetch_whole({spot});
    fetch_whole(inverse);
}

TEST_F(HistoryOverSockets, EveryKindArrivesFromBinance) {
    std::vector<history::FetchOrder> futures = {order(Kind::klines, 60'000, 20),
                                                order(Kind::klines, 28'800'000, 240),
                                                order(Kind::funding, 0, 48),
                                                order(Kind::open_interest, 300'000, 6),
                                                order(Kind::account_ratio, 300'000, 6),
                                                order(Kind::top_account_ratio, 300'000, 6),
                                                order(Kind::position_ratio, 300'000, 6)};
    history::FetchOrder spot = order(Kind::klines, 60'000, 20);
    spot.series.category = market::Category::spot;
    spot.series.venue = market::Venue::binance;
    for (history::FetchOrder& one : futures) one.series.venue = market::Venue::binance;
    fetch_whole(futures);
    fetch_whole({spot});
    const auto shares = [&](std::size_t i) { return stored(futures[i]).read_all()->columns[0].mantissas; };
    EXPECT_NE(shares(4), shares(5)) << "top traders are not the crowd";
    EXPECT_NE(shares(5), shares(6)) << "nor are their positions their accounts";
}

TEST_F(HistoryOverSockets, AStoppedRunGoesOn) {
    const history::FetchOrder bars = order(Kind::klines, 60'000, 50);
    {
        HistoryDownload download(loop_, hosts(), params({bars}));
        download.start();
        ASSERT_TRUE(
            loop_.run_until([&] { return download.fetch().progress()[0].requests == 1; }, std::chrono::seconds{60}));
    }
    const std::uint64_t first = stored(bars).read_all()->rows();
    HistoryDownload download(loop_, hosts(), params({bars}));
    download.start();
    ASSERT_TRUE(loop_.run_until([&] { return download.fetch().is_done(); }, std::chrono::seconds{60}));
    const history::FetchProgress& progress = download.fetch().progress()[0];
    EXPECT_EQ(progress.state, FetchState::done) << progress.problem;
    EXPECT_EQ(progress.stored.equal, 0U);
    EXPECT_EQ(stored(bars).read_all()->rows(), first + progress.stored.added);
}

TEST_F(HistoryOverSockets, AnUnknownSymbolIsNamed) {
    history::FetchOrder bars = order(Kind::klines, 60'000, 1);
    bars.series.symbol = "SOLUSD";
    HistoryDownload download(loop_, hosts(), params({bars}));
    download.start();
    ASSERT_TRUE(loop_.run_until([&] { return download.fetch().is_done(); }, std::chrono::seconds{60}));
    EXPECT_NE(download.fetch().progress()[0].problem.find("did you mean SOLUSDT?"), std::string::npos)
        << download.fetch().progress()[0].problem;
}

TEST_F(HistoryOverSockets, AnExchangeThatIsNotThereEndsTheRun) {
    gateway::SiteHosts nowhere = hosts();
    nowhere.rest_url = "https://127.0.0.1:1";
    history::FetchParams one = params({order(Kind::klines, 60'000, 1)});
    one.attempts = 2;
    HistoryDownload download(loop_, std::move(nowhere), std::move(one));
    download.start();
    ASSERT_TRUE(loop_.run_until([&] { return download.fetch().is_done(); }, std::chrono::seconds{60}));
    EXPECT_EQ(download.fetch().progress()[0].state, FetchState::failed);
    EXPECT_FALSE(download.fetch().progress()[0].problem.empty());
}

}  // namespace
}  // namespace vt::runtime
