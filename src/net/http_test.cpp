#include "net/net_fixture.hpp"

namespace vt::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Http : public NetTest {
protected:
    [[nodiscard]] static std::string url(const HttpServer& server, std::string_view target, bool is_tls = false) {
        return (is_tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(server.port()) + std::string(target);
    }
};

HttpReply answer(const HttpRequest& request) {
    if (request.path == "/echo") {
        return prepare({.content_type = "text/plain",
                        .body = std::string(name(request.method)) + " " + std::string(request.query) + " " +
                                std::string(request.body)});
    }
    if (request.path == "/tagged") {
        return prepare({.content_type = "application/json",
                        .body = std::string(2000, 'j'),
                        .gzip = std::string(100, 'g'),
                        .brotli = std::string(90, 'b'),
                        .headers = {{"Cache-Control", "no-cache"}},
                        .has_etag = true});
    }
    if (request.path == "/throws") throw std::runtime_error("handler broke");
    return problem_response(404, "no such page");
}

TEST_F(Http, ClientAndServerTalkPlainAndTls) {
    for (const bool is_tls : {false, true}) {
        HttpServerParams params;
        HttpClientParams client_params;
        if (is_tls) {
            params.tls = server_tls();
            client_params.tls = client_tls();
        }
        const auto server = serve(std::move(params), answer);
        HttpClient client(loop, std::move(client_params));
        for (int i = 0; i < 20; ++i) {
            const auto got = fetch(client, {.url = url(*server, "/echo?a=" + std::to_string(i), is_tls)});
            ASSERT_TRUE(got) << got.error().what;
            EXPECT_EQ(got->status, 200);
            EXPECT_EQ(got->body, "GET a=" + std::to_string(i) + " ");
            EXPECT_EQ(got->header("CONTENT-TYPE"), "text/plain");
            EXPECT_LT(wall_now() - got->received, seconds{20});
        }
        const auto posted =
            fetch(client, {.url = url(*server, "/echo", is_tls), .method = Method::post, .body = "hello"});
        ASSERT_TRUE(posted);
        EXPECT_EQ(posted->body, "POST  hello");
        EXPECT_EQ(server->counters().connections, 1U) << "requests one after the other share a connection";
    }
}

}  // namespace
}  // namespace vt::net
