// The demo exchange over real sockets: TLS with its own authority, HTTPS and WebSocket.

#include "demo/exchange.hpp"

#include "demo/sample_capture.hpp"
#include "net/certificate.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"
#include "net/websocket_client.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace vt::demo {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

ExchangeParams params() {
    ExchangeParams params;
    params.stream.seed = 5;
    params.stream.recording = sample_recording();
    for (const sim::SymbolParams& symbol : generated_symbols()) {
        if (params.stream.generated.size() < 3) params.stream.generated.push_back(symbol);
    }
    return params;
}

struct Client {
    bool is_open = false;
    std::vector<std::string> texts;
    std::vector<net::CloseReason> closes;
    std::unique_ptr<net::WebSocketClient> socket;

    [[nodiscard]] bool has(std::string_view part) const {
        return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) { return contains(text, part); });
    }
};

class ExchangeTest : public testing::Test {
protected:
    void start(ExchangeParams given = params()) {
        exchange = std::make_unique<Exchange>(loop, std::move(given));
        const auto opened = exchange->listen();
        ASSERT_TRUE(opened) << opened.error().what;
    }
    [[nodiscard]] net::TlsContext trust() const {
        return net::TlsContext::client({.authorities_pem = exchange->authority_pem()}).value();
    }
    Result<net::HttpResponse> get(const std::string& target) {
        if (!http) http = std::make_unique<net::HttpClient>(loop, net::HttpClientParams{.tls = trust()});
        std::optional<Result<net::HttpResponse>> answer;
        http->get(exchange->rest_url() + target, [&](Result<net::HttpResponse> got) { answer = std::move(got); });
        EXPECT_TRUE(loop.run_until([&] { return answer.has_value(); }));
        return answer ? std::move(*answer) : Result<net::HttpResponse>(fail(Errc::unavailable, "no answer"));
    }
    std::unique_ptr<Client> connect(const std::string& path = "/v5/public/linear") {
        auto client = std::make_unique<Client>();
        client->socket = std::make_unique<net::WebSocketClient>(
            loop, net::WebSocketClientParams{.url = exchange->websocket_url() + path, .tls = trust()},
            net::WebSocketClientCallbacks{
                .on_open = [raw = client.get()] { raw->is_open = true; },
                .on_text = [raw = client.get()](std::string_view text, Timestamp) { raw->texts.emplace_back(text); },
                .on_close =
                    [raw = client.get()](const net::CloseReason& reason) {
                        raw->is_open = false;
                        raw->closes.push_back(reason);
                    }});
        client->socket->connect();
        EXPECT_TRUE(loop.run_until([&] { return client->is_open || !client->closes.empty(); }));
        return client;
    }
    void say(Client& client, std::string text) { ASSERT_TRUE(client.socket->send(std::move(text))); }

    net::Loop loop;
    std::unique_ptr<Exchange> exchange;
    std::unique_ptr<net::HttpClient> http;
};

