#include "api/api_fixture.hpp"

namespace vt::api {
namespace {

namespace dom = simdjson::dom;

std::string text_of(dom::element element) { return simdjson::minify(element); }

/// /ws over real sockets.
class LiveSocket : public ServerTest {
protected:
    struct Browser {
        net::ClientRecord record;
        std::unique_ptr<net::WebSocketClient> socket;
        std::size_t read = 0;
    };
    std::unique_ptr<Browser> connect() {
        auto browser = std::make_unique<Browser>();
        browser->socket = std::make_unique<net::WebSocketClient>(
            loop, net::WebSocketClientParams{.url = "ws://127.0.0.1:" + std::to_string(server.port()) + "/ws"},
            browser->record.callbacks());
        browser->socket->connect();
        return browser;
    }
    /// The next message, as text; empty (and a failure) when none comes.
    std::string next(Browser& browser) {
        EXPECT_TRUE(loop.run_until([&] { return browser.record.texts.size() > browser.read; }));
        return browser.read < browser.record.texts.size() ? browser.record.texts[browser.read++] : std::string("{}");
    }
    void say(Browser& browser, std::string text) { EXPECT_TRUE(browser.socket->send(std::move(text))); }
    /// Nothing was on its way: the answer to a ping is the next message.
    void expect_silence(Browser& browser) {
        say(browser, R"({"op":"ping","id":99})");
        EXPECT_NE(next(browser).find(R"("type":"pong","id":99)"), std::string::npos);
    }
    void publish(int step = 0, double price = 60'000) { server.publish(SmallMarket::picture(step, price)); }
};

}  // namespace

TEST_F(LiveSocket, SnapshotThenDeltaThenResume) {
    publish();
    auto browser = connect();
    const Document hello(next(*browser));
    EXPECT_EQ(hello.root["type"].get_string().value(), "hello");
    EXPECT_EQ(hello.root["protocol"].get_int64().value(), 1);
    EXPECT_EQ(hello.root["run"].get_string().value(), "run-7");
    EXPECT_EQ(hello.root["mode"]["market"].get_string().value(), "demo");
    EXPECT_TRUE(hello.root["server_time"].is_int64());

    say(*browser, R"({"op":"subscribe","topics":["overview"]})");
    const Document snapshot(next(*browser)), dashboard(get("/api/dashboard/data").body);
    EXPECT_EQ(snapshot.root["type"].get_string().value(), "snapshot");
    EXPECT_EQ(snapshot.root["topic"].get_string().value(), "overview");
    EXPECT_EQ(text_of(snapshot.root["data"]), text_of(dashboard.root));
    const std::uint64_t first = snapshot.root["seq"].get_uint64().value();

    publish(1, 60'050);
    const Document delta(next(*browser));
    EXPECT_EQ(delta.root["type"].get_string().value(), "delta");
    EXPECT_EQ(delta.root["since"].get_uint64().value(), first);
    EXPECT_GT(delta.root["seq"].get_uint64().value(), first);
    const dom::array rows = delta.root["data"]["symbols"].get_array();
    ASSERT_EQ(rows.size(), 1U) << "only the row that changed";
    EXPECT_EQ(rows.at(0)["id"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(rows.at(0)["price"].get_double().value(), 60'050);
    EXPECT_NE(rows.at(0)["funding_rate"].error(), simdjson::SUCCESS) << "it did not change";
    EXPECT_EQ(text_of(delta.root["data"]["market_overview"]), R"({"btc_price":60050})");

    browser->socket->close();
    EXPECT_TRUE(loop.run_until([&] { return !browser->record.closes.empty(); }));
    publish(2, 60'100);
    publish(3, 60'200);
    auto back = connect();
    (void)next(*back);  // hello
    say(*back, R"({"op":"subscribe","topics":["overview"],"run":"run-7","since":{"overview":)" +
                   std::to_string(first) + "}}");
    const Document resumed(next(*back));
    EXPECT_EQ(resumed.root["type"].get_string().value(), "delta") << "one for all that was missed";
    EXPECT_EQ(resumed.root["since"].get_uint64().value(), first);
    EXPECT_EQ(resumed.root["data"]["symbols"].at(0)["price"].get_double().value(), 60'200);
    expect_silence(*back);
}

TEST_F(LiveSocket, WhatAPagePaintedIsMeasuredOnce) {
    publish();
    auto browser = connect();
    (void)next(*browser);  // hello
    say(*browser, R"({"op":"subscribe","topics":["overview"]})");
    const Document snapshot(next(*browser));
    const std::string painted = R"({"op":"painted","seq":)" + text_of(snapshot.root["seq"]) + "}";
    say(*browser, painted);
    say(*browser, painted);
    expect_silence(*browser);
    const Document measured(monitoring("/api/monitoring/metrics").body);
    EXPECT_EQ(measured.root["stages"]["pixel"]["count"].get_int64().value(), 1);
    EXPECT_EQ(measured.root["stages"]["pixel"]["p50_us"].get_double().value(), 10e6) << "beyond the last bound";
    EXPECT_NE(monitoring("/metrics").body.find("virtuoso_socket_to_pixel_seconds_count 1\n"), std::string::npos);
}

TEST_F(LiveSocket, HelloSaysTheModeBeforeAnythingIsPublished) {
    auto browser = connect();
    const Document hello(next(*browser));
    EXPECT_EQ(text_of(hello.root["mode"]), R"({"market":"demo","trading":"off","armed":false,"kill_switch":false})");
}

TEST_F(LiveSocket, AResumeWithNothingNewIsAnsweredByAnEmptyDifference) {
    publish();
    auto browser = connect();
    (void)next(*browser);
    for (const std::string topic : {"overview", "candles.bybit-linear-BTCUSDT.1m", "system"}) {
        SCOPED_TRACE(topic);
        say(*browser, R"({"op":"subscribe","topics":[")" + topic + R"("]})");
        const Document snapshot(next(*browser));
        const std::string known = std::to_string(snapshot.root["seq"].get_uint64().value());
        auto back = connect();
        (void)next(*back);
        say(*back, R"({"op":"subscribe","topics":[")" + topic + R"("],"run":"run-7","since":{")" + topic +
                       "\":" + known + "}}");
        const Document resumed(next(*back));
        EXPECT_EQ(resumed.root["type"].get_string().value(), "delta");
        EXPECT_EQ(text_of(resumed.root["since"]), known);
        EXPECT_EQ(text_of(resumed.root["seq"]), known);
        const std::string expected = topic == "overview" ? R"({"symbols":[],"removed":[]})"
                                     : topic == "system" ? text_of(snapshot.root["data"])  // replaced as a whole
                                                         : R"({"candles":[]})";
        EXPECT_EQ(text_of(resumed.root["data"]), expected);
        expect_silence(*back);
    }
}

TEST_F(LiveSocket, ATopicFollowsItsInstrumentWhereverItsRowIs) {
    publish();
    auto browser = connect();
    (void)next(*browser);
    say(*browser, R"({"op":"subscribe","topics":["book.bybit-linear-BTCUSDT"]})");
    (void)next(*browser);
    auto turned = SmallMarket::picture(1, 60'050);
    std::swap(turned->rows[0], turned->rows[1]);
    std::swap(turned->details[0], turned->details[1]);
    server.publish(turned);
    const Document moved(next(*browser));
    EXPECT_EQ(moved.root["data"]["id"].get_string().value(), "bybit-linear-BTCUSDT");
    EXPECT_EQ(moved.root["data"]["bids"].get_array().size(), 25U);

    auto fewer = SmallMarket::picture(2, 60'100);
    fewer->feeds.clear();
    fewer->rows.resize(1);  // the spot market alone
    fewer->details.resize(1);
    server.publish(fewer);
    expect_silence(*browser);
    publish(3, 60'200);
    EXPECT_EQ(Document(next(*browser)).root["data"]["mid"].get_double().value(), 60'200) << "listed again";
}

TEST_F(LiveSocket, AnotherRunsNumbersMeanNothing) {
    publish();
    auto browser = connect();
    (void)next(*browser);
    say(*browser, R"({"op":"subscribe","topics":["overview"],"run":"run-6","since":{"overview":1}})");
    const Document answer(next(*browser));
    EXPECT_EQ(answer.root["type"].get_string().value(), "snapshot");
}

TEST_F(LiveSocket, EveryTopicBeginsWithWhatTheRouteAnswers) {
    publish();
    auto browser = connect();
    (void)next(*browser);
    for (const std::string id : {"bybit-linear-BTCUSDT", "bybit-spot-BTCUSDT", "bybit-linear-ETHUSDT"}) {
        for (const auto& [topic, route] : {std::pair<std::string, std::string>{"score." + id, "score"},
                                           {"book." + id, "book"},
                                           {"markets." + id, "markets"},
                                           {"trades." + id, "trades"},
                                           {"zones." + id, "zones"},
                                           {"footprint." + id, "footprint"},
                                           {"profile." + id, "profile"},
                                           {"liquidations." + id, "liquidations"},
                                           {"events." + id, "events"},
                                           {"indicators." + id + ".5m", "indicators?tf=5m"},
                                           {"candles." + id + ".1m", "candles?tf=1m"}}) {
            SCOPED_TRACE(topic);
            say(*browser, R"({"op":"subscribe","topics":[")" + topic + R"("]})");
            const Document snapshot(next(*browser)), answer(get("/api/symbols/" + id + "/" + route).body);
            ASSERT_EQ(snapshot.root["type"].get_string().value(), "snapshot");
            EXPECT_EQ(snapshot.root["topic"].get_string().value(), topic);
            EXPECT_GE(snapshot.root["seq"].get_uint64().value(), 1U);
            EXPECT_EQ(text_of(snapshot.root["data"]), text_of(answer.root));
        }
    }
    expect_silence(*browser);
}

TEST_F(LiveSocket, SignalsBeginAsTheRouteHasThemAndFollowWhenOneChanges) {
    publish();
    auto browser = connect();
    (void)next(*browser);
    say(*browser, R"({"op":"subscribe","topics":["signals"]})");
    const Document snapshot(next(*browser)), answer(get("/api/dashboard/signals").body);
    EXPECT_EQ(text_of(snapshot.root["data"]["signals"]), text_of(answer.root["signals"]));
    EXPECT_EQ(snapshot.root["data"]["signals"].get_array().size(), 2U);
    publish(1, 60'050);
    expect_silence(*browser);
    auto fewer = SmallMarket::picture(2, 60'050);
    fewer->signals = std::make_shared<const std::vector<signals::Signal>>();
    server.publish(fewer);
    EXPECT_EQ(text_of(Document(next(*browser)).root["data"]), R"({"signals":[]})");
}

TEST_F(LiveSocket, JobsAreToldAsTheyGoOnThoughNothingIsPublished) {
    publish();
    auto browser = connect();
    (void)next(*browser);
    say(*browser, R"({"op":"subscribe","topics":["jobs"]})");
    const Document snapshot(next(*browser)), answer(get("/api/jobs").body);
    EXPECT_EQ(text_of(snapshot.root["data"]["jobs"]), text_of(answer.root["jobs"]));
    expect_silence(*browser);
    jobs[0].progress = 0.5;
    const Document further(next(*browser));
    EXPECT_EQ(further.root["type"].get_string().value(), "delta");
    EXPECT_EQ(further.root["data"]["jobs"].at(0)["progress"].get_double().value(), 0.5);
    EXPECT_EQ(further.root["data"]["jobs"].get_array().size(), 2U);
    say(*browser, R"({"op":"unsubscribe","topics":["jobs"]})");
    expect_silence(*browser);
    jobs.clear();
    publish(1);
    expect_silence(*browser);
}

TEST_F(LiveSocket, WhatMovesWithTheMinuteIsSentWhenTheMinuteDoes) {
    publish();
    auto browser = connect();
    (void)next(*browser);
    say(*browser, R"({"op":"subscribe","topics":["zones.bybit-linear-BTCUSDT"]})");
    const Document snapshot(next(*browser));
    const auto minute = snapshot.root["data"]["timestamp"].get_int64().value();
    server.publish(SmallMarket::picture(1, 60'001));
    expect_silence(*browser);
    server.publish(SmallMarket::picture(600, 60'002));
    const Document delta(next(*browser));
    EXPECT_EQ(delta.root["type"].get_string().value(), "delta");
    EXPECT_EQ(delta.root["data"]["timestamp"].get_int64().value(), minute + 60'000);
}

TEST_F(LiveSocket, AWrongTopicIsAnsweredByAProblemInUtf8) {
    auto browser = connect();
    (void)next(*browser);
    say(*browser, R"({"op":"subscribe","topics":["overview"]})");
    EXPECT_EQ(Document(next(*browser)).root["problem"]["status"].get_int64().value(), 503) << "nothing published yet";
    publish();
    // A name that is cut inside a letter of two bytes for the message.
    std::string letters;
    for (int i = 0; i < 40; ++i) letters += "\xC3\xA4";
    for (const std::string& topic : {std::string("book.bybit-linear-XUSDT"), std::string("nothing"),
                                     std::string("indicators.bybit-linear-BTCUSDT"), "book.x" + letters}) {
        say(*browser, R"({"op":"subscribe","topics":[")" + topic + R"("]})");
        const Document error(next(*browser));
        EXPECT_EQ(error.root["type"].get_string().value(), "error");
        EXPECT_EQ(error.root["topic"].get_string().value(), topic);
        EXPECT_EQ(error.root["problem"]["status"].get_int64().value(), 404);
    }
    say(*browser, R"({"op":"subscribe","topics":["overview"]})");
    EXPECT_NE(next(*browser).find(R"("type":"snapshot")"), std::string::npos) << "the connection goes on";
}

TEST_F(LiveSocket, AServerThatStopsSaysGoodbye) {
    publish();
    auto browser = connect();
    (void)next(*browser);
    bool is_stopped = false;
    server.stop([&] { is_stopped = true; });
    EXPECT_TRUE(loop.run_until([&] { return is_stopped && !browser->record.closes.empty(); }));
    ASSERT_EQ(browser->record.closes.size(), 1U);
    EXPECT_EQ(browser->record.closes[0].code, net::CloseCode::going_away);
}

}  // namespace vt::api
