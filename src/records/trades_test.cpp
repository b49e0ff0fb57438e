#include "records/trades.hpp"

#include "records/backup.hpp"
#include "records/repository.hpp"
#include "records/schema.hpp"
#include "records/test_databases.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>

namespace vt::records {
namespace {

constexpr Timestamp kNoon = from_ms(1'780'000'000'000);

TradeRow made_trade(std::uint64_t number, const std::string& state = "open") {
    return {.market = "live",
            .number = number,
            .at = kNoon + std::chrono::seconds{number},
            .instrument = number % 2 == 0 ? "bybit-linear-BTCUSDT" : "bybit-linear-ETHUSDT",
            .signal = number == 3 ? "" : "signal" + std::to_string(number),
            .state = state,
            .body = R"({"number":)" + std::to_string(number) + "}",
            .follow = state == "closed" ? "" : std::string("go on\0here", 10)};
}

OrderRow made_order(std::uint64_t trade, std::uint64_t sequence, const std::string& state = "open") {
    return {.market = "live",
            .order = "v1-" + std::to_string(sequence),
            .trade = trade,
            .at = kNoon,
            .instrument = "bybit-linear-BTCUSDT",
            .state = state,
            .body = R"({"state":")" + state + "\"}",
            .follow = std::string("\0\1", 2)};
}

template <class On>
class TradesOn : public ::testing::Test {
protected:
    void SetUp() override {
        if (!On::is_there()) GTEST_SKIP() << "postgresql-15 is not installed";
        on.emplace();
        repository.emplace(Repository::open(std::move(*open_database(on->url)), kNoon).value());
    }
    Database& database() { return repository->database(); }
    void store(const TradingBatch& batch) {
        const auto stored = store_trading(database(), batch);
        ASSERT_TRUE(stored.has_value()) << stored.error().what;
    }

    std::optional<On> on;
    std::optional<Repository> repository;
};

using Backends = ::testing::Types<OnSqlite, OnPostgres>;
TYPED_TEST_SUITE(TradesOn, Backends);

TYPED_TEST(TradesOn, ALaterFormReplacesTheEarlier) {
    this->store({.trades = {made_trade(1)}, .orders = {made_order(1, 1, "intent")}});
    this->store({.trades = {made_trade(1, "closed")}, .orders = {made_order(1, 1, "filled")}});
    const auto page = trades_of(this->database(), {.market = "live"}).value();
    ASSERT_EQ(page.trades.size(), 1U);
    EXPECT_EQ(page.trades[0], made_trade(1, "closed"));
    const auto orders = orders_of_trade(this->database(), "live", 1).value();
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_EQ(orders[0], made_order(1, 1, "filled"));
}

TYPED_TEST(TradesOn, ALaterRunGoesOnFromWhatIsOpenAndAllItsOrders) {
    TradeRow demo = made_trade(4);
    demo.market = "demo";
    this->store({.trades = {made_trade(1), made_trade(2, "closed"), made_trade(3), demo},
                 .orders = {made_order(1, 1, "filled"), made_order(1, 2), made_order(2, 3), made_order(3, 4)}});
    const auto open = open_trading(this->database(), "live").value();
    EXPECT_EQ(open.trades, (std::vector{made_trade(1), made_trade(3)}));
    EXPECT_EQ(open.orders, (std::vector{made_order(1, 1, "filled"), made_order(1, 2), made_order(3, 4)}));
}

TYPED_TEST(TradesOn, PagesGoFromTheNewestBackAndCanBeNarrowed) {
    for (std::uint64_t number = 1; number <= 5; ++number)
        this->store({.trades = {made_trade(number, number > 3 ? "open" : "closed")}});
    TradeQuery query{.market = "live", .limit = 2};
    std::vector<std::uint64_t> seen;
    do {
        const auto page = trades_of(this->database(), query).value();
        for (const auto& trade : page.trades) seen.push_back(trade.number);
        query.cursor = page.cursor;
    } while (!query.cursor.empty());
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{5, 4, 3, 2, 1}));
    EXPECT_EQ(trades_of(this->database(), {.market = "live", .state = "open"})->trades.size(), 2U);
    EXPECT_EQ(trades_of(this->database(), {.market = "live", .instrument = "bybit-linear-BTCUSDT"})->trades.size(),
              2U);
    EXPECT_EQ(trades_of(this->database(), {.market = "live", .cursor = "x"}).error().code, Errc::malformed);
    EXPECT_EQ(trades_of(this->database(), {.market = "live", .limit = 0}).error().code, Errc::out_of_range);
    EXPECT_EQ(trades_of(this->database(), {.market = "live", .limit = 1001}).error().code, Errc::out_of_range);
}

TYPED_TEST(TradesOn, AStateIsTheLastOfItsName) {
    EXPECT_EQ(trading_state(this->database(), "live", "paper").value(), std::nullopt);
    this->store({.states = {{"live", "paper", kNoon, "first"}, {"live", "risk", kNoon, "limits"}}});
    this->store({.states = {{"live", "paper", kNoon, std::string("sec\0ond", 7)}}});
    EXPECT_EQ(trading_state(this->database(), "live", "paper").value(), std::string("sec\0ond", 7));
    EXPECT_EQ(trading_state(this->database(), "live", "risk").value(), "limits");
    EXPECT_EQ(trading_state(this->database(), "demo", "risk").value(), std::nullopt);
}

TYPED_TEST(TradesOn, NoStartGetsTheNumberOfAnother) {
    auto other = Repository::open(std::move(*open_database(this->on->url)), kNoon).value();
    std::set<std::uint32_t> boots;
    for (int i = 0; i < 5; ++i) {
        boots.insert(begin_trading(this->database(), "live", kNoon)->boot);
        boots.insert(begin_trading(other.database(), "live", kNoon)->boot);
    }
    EXPECT_EQ(boots.size(), 10U);
    EXPECT_EQ(*boots.begin(), 1U);
    EXPECT_EQ(begin_trading(this->database(), "demo", kNoon)->boot, 1U);
    EXPECT_EQ(begin_trading(this->database(), "live", kNoon)->last_trade, 0U);
    this->store({.trades = {made_trade(7, "closed"), made_trade(2)}});
    EXPECT_EQ(begin_trading(this->database(), "live", kNoon)->last_trade, 7U);
    EXPECT_EQ(begin_trading(this->database(), "demo", kNoon)->last_trade, 0U);
    this->store({.states = {{"live", "boot", kNoon, "many"}}});
    const auto refused = begin_trading(this->database(), "live", kNoon);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::corrupt);
    EXPECT_NE(refused.error().what.find("virtuoso storage restore"), std::string::npos);
}

TYPED_TEST(TradesOn, TheDigestSeesThemAndTheLastStepGoesBack) {
    const auto before = this->repository->digest().value();
    this->store({.trades = {made_trade(1)}});
    EXPECT_NE(this->repository->digest().value(), before);
    ASSERT_TRUE(migrate(this->database(), 4, kNoon).has_value());
    EXPECT_FALSE(this->database().has_table("trades").value());
    ASSERT_TRUE(migrate(this->database(), latest_version(), kNoon).has_value());
    EXPECT_TRUE(trades_of(this->database(), {.market = "live"})->trades.empty());
}

}  // namespace
}  // namespace vt::records
