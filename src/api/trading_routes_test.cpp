#include "api/api_fixture.hpp"
#include "api/hub.hpp"
#include "login/secrets.hpp"
#include "risk/limit_use.hpp"

#include <string>

namespace vt::api {
namespace {

trading::Money usdt(double amount) { return trading::money_of(amount).value(); }

execution::Trade bought(market::InstrumentId instrument, Timestamp at) {
    execution::Trade trade{.id = 7,
                           .plan = {.signal = "0123456789abcdef",
                                    .strategy = "confluence",
                                    .instrument = instrument,
                                    .quantity = Lots{100},
                                    .reference = Ticks{600'000},
                                    .stop = Ticks{594'000},
                                    .ladder = {execution::Rung{Ticks{606'000}, 1}},
                                    .attribution = {{"order_flow", 1}}},
                           .decided_at = at,
                           .stop = trading::ClientOrderId{1, 2},
                           .first_fill_at = at,
                           .position = {.net = Lots{100}, .cost = usdt(6000), .fees = usdt(3.3)},
                           .entered = Lots{100},
                           .entry_value = usdt(6000),
                           .stop_wanted = Ticks{594'000}};
    return trade;
}

/// A long of 0.1 bitcoin from 60,000 with its stop at 59,400, an order that nobody knows, and one that was denied.
views::TradingView open_account(market::InstrumentId bitcoin, Timestamp at) {
    views::TradingView view{.state = views::TradingState::on, .currency = "USDT"};
    view.positions.push_back({.trade = bought(bitcoin, at),
                              .mark = Ticks{603'000},
                              .confirmed_stop = Ticks{594'000},
                              .worth = 6030,
                              .open_r = 0.45,
                              .margin = paper::Venue::Margin{usdt(1200), 5, 48'300.5}});
    trading::Order lost({.id = {1, 3}, .instrument = bitcoin, .quantity = Lots{100}, .is_reduce_only = true},
                        trading::Purpose::target, at);
    lost.on_sent();
    lost.on_unanswered();
    view.orders.push_back({.order = lost, .trade = 7, .asked = 3});
    view.external = {{bitcoin, Lots{-5}}};
    view.account = {.equity = usdt(10'026.7),
                    .wallet = usdt(9'996.7),
                    .available = usdt(8'700),
                    .margin = usdt(1200),
                    .unrealised = usdt(30),
                    .brought = {.fees = usdt(3.3)},
                    .peak = usdt(10'100),
                    .drawdown = 0.00726,
                    .day = risk::Breakers::Span{at, usdt(10'000), usdt(9'950)}};
    view.risk = {.mode = risk::Mode::halted,
                 .last_change = risk::ModeChange{risk::Mode::active, risk::Mode::halted, at, "ann", "enough"},
                 .is_reconciled = true,
                 .equity_age = std::chrono::milliseconds{700},
                 .shortfall = risk::Shortfall{.amount = usdt(200), .scenarios = 480, .coverage = .5},
                 .limits = {{.code = risk::DenialCode::max_gross,
                             .key = "gross_max",
                             .value = 0.6,
                             .limit = 2,
                             .unit = "of the equity",
                             .amount = usdt(6030)}}};
    view.denials.push_back({.signal = "00ff",
                            .instrument = bitcoin,
                            .at = at,
                            .checks = {risk::at_most(risk::DenialCode::spread_wide, 20.5, 15, "bps")}});
    view.denials.push_back({.signal = "00fe", .instrument = bitcoin, .at = at, .obstacle = "halted"});
    view.order_counts.count(trading::Purpose::target, execution::OrderOutcome::sent);
    view.order_counts.count(trading::Purpose::target, execution::OrderOutcome::unknown);
    view.order_counts.count_refusal(trading::RefusalCode::no_margin);
    view.denial_counts = {{"SPREAD_WIDE", 1}, {"halted", 4}};
    view.warnings.push_back({at, {execution::WarningKind::order_unknown, 7, "v1-3: asked for"}});
    return view;
}

class TradingRoutes : public ServerTest {
protected:
    TradingRoutes() {
        const Timestamp now = net::wall_now();
        server.login().replace({.users = {{.name = "ann", .role = "viewer", .created = now}}});
        const auto issued =
            server.login().accounts().issue_token({.user = "ann", .label = "test"}, login::system_random(), now);
        records::LoginContent content{.users = {{.name = "ann", .role = "viewer", .created = now}}};
        content.tokens = issued->change.tokens;
        server.login().replace(std::move(content));
        token_ = {{"Authorization", "Bearer " + issued->secret}};
    }
    void publish(bool trades) {
        auto picture = SmallMarket::picture(0, 60'000);
        for (std::size_t i = 0; i < picture->rows.size(); ++i)
            picture->rows[i].instrument.id = market::InstrumentId{static_cast<std::uint32_t>(i)};
        if (trades)
            picture->trading =
                std::make_shared<const views::TradingView>(open_account(market::InstrumentId{1}, picture->at));
        server.publish(picture);
    }
    /// The answer of a route, once it is what its schema says.
    std::string checked(const std::string& path, const char* schema) {
        const auto answer = get(path, token_);
        EXPECT_EQ(answer.status, 200) << answer.body;
        const Document openapi(get("/openapi.json").body), document(answer.body);
        if (openapi.is_valid && document.is_valid) {
            EXPECT_EQ(SchemaCheck(openapi.root).fault(document.root, schema), "") << answer.body;
        }
        EXPECT_EQ(answer.header("Cache-Control"), "no-store") << "what the account holds stays in no cache";
        return answer.body;
    }

    std::vector<net::HttpHeader> token_;
};

constexpr std::array kAccountViews{std::pair{"positions", "Positions"}, std::pair{"orders", "Orders"},
                                   std::pair{"portfolio", "Portfolio"}, std::pair{"risk", "Risk"}};

TEST_F(TradingRoutes, NobodySeesTheAccountWithoutALogin) {
    publish(true);
    for (const auto& [name, schema] : kAccountViews) EXPECT_EQ(get("/api/" + std::string(name)).status, 401) << name;
    for (const char* path : {"/api/trades", "/api/trades/7"}) EXPECT_EQ(get(path).status, 401) << path;
}

TEST_F(TradingRoutes, WhereNothingIsTradedTheAnswerSaysSoAndShowsNoFigure) {
    publish(false);
    for (const auto& [name, schema] : kAccountViews) {
        const Document document(checked("/api/" + std::string(name), schema));
        ASSERT_TRUE(document.is_valid);
        EXPECT_EQ(document.root["trading"]["state"].get_string().value(), "off");
        for (const auto& [key, value] : document.root.get_object())
            if (key != "timestamp" && key != "mode" && key != "trading") {
                EXPECT_TRUE(value.is_null()) << key;
            }
    }
}

TEST_F(TradingRoutes, OrdersAndDenialsAreCountedForPrometheus) {
    publish(false);
    EXPECT_EQ(monitoring("/metrics").body.find("virtuoso_orders_total"), std::string::npos) << "nothing is traded";
    publish(true);
    const std::string text = monitoring("/metrics").body;
    for (const std::string_view line :
         {"virtuoso_orders_total{outcome=\"sent\",purpose=\"target\"} 1\n",
          "virtuoso_orders_total{outcome=\"unknown\",purpose=\"target\"} 1\n",
          "virtuoso_orders_total{outcome=\"filled\",purpose=\"emergency\"} 0\n",
          "virtuoso_open_orders{purpose=\"target\"} 1\n", "virtuoso_open_orders{purpose=\"entry\"} 0\n",
          "virtuoso_open_positions 1\n", "virtuoso_order_refusals_total{reason=\"no_margin\"} 1\n",
          "virtuoso_order_refusals_total{reason=\"other\"} 0\n",
          "virtuoso_signal_denials_total{code=\"SPREAD_WIDE\"} 1\n",
          "virtuoso_signal_denials_total{code=\"halted\"} 4\n", "virtuoso_signal_denials_total{code=\"HALTED\"} 0\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << " in\n" << text;
}

TEST_F(TradingRoutes, ThePositionShowsItsStopItsMarginAndWhatItWouldBring) {
    publish(true);
    const Document document(checked("/api/positions", "Positions"));
    ASSERT_TRUE(document.is_valid);
    const auto position = document.root["positions"].at(0);
    EXPECT_EQ(position["number"].get_uint64().value(), 7U);
    EXPECT_EQ(position["id"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(position["entry_price"].get_double().value(), 60'000);
    EXPECT_EQ(position["mark_price"].get_double().value(), 60'300);
    EXPECT_EQ(position["unrealised"].get_double().value(), 30);
    EXPECT_EQ(position["open_r_multiple"].get_double().value(), 0.45);
    EXPECT_EQ(position["confirmed_stop_price"].get_double().value(), 59'400);
    EXPECT_TRUE(position["is_protected"].get_bool().value());
    EXPECT_EQ(position["liquidation_price"].get_double().value(), 48'300.5);
    EXPECT_EQ(position["leverage"].get_int64().value(), 5);
    EXPECT_EQ(position["attribution"].at(0)["dimension"].get_string().value(), "order_flow");
    EXPECT_NEAR(document.root["external"].at(0)["quantity"].get_double().value(), -0.005, 1e-12);
}

TEST_F(TradingRoutes, AnOrderThatNobodyKnowsIsShownWithWhatIsKnown) {
    publish(true);
    const Document document(checked("/api/orders", "Orders"));
    ASSERT_TRUE(document.is_valid);
    const auto order = document.root["orders"].at(0);
    EXPECT_EQ(order["order"].get_string().value(), "v1-3");
    EXPECT_EQ(order["state"].get_string().value(), "unknown");
    EXPECT_TRUE(order["is_sent"].get_bool().value());
    EXPECT_TRUE(order["is_unanswered"].get_bool().value());
    EXPECT_FALSE(order["is_accepted"].get_bool().value());
    EXPECT_EQ(order["asked"].get_uint64().value(), 3U);
}

TEST_F(TradingRoutes, ThePortfolioShowsTheDayAgainstItsFirstEquity) {
    publish(true);
    const Document document(checked("/api/portfolio", "Portfolio"));
    ASSERT_TRUE(document.is_valid);
    EXPECT_EQ(document.root["equity"].get_double().value(), 10'026.7);
    EXPECT_EQ(document.root["unrealised"].get_double().value(), 30);
    EXPECT_NEAR(document.root["day"]["result"].get_double().value(), 26.7, 1e-9);
    EXPECT_NEAR(document.root["day"]["result_pct"].get_double().value(), 0.267, 1e-9);
    EXPECT_NEAR(document.root["day"]["worst_loss_pct"].get_double().value(), 0.5, 1e-9);
    EXPECT_TRUE(document.root["week"].is_null()) << "not known";
}

TEST_F(TradingRoutes, RiskShowsTheModeWithItsReasonEachLimitsUseAndTheDenialsWithTheirRemedies) {
    publish(true);
    const Document document(checked("/api/risk", "Risk"));
    ASSERT_TRUE(document.is_valid);
    EXPECT_TRUE(document.root["mode"]["kill_switch"].get_bool().value());
    EXPECT_EQ(document.root["mode"]["trading"].get_string().value(), "paper");
    EXPECT_EQ(document.root["risk_mode"]["mode"].get_string().value(), "HALTED");
    EXPECT_EQ(document.root["risk_mode"]["who"].get_string().value(), "ann");
    EXPECT_EQ(document.root["risk_mode"]["reason"].get_string().value(), "enough");
    const auto limit = document.root["limits"].at(0);
    EXPECT_EQ(limit["code"].get_string().value(), "MAX_GROSS");
    EXPECT_NEAR(limit["use"].get_double().value(), 0.3, 1e-12);
    const auto shortfall = document.root["expected_shortfall"];
    EXPECT_NEAR(shortfall["open"]["amount"].get_double().value(), 200, 1e-9);
    EXPECT_NEAR(shortfall["open"]["share"].get_double().value(), 200 / 10'026.7, 1e-12);
    EXPECT_EQ(shortfall["open"]["scenarios"].get_int64().value(), 480);
    EXPECT_NEAR(shortfall["open"]["coverage"].get_double().value(), .5, 1e-12);
    EXPECT_TRUE(shortfall["worst"].is_null()) << "not known";
    const auto denied = document.root["denials"].at(0)["reasons"].at(0);
    EXPECT_EQ(denied["code"].get_string().value(), "SPREAD_WIDE");
    EXPECT_EQ(denied["text"].get_string().value(), "20.5 bps, at most 15");
    EXPECT_EQ(denied["remedy"].get_string().value(), risk::remedy(risk::DenialCode::spread_wide));
    EXPECT_EQ(document.root["denials"].at(1)["reasons"].at(0)["text"].get_string().value(), "trading is halted");
    EXPECT_EQ(document.root["warnings"].at(0)["kind"].get_string().value(), "order_unknown");
}

TEST_F(TradingRoutes, TheJournalIsAskedForWhatTheCallNames) {
    publish(true);
    const Document page(checked("/api/trades?symbol=BTC/USDT:USDT&state=closed&limit=3&cursor=9", "AccountTrades"));
    ASSERT_TRUE(page.is_valid);
    ASSERT_EQ(trades_asked.size(), 1U);
    EXPECT_EQ(trades_asked[0].market, "demo");
    EXPECT_EQ(trades_asked[0].instrument, "bybit-linear-BTCUSDT");
    EXPECT_EQ(trades_asked[0].state, "closed");
    EXPECT_EQ(trades_asked[0].limit, 3U);
    EXPECT_EQ(trades_asked[0].cursor, "9");
    EXPECT_EQ(page.root["trades"].at(0)["trade"]["number"].get_uint64().value(), 7U);
    EXPECT_EQ(page.root["cursor"].get_string().value(), "7");
    for (const char* wrong : {"state=won", "limit=0", "limit=1001"})
        EXPECT_EQ(get("/api/trades?" + std::string(wrong), token_).status, 400) << wrong;
    EXPECT_EQ(trades_asked.size(), 1U);
}

TEST_F(TradingRoutes, OneTradeComesWithItsOrdersAndAnotherIsNotFound) {
    publish(true);
    const Document trade(checked("/api/trades/7", "TradeHistory"));
    ASSERT_TRUE(trade.is_valid);
    EXPECT_EQ(trade.root["orders"].at(0)["order"].get_string().value(), "v1-1");
    for (const char* none : {"8", "x", "-1", "99999999999999999999"}) {
        const auto answer = get("/api/trades/" + std::string(none), token_);
        EXPECT_EQ(answer.status, 404) << none;
        EXPECT_NE(answer.body.find("/api/trades lists them"), std::string::npos);
    }
}

TEST(HubOfAccounts, TopicsOfTheAccountAreForThoseWhoAreLoggedIn) {
    Topics topics{confluence::Params{}};
    Hub hub(topics, "run-1", views::MarketMode::demo, true);
    std::vector<std::string> known, unknown;
    const auto reader = [](std::vector<std::string>& heard) {
        return Reader{.send =
                          [&heard](const std::shared_ptr<const std::string>& message) {
                              heard.push_back(*message);
                              return true;
                          },
                      .pending = [] { return std::size_t{0}; }};
    };
    const ReaderId anonymous = hub.connect(reader(unknown), from_ms(1));
    EXPECT_NE(unknown[0].find(R"("trading":"paper","armed":false,"kill_switch":null)"), std::string::npos)
        << "nothing is known of it yet";
    auto picture = SmallMarket::picture(0, 60'000);
    topics.publish(picture);
    const ReaderId ann = hub.connect(reader(known), from_ms(2), true);
    for (const char* topic : {"positions", "orders", "portfolio", "risk"}) {
        const std::string subscribe = R"({"op":"subscribe","topics":[")" + std::string(topic) + R"("]})";
        hub.receive(anonymous, subscribe, from_ms(3));
        hub.receive(ann, subscribe, from_ms(3));
        EXPECT_NE(unknown.back().find(R"("status":401,"title":"Unauthorized")"), std::string::npos) << unknown.back();
        EXPECT_NE(known.back().find(R"("type":"snapshot","topic":")" + std::string(topic)), std::string::npos);
        EXPECT_NE(known.back().find(R"("state":"off")"), std::string::npos);
    }
    const std::size_t before = known.size();
    topics.publish(picture);
    hub.flush(from_ms(4));
    EXPECT_EQ(known.size(), before) << "what did not change is not said again";
}

}  // namespace
}  // namespace vt::api
