#include "net/net_fixture.hpp"

#include "base/prng.hpp"

namespace vt::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WebSocket : public NetTest {
protected:
    [[nodiscard]] std::string url(const HttpServer& server, std::string_view scheme = "ws") const {
        return std::string(scheme) + "://127.0.0.1:" + std::to_string(server.port()) + "/ws";
    }
    std::unique_ptr<WebSocketClient> open(WebSocketClientParams params, ClientRecord& record) {
        auto client = std::make_unique<WebSocketClient>(loop, std::move(params), record.callbacks());
        client->connect();
        EXPECT_TRUE(loop.run_until([&] { return record.is_open || !record.closes.empty(); }));
        return client;
    }
};

TEST_F(WebSocket, ThousandsOfFramesEchoInOrderPlainAndTls) {
    for (const bool is_tls : {false, true}) {
        HttpServerParams params;
        if (is_tls) params.tls = server_tls();
        const auto server = serve(std::move(params), echo);
        ClientRecord record;
        WebSocketClientParams client_params{.url = url(*server, is_tls ? "wss" : "ws")};
        if (is_tls) client_params.tls = client_tls();
        const auto client = open(client_params, record);
        ASSERT_TRUE(record.is_open) << (record.closes.empty() ? "" : record.closes[0].text);
        constexpr std::size_t kFrames = 3000;
        Prng random(5);
        std::vector<std::string> sent;
        for (std::size_t i = 0; i < kFrames; ++i) {
            sent.push_back(std::to_string(i) + ":" + std::string(random.below(i % 100 == 0 ? 60'000 : 600), 'x'));
        }
        std::size_t next = 0;
        ASSERT_TRUE(loop.run_until([&] {
            while (next < kFrames && next < record.texts.size() + 100 && client->send(sent[next])) ++next;
            return record.texts.size() == kFrames;
        }, seconds{60}));
        EXPECT_EQ(record.texts, sent);
        const auto age = wall_now() - record.last_received;
        EXPECT_GE(age, Nanos{0});
        EXPECT_LT(age, seconds{30});
        client->close();
        ASSERT_TRUE(loop.run_until([&] { return !record.closes.empty(); }));
        EXPECT_EQ(record.closes.size(), 1U);
        EXPECT_EQ(record.closes[0].code, CloseCode::normal);
        ASSERT_TRUE(loop.run_until([&] { return server->counters().open_connections == 0; }));
    }
}

}  // namespace
}  // namespace vt::net