TEST_F(ExchangeTest, ServesRestAndStreamsOnOnePort) {
    start();
    const auto time = get("/v5/market/time");
    ASSERT_TRUE(time) << time.error().what;
    EXPECT_EQ(time->status, 200);
    EXPECT_TRUE(contains(time->body, R"("retCode":0)"));
    EXPECT_EQ(time->header("X-Bapi-Limit"), "120");
    EXPECT_TRUE(time->header("X-Bapi-Limit-Status").has_value());
    EXPECT_TRUE(time->header("X-Bapi-Limit-Reset-Timestamp").has_value());
    EXPECT_TRUE(
        contains(get("/v5/market/kline?category=linear&symbol=NOSUCH&interval=1")->body, R"("retCode":10001)"));
    EXPECT_EQ(get("/v5/nosuch")->status, 404);

    const auto client = connect();
    ASSERT_TRUE(client->is_open);
    say(*client,
        R"({"req_id":"a","op":"subscribe","args":["orderbook.50.SOLUSDT","tickers.BTCUSDT","publicTrade.BTCUSDT"]})");
    EXPECT_TRUE(loop.run_until([&] {
        return client->has(R"("req_id":"a","op":"subscribe")") &&
               client->has(R"({"topic":"orderbook.50.SOLUSDT","type":"snapshot")") &&
               client->has(R"({"topic":"orderbook.50.SOLUSDT","type":"delta")") &&
               client->has(R"({"topic":"tickers.BTCUSDT","type":"delta")") &&
               client->has(R"({"topic":"publicTrade.BTCUSDT")");
    }));
    say(*client, R"({"req_id":"b","op":"ping"})");
    EXPECT_TRUE(loop.run_until([&] { return client->has(R"("ret_msg":"pong")"); }));
    say(*client, R"({"req_id":"c","op":"subscribe","args":["orderbook.50.solusdt"]})");
    EXPECT_TRUE(loop.run_until([&] { return client->has("error:handler not found,topic:orderbook.50.solusdt"); }));
}

TEST_F(ExchangeTest, ServesBinanceBesideBybit) {
    ExchangeParams given = params();
    given.stream.others = all_other_segments();
    start(std::move(given));
    const auto time = get("/fapi/v1/time");
    ASSERT_TRUE(time) << time.error().what;
    EXPECT_TRUE(contains(time->body, R"({"serverTime":)"));
    EXPECT_EQ(time->header("x-mbx-used-weight-1m"), "1");
    EXPECT_EQ(get("/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=3")->status, 200);
    EXPECT_EQ(get("/api/v3/klines?symbol=NOSUCH&interval=1m")->status, 400);
    const auto futures = connect("/public/stream?streams=btcusdt@bookTicker");
    const auto spot = connect("/ws");
    ASSERT_TRUE(futures->is_open && spot->is_open);
    say(*spot, R"({"method":"SUBSCRIBE","params":["btcusdt@depth@100ms"],"id":4})");
    EXPECT_TRUE(loop.run_until([&] {
        return futures->has(R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker")") &&
               spot->has(R"({"result":null,"id":4})") && spot->has(R"({"e":"depthUpdate")");
    }));
}

TEST_F(ExchangeTest, ShowsACertificateThatNobodyKnowsForATime) {
    start();
    const auto client = connect();
    ASSERT_TRUE(client->is_open);
    exchange->inject({.kind = Fault::Kind::tls, .duration = std::chrono::milliseconds{500}});
    ASSERT_TRUE(loop.run_until([&] { return !client->closes.empty(); }));
    http.reset();
    ASSERT_TRUE(loop.run_until([&] {
        const auto answer = get("/v5/market/time");
        return !answer && contains(answer.error().what, "certificate");
    }));
    EXPECT_TRUE(loop.run_until([&] {
        http.reset();
        const auto answer = get("/v5/market/time");
        return answer && answer->status == 200;
    }));
}

TEST_F(ExchangeTest, SlowAnswersComeLateAndWhoAnswersPingsStays) {
    ExchangeParams given = params();
    given.stream.others = all_other_segments();
    given.limits.binance.spot_ping_every = std::chrono::milliseconds{50};
    given.limits.binance.spot_pong_timeout = std::chrono::milliseconds{150};
    given.limits.binance.spot_messages = 1000;
    start(std::move(given));
    const auto client = connect("/ws/btcusdt@bookTicker");
    ASSERT_TRUE(client->is_open);
    exchange->inject({.kind = Fault::Kind::slow_rest,
                      .duration = std::chrono::seconds{30},
                      .amount = std::chrono::milliseconds{600},
                      .venue = market::Venue::bybit});
    const Timestamp sent = net::wall_now();
    const auto answer = get("/v5/market/time");
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->status, 200);
    EXPECT_GE(answer->received - sent, std::chrono::milliseconds{600});
    EXPECT_TRUE(client->is_open) << "its pongs reached the venue: four times its limit has passed";
}

