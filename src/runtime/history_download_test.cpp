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

    net::Loop loop_;
    std::unique_ptr<demo::Exchange> exchange_;
    storage::TemporaryDirectory directory_{"vt-history-sockets"};
    std::int64_t now_ms_ = 0;
};

TEST_F(HistoryOverSockets, EveryKindArrives) {
    const std::vector<history::FetchOrder> orders = {
        order(Kind::klines, 60'000, 6), order(Kind::klines, 300'000, 6), order(Kind::funding, 0, 48),
        order(Kind::open_interest, 300'000, 6), order(Kind::account_ratio, 300'000, 6)};
    HistoryDownload download(loop_, hosts(), params(orders));
    download.start();
    ASSERT_TRUE(loop_.run_until([&] { return download.fetch().is_done(); }, std::chrono::seconds{60}));
    for (std::size_t i = 0; i < orders.size(); ++i) {
        const history::FetchProgress& progress = download.fetch().progress()[i];
        EXPECT_EQ(progress.state, FetchState::done) << progress.series.title() << ": " << progress.problem;
        history::SeriesReader reader = stored(orders[i]);
        const history::Table rows = *reader.read_all();
        EXPECT_EQ(rows.rows(), progress.stored.added) << progress.series.title();
        EXPECT_GT(rows.rows(), 0U) << progress.series.title();
        if (!rows.empty() && orders[i].series.step_ms > 0) {
            EXPECT_LE(rows.times_ms.back() + orders[i].series.step_ms, to_ms(net::wall_now()));
        }
    }
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