TEST_F(ExchangeTest, RefusesAnotherWebSocketPath) {
    start();
    const auto client = connect("/v5/public/nosuch");
    EXPECT_FALSE(client->is_open);
    ASSERT_EQ(client->closes.size(), 1U);
    EXPECT_TRUE(contains(client->closes[0].text, "404")) << client->closes[0].text;
}

TEST_F(ExchangeTest, NobodyTrustsItWithoutItsAuthority) {
    start();
    auto stranger = net::make_test_authority("another authority").value();
    net::HttpClient other(
        loop, net::HttpClientParams{
                  .tls = net::TlsContext::client({.authorities_pem = stranger.certificate_pem()}).value()});
    std::optional<Result<net::HttpResponse>> answer;
    other.get(exchange->rest_url() + "/v5/market/time",
              [&](Result<net::HttpResponse> got) { answer = std::move(got); });
    ASSERT_TRUE(loop.run_until([&] { return answer.has_value(); }));
    EXPECT_FALSE(answer->has_value());
}

TEST_F(ExchangeTest, WritesItsAuthorityToAFile) {
    start();
    const std::string path = testing::TempDir() + "demo_exchange_authority.pem";
    ASSERT_TRUE(exchange->write_authority(path));
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_EQ(text.str(), exchange->authority_pem());
    std::remove(path.c_str());
    EXPECT_EQ(exchange->write_authority("/nosuch/folder/ca.pem").error().code, Errc::io);
}

TEST_F(ExchangeTest, CutsConnectionsWithoutAWordAndRestarts) {
    start();
    const auto client = connect();
    say(*client, R"({"op":"subscribe","args":["tickers.SOLUSDT"]})");
    ASSERT_TRUE(loop.run_until([&] { return client->has("snapshot"); }));
    EXPECT_EQ(exchange->sessions(), 1U);
    exchange->inject({.kind = Fault::Kind::drop});
    ASSERT_TRUE(loop.run_until([&] { return !client->closes.empty(); }));
    EXPECT_EQ(client->closes[0].code, net::CloseCode::abnormal);
    EXPECT_EQ(exchange->sessions(), 0U);
    client->closes.clear();
    client->socket->connect();
    ASSERT_TRUE(loop.run_until([&] { return client->is_open; }));
    exchange->inject({.kind = Fault::Kind::restart, .duration = std::chrono::milliseconds{300}});
    ASSERT_TRUE(loop.run_until([&] { return !client->closes.empty(); }));
    EXPECT_EQ(get("/v5/market/time")->status, 503);
    EXPECT_TRUE(loop.run_until([&] { return get("/v5/market/time")->status == 200; }));
}

TEST_F(ExchangeTest, DropsASilentClientAndForbidsAnExcess) {
    ExchangeParams given = params();
    given.limits.bybit.idle_timeout = std::chrono::milliseconds{200};
    given.limits.bybit.requests_per_window = 5;
    given.limits.bybit.ban = std::chrono::milliseconds{300};
    start(std::move(given));
    const auto client = connect();
    ASSERT_TRUE(loop.run_until([&] { return !client->closes.empty(); }));
    EXPECT_EQ(client->closes[0].code, net::CloseCode::abnormal);
    int status = 200;
    for (int i = 0; i < 6; ++i) status = get("/v5/market/time")->status;
    EXPECT_EQ(status, 403);
    EXPECT_TRUE(loop.run_until([&] { return get("/v5/market/time")->status == 200; }));
}

TEST_F(ExchangeTest, SaysThatItsPortIsInUse) {
    start();
    ExchangeParams second = params();
    second.port = exchange->port();
    Exchange other(loop, std::move(second));
    const auto opened = other.listen();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::io);
    EXPECT_TRUE(contains(opened.error().what, std::to_string(exchange->port()))) << opened.error().what;
}

}  // namespace
}  // namespace vt::demo
