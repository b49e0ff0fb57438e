#include "net/gzip.hpp"
#include "net/net_fixture.hpp"

namespace vt::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

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
    if (request.path == "/packed") {
        static const PreparedResponsePtr packed = prepare({.content_type = "text/plain",
                                                           .body = std::string(PreparedResponse::kWorthPacking, 'p'),
                                                           .has_etag = true,
                                                           .packs_when_asked = true,
                                                           .tells_time = true});
        return packed;
    }
    if (request.path == "/large") return prepare({.content_type = "text/plain", .body = std::string(20 << 20, 'x')});
    if (request.path == "/throws") throw std::runtime_error("handler broke");
    return problem_response(404, "no such page");
}

std::string get(std::string_view target, std::string_view more = {}) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) + "\r\n";
}

std::string header_of(const std::string& response, std::string_view name) {
    const std::size_t at = response.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return "";
    const std::size_t start = at + name.size() + 4;
    return response.substr(start, response.find("\r\n", start) - start);
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

class Http : public NetTest {
protected:
    [[nodiscard]] static std::string url(const HttpServer& server, std::string_view target, bool is_tls = false) {
        return (is_tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(server.port()) +
               std::string(target);
    }
};

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

TEST_F(Http, ManyCallsShareAFewConnections) {
    const auto server = serve({}, answer);
    HttpClient client(loop, {.connections_per_host = 3, .max_queued = 50});
    int done = 0;
    int refused = 0;
    for (int i = 0; i < 60; ++i) {
        client.get(url(*server, "/echo"), [&](Result<HttpResponse> got) {
            ++done;
            if (!got) refused += got.error().code == Errc::refused ? 1 : 100;
        });
    }
    ASSERT_TRUE(loop.run_until([&] { return done == 60; }));
    EXPECT_EQ(refused, 10) << "the queue holds 50";
    EXPECT_EQ(server->counters().connections, 3U);
    EXPECT_EQ(client.open_connections(), 3U);
}

TEST_F(Http, ADeadKeptConnectionIsReplacedWithoutTheCallerNoticing) {
    auto server = serve({}, answer);
    const std::uint16_t port = server->port();
    HttpClient client(loop, {});
    ASSERT_TRUE(fetch(client, {.url = url(*server, "/echo")}));
    server.reset();
    server = serve({.port = port}, answer);
    const auto got = fetch(client, {.url = url(*server, "/echo")});
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->status, 200);
}

/// A server that says what the test wants, once for each connection.
class Fake {
public:
    explicit Fake(std::string answer_bytes)
        : answer_(std::move(answer_bytes)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
        ::listen(listener_, 5);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
    }
    ~Fake() {
        if (peer_ >= 0) ::close(peer_);
        ::close(listener_);
    }
    Fake(const Fake&) = delete;
    Fake& operator=(const Fake&) = delete;

    /// Does what can be done without waiting: the client runs on the same thread.
    void serve_one() {
        if (peer_ < 0) peer_ = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
        char request[4096];
        if (peer_ < 0 || ::recv(peer_, request, sizeof(request), 0) <= 0) return;
        EXPECT_EQ(::send(peer_, answer_.data(), answer_.size(), MSG_NOSIGNAL), static_cast<ssize_t>(answer_.size()));
        ::close(peer_);
        peer_ = -1;
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }

private:
    std::string answer_;
    int listener_;
    int peer_ = -1;
    std::uint16_t port_ = 0;
};

TEST_F(Http, AnswersThatCannotBeUsedAreErrors) {
    struct Case {
        std::string answer_bytes;
        Errc expected;
    };
    for (const Case& each : {
             Case{"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx", Errc::unsupported},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nxx", Errc::unavailable},
             Case{"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x'), Errc::out_of_range},
             Case{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\nContent-Length: 0\r\n\r\n",
                  Errc::malformed},
             Case{"nonsense\r\n\r\n", Errc::malformed},
             Case{"", Errc::unavailable},
         }) {
        Fake fake(each.answer_bytes);
        HttpClient client(loop, {});
        std::optional<Result<HttpResponse>> result;
        client.send({.url = fake.url(), .max_body_bytes = 1000},
                    [&](Result<HttpResponse> got) { result = std::move(got); });
        ASSERT_TRUE(loop.run_until([&] {
            fake.serve_one();
            return result.has_value();
        }));
        ASSERT_FALSE(*result) << each.answer_bytes;
        EXPECT_EQ(result->error().code, each.expected) << each.answer_bytes << " -> " << result->error().what;
    }
}

TEST_F(Http, AClientGivesUpInTimeAndOnWhatIsNotThere) {
    Fake silent("");
    HttpClient client(loop, {});
    const auto late = fetch(client, {.url = silent.url(), .timeout = milliseconds{50}});
    ASSERT_FALSE(late);
    EXPECT_NE(late.error().what.find("time limit"), std::string::npos);
    EXPECT_EQ(fetch(client, {.url = "http://127.0.0.1:1/"}).error().code, Errc::unavailable);
    EXPECT_EQ(fetch(client, {.url = "https://127.0.0.1:1/"}).error().code, Errc::configuration);
    EXPECT_EQ(fetch(client, {.url = "ws://127.0.0.1:1/"}).error().code, Errc::malformed);
    EXPECT_EQ(fetch(client, {.url = "http://a/", .headers = {{"X", "a\r\nY: b"}}}).error().code, Errc::malformed);
}

TEST_F(Http, DestroyingTheClientInItsCallbackIsFine) {
    const auto server = serve({}, answer);
    auto client = std::make_unique<HttpClient>(loop, HttpClientParams{});
    int calls = 0;
    client->get(url(*server, "/echo"), [&](Result<HttpResponse>) {
        ++calls;
        client.reset();
    });
    client->get(url(*server, "/echo"), [&](Result<HttpResponse>) { ++calls; });
    ASSERT_TRUE(loop.run_until([&] { return calls > 0 && server->counters().open_connections == 0; }));
    EXPECT_EQ(calls, 1) << "the second call was dropped";
}

TEST_F(Http, PipelinedRequestsAreAnsweredInOrder) {
    const auto server = serve({}, answer);
    std::string text;
    for (int i = 0; i < 300; ++i) text += get("/echo?" + std::to_string(i));
    text += "GET /echo?last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const std::string got = exchange(*server, text);
    std::size_t at = 0;
    for (int i = 0; i < 300; ++i) {
        at = got.find("\r\n\r\nGET " + std::to_string(i) + " ", at);
        ASSERT_NE(at, std::string::npos) << i;
    }
    EXPECT_NE(got.find("GET last ", at), std::string::npos);
    EXPECT_EQ(count_of(got, "HTTP/1.1 200 OK\r\n"), 301U);
    EXPECT_EQ(count_of(got, "Connection: close\r\n"), 1U);
}

TEST_F(Http, HeadHasTheHeadOfGetAndNoBody) {
    const auto server = serve({}, answer);
    const std::string got =
        exchange(*server, "HEAD /tagged HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(got.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(header_of(got, "Content-Length"), "2000");
    EXPECT_TRUE(got.ends_with("\r\n\r\n"));
    EXPECT_EQ(header_of(got, "Date").size(), 29U);
    EXPECT_TRUE(header_of(got, "Date").ends_with(" GMT"));
}

TEST_F(Http, AcceptEncodingChoosesTheSmallestAllowedForm) {
    const auto server = serve({}, answer);
    const auto encoding = [&](const std::string& accept) {
        const std::string got = exchange(*server, get("/tagged", accept + "Connection: close\r\n"));
        EXPECT_EQ(header_of(got, "Vary"), "Accept-Encoding");
        return header_of(got, "Content-Encoding") + "/" + header_of(got, "Content-Length");
    };
    EXPECT_EQ(encoding(""), "/2000");
    EXPECT_EQ(encoding("Accept-Encoding: gzip, deflate, br\r\n"), "br/90");
    EXPECT_EQ(encoding("Accept-Encoding: GZIP;q=0.8, br;q=0\r\n"), "gzip/100");
    EXPECT_EQ(encoding("Accept-Encoding: gzip;q=0.000\r\n"), "/2000");
    EXPECT_EQ(encoding("Accept-Encoding: identity\r\n"), "/2000");
}

TEST_F(Http, WhoHasTheNewestIsAnswered304) {
    const auto server = serve({}, answer);
    const std::string etag = header_of(exchange(*server, get("/tagged", "Connection: close\r\n")), "ETag");
    ASSERT_EQ(etag.size(), 34U);
    for (const std::string& known : {etag, "W/" + etag, "\"x\", " + etag, std::string("*"),
                                     etag.substr(0, 33) + "-br\"", etag.substr(0, 33) + "-gzip\""}) {
        const std::string got =
            exchange(*server, get("/tagged", "If-None-Match: " + known + "\r\nConnection: close\r\n"));
        EXPECT_TRUE(got.starts_with("HTTP/1.1 304 Not Modified\r\n")) << known;
        EXPECT_EQ(header_of(got, "ETag"), etag);
        EXPECT_EQ(header_of(got, "Cache-Control"), "no-cache");
        EXPECT_EQ(header_of(got, "Content-Length"), "");
        EXPECT_TRUE(got.ends_with("\r\n\r\n"));
    }
    for (const std::string& unknown : {std::string("\"x\""), etag.substr(0, 20) + "\"", etag.substr(1, 32)}) {
        const std::string got =
            exchange(*server, get("/tagged", "If-None-Match: " + unknown + "\r\nConnection: close\r\n"));
        EXPECT_TRUE(got.starts_with("HTTP/1.1 200 OK\r\n")) << unknown;
    }
}

TEST_F(Http, AFormIsMadeWhenTheFirstAsksForIt) {
    const auto server = serve({.every_headers = {{"Strict-Transport-Security", "max-age=1"}}}, answer);
    const auto packed = std::get<PreparedResponsePtr>(answer({.path = "/packed"}));
    const std::string plain = exchange(*server, get("/packed", "Connection: close\r\n"));
    EXPECT_EQ(header_of(plain, "Content-Encoding"), "");
    EXPECT_EQ(header_of(plain, "Vary"), "Accept-Encoding") << "another may get another form";
    EXPECT_EQ(header_of(plain, "Strict-Transport-Security"), "max-age=1");
    EXPECT_FALSE(packed->is_packed());
    const std::string etag = header_of(plain, "ETag");
    const std::string unchanged = exchange(
        *server, get("/packed", "Accept-Encoding: gzip\r\nIf-None-Match: " + etag + "\r\nConnection: close\r\n"));
    EXPECT_TRUE(unchanged.starts_with("HTTP/1.1 304 ")) << unchanged;
    EXPECT_EQ(header_of(unchanged, "ETag"), etag.substr(0, etag.size() - 1) + "-gzip\"");
    EXPECT_FALSE(packed->is_packed()) << "who has it needs no form of it";
    const std::string got = exchange(*server, get("/packed", "Accept-Encoding: br, gzip\r\nConnection: close\r\n"));
    EXPECT_EQ(header_of(got, "Content-Encoding"), "gzip");
    EXPECT_EQ(gunzipped(got.substr(got.find("\r\n\r\n") + 4), 4096).value_or(""),
              std::string(PreparedResponse::kWorthPacking, 'p'));
    EXPECT_TRUE(packed->is_packed());
    EXPECT_TRUE(header_of(got, "Server-Timing").starts_with("app;dur=0.")) << got;
    const PreparedResponsePtr shorter = prepare({.content_type = "text/plain",
                                                 .body = std::string(PreparedResponse::kWorthPacking - 1, 'p'),
                                                 .packs_when_asked = true});
    EXPECT_EQ(&shorter->choose("gzip"), &shorter->identity);
}

TEST_F(Http, Http10IsAnsweredAndClosedUnlessAskedOtherwise) {
    const auto server = serve({}, answer);
    const std::string once = exchange(*server, "GET /echo HTTP/1.0\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(header_of(once, "Connection"), "close");
    const std::string kept = exchange(*server,
                                      "GET /echo HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"
                                      "GET /echo HTTP/1.0\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(header_of(kept, "Connection"), "keep-alive");
    EXPECT_EQ(count_of(kept, "HTTP/1.1 200 OK\r\n"), 2U);
}

TEST_F(Http, RefusalsAreProblemsAndDoNotReachTheHandler) {
    int calls = 0;
    const auto server =
        serve({.error_headers = {{"X-Content-Type-Options", "nosniff"}}}, [&](const HttpRequest& request) {
            ++calls;
            return answer(request);
        });
    struct Case {
        std::string request;
        int status;
    };
    const std::string big(70'000, 'x');
    for (const Case& each : {
             Case{"GET / HTTP/1.1\nHost: localhost\n\n", 400},
             Case{"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 400},
             Case{"\x16\x03\x01\x02", 400},
             Case{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
             Case{"GET /" + big + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414},
             Case{get("/", "X: " + big + "\r\n"), 431},
             Case{"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n" + big, 413},
             Case{"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
             Case{"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 421},
             Case{"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 421},
         }) {
        const std::string got = exchange(*server, each.request);
        EXPECT_TRUE(got.starts_with("HTTP/1.1 " + std::to_string(each.status) + " "))
            << each.request.substr(0, 60) << got;
        EXPECT_EQ(header_of(got, "Content-Type"), "application/problem+json");
        EXPECT_EQ(header_of(got, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header_of(got, "Connection"), "close");
        EXPECT_NE(got.find("\"status\":" + std::to_string(each.status)), std::string::npos);
    }
    EXPECT_EQ(calls, 0);
    EXPECT_EQ(server->counters().bad_requests, 10U);
}

TEST_F(Http, AHandlersExceptionIsA500AndTheServerGoesOn) {
    const auto server = serve({}, answer);
    const std::string got = exchange(*server, get("/throws") + get("/echo", "Connection: close\r\n"));
    EXPECT_TRUE(got.starts_with("HTTP/1.1 500 "));
    EXPECT_EQ(got.find("handler broke"), std::string::npos) << "the reason is for the log";
    EXPECT_EQ(count_of(got, "HTTP/1.1 200 OK"), 1U);
    log.expect("handler broke");
}

/// A server that hands the answers to /later to the test.
struct LaterAnswers {
    std::vector<PendingResponse::Done> waiting;
    Nanos limit = seconds{10};
    HttpServer::Handler handler() {
        return [this](const HttpRequest& request) -> HttpReply {
            if (request.path == "/now")
                return PendingResponse{[](const PendingResponse::Done& done) { done(said("at once")); }};
            if (request.path == "/broken")
                return PendingResponse{
                    [](const PendingResponse::Done&) { throw std::runtime_error("helper broke"); }};
            if (request.path != "/later") return answer(request);
            return PendingResponse{[this](PendingResponse::Done done) { waiting.push_back(std::move(done)); }, limit};
        };
    }
    static PreparedResponsePtr said(std::string text) {
        return prepare({.content_type = "text/plain", .body = std::move(text)});
    }
};

TEST_F(Http, AnAnswerThatSomebodyElseMakesIsWaitedForAndTheOrderIsKept) {
    LaterAnswers later;
    auto server = serve({}, later.handler());
    RawSocket socket(server->port());
    socket.write(get("/later") + get("/now") + get("/echo?behind"));
    ASSERT_TRUE(loop.run_until([&] { return later.waiting.size() == 1; }));
    EXPECT_NE(exchange(*server, get("/echo?meanwhile"), "meanwhile"), "") << "others are answered";
    socket.drain();
    EXPECT_EQ(socket.received, "") << "nothing overtakes it";
    later.waiting[0](LaterAnswers::said("from afar"));
    later.waiting[0](LaterAnswers::said("once more"));
    ASSERT_TRUE(loop.run_until([&] {
        socket.drain();
        return socket.received.find("behind") != std::string::npos;
    }));
    EXPECT_LT(socket.received.find("from afar"), socket.received.find("at once"));
    EXPECT_LT(socket.received.find("at once"), socket.received.find("behind"));
    EXPECT_EQ(socket.received.find("once more"), std::string::npos);
    EXPECT_EQ(count_of(socket.received, "HTTP/1.1 200"), 3U);
}

TEST_F(Http, AnAnswerThatDoesNotComeIs503AndTheConnectionGoesOn) {
    LaterAnswers later;
    later.limit = milliseconds{20};
    auto server = serve({}, later.handler());
    const std::string answers = exchange(*server, get("/later") + get("/echo?next"), "next");
    EXPECT_EQ(count_of(answers, "HTTP/1.1 503"), 1U);
    EXPECT_EQ(server->counters().bad_requests, 1U);
    EXPECT_EQ(count_of(answers, "HTTP/1.1 200"), 1U);
    later.waiting[0](LaterAnswers::said("too late"));
}

TEST_F(Http, WhoLeavesWhileItIsMadeHarmsNobody) {
    LaterAnswers later;
    auto server = serve({}, later.handler());
    {
        RawSocket socket(server->port());
        socket.write(get("/later"));
        ASSERT_TRUE(loop.run_until([&] { return later.waiting.size() == 1; }));
    }
    later.waiting[0](LaterAnswers::said("for nobody"));
    EXPECT_TRUE(loop.run_until([&] { return server->counters().open_connections == 0; }));
    RawSocket socket(server->port());
    socket.write(get("/later"));
    ASSERT_TRUE(loop.run_until([&] { return later.waiting.size() == 2; }));
    server.reset();
    later.waiting[1](LaterAnswers::said("from a server that is gone"));
}

TEST_F(Http, AHelpersExceptionIsA500) {
    LaterAnswers later;
    auto server = serve({}, later.handler());
    EXPECT_EQ(count_of(exchange(*server, get("/broken", "Connection: close\r\n")), "HTTP/1.1 500"), 1U);
    log.expect("helper broke");
}

TEST_F(Http, SlowAndIdleClientsAreEvicted) {
    const HttpServerLimits limits{.header_timeout = milliseconds{80},
                                  .keep_alive = milliseconds{80},
                                  .write_stall_timeout = milliseconds{80},
                                  .close_grace = milliseconds{50},
                                  .sweep_every = milliseconds{10}};
    const auto server = serve({.limits = limits}, answer);
    EXPECT_EQ(exchange(*server, ""), "") << "says nothing";
    EXPECT_TRUE(exchange(*server, "GET / HTTP/1.1\r\nHost: lo").starts_with("HTTP/1.1 408 "))
        << "stops in the header";
    EXPECT_TRUE(exchange(*server, "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe")
                    .starts_with("HTTP/1.1 408 "))
        << "stops in the body";
    EXPECT_TRUE(exchange(*server, get("/echo")).starts_with("HTTP/1.1 200 ")) << "then idle";
    RawSocket reader(server->port(), 4096);  // asks, and never reads
    reader.write(get("/large"));
    const auto before = server->counters().timeouts;
    ASSERT_TRUE(loop.run_until([&] { return server->counters().timeouts > before; }));
    ASSERT_TRUE(loop.run_until([&] { return server->counters().open_connections == 0; }));
    EXPECT_EQ(server->counters().timeouts, 5U);
}

TEST_F(Http, ADrippingHeaderIsEvictedHoweverItDrips) {
    const auto server =
        serve({.limits = {.header_timeout = milliseconds{100}, .sweep_every = milliseconds{10}}}, answer);
    RawSocket drip(server->port());
    const std::string text = get("/echo", "X: " + std::string(5000, 'x') + "\r\n");
    std::size_t sent = 0;
    Timestamp last{};
    ASSERT_TRUE(loop.run_until([&] {
        if (sent < text.size() && wall_now() - last > milliseconds{1}) {
            last = wall_now();
            drip.write(text.substr(sent++, 1));
        }
        drip.drain();
        return drip.is_ended;
    }));
    EXPECT_LT(sent, text.size()) << "ended by the clock, not by the request";
}

TEST_F(Http, ALargeResponseReachesASlowReader) {
    const auto server = serve({}, answer);
    RawSocket reader(server->port(), 65536);
    reader.write(get("/large", "Connection: close\r\n"));
    ASSERT_TRUE(loop.run_until(
        [&] {
            reader.drain();
            return reader.is_ended;
        },
        seconds{60}));
    EXPECT_EQ(reader.received.size() - reader.received.find("\r\n\r\n") - 4, std::size_t{20} << 20U);
}

TEST_F(Http, ConnectionsAreLimitedInAllAndForEachAddress) {
    const auto server = serve({.limits = {.max_connections_per_address = 3}}, answer);
    std::vector<std::unique_ptr<RawSocket>> sockets;
    for (int i = 0; i < 3; ++i) sockets.push_back(std::make_unique<RawSocket>(server->port()));
    ASSERT_TRUE(loop.run_until([&] { return server->counters().open_connections == 3; }));
    EXPECT_TRUE(exchange(*server, "").starts_with("HTTP/1.1 503 "));
    EXPECT_EQ(server->counters().refused_connections, 1U);
    sockets.clear();
    ASSERT_TRUE(loop.run_until([&] { return server->counters().open_connections == 0; }));
    EXPECT_TRUE(exchange(*server, get("/echo", "Connection: close\r\n")).starts_with("HTTP/1.1 200 "));
}

TEST_F(Http, AProxySpeaksForMany) {
    const auto server =
        serve({.proxies = {"127.0.0.1"}, .limits = {.max_connections = 5, .max_connections_per_address = 3}}, answer);
    std::vector<std::unique_ptr<RawSocket>> sockets;
    for (int i = 0; i < 5; ++i) sockets.push_back(std::make_unique<RawSocket>(server->port()));
    ASSERT_TRUE(loop.run_until([&] { return server->counters().open_connections == 5; }));
    EXPECT_TRUE(exchange(*server, "").starts_with("HTTP/1.1 503 "));
}

TEST_F(Http, APortInUseIsAClearError) {
    const auto server = serve({}, answer);
    HttpServer second(loop, {.port = server->port()}, answer);
    const auto opened = second.listen();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::io);
    EXPECT_EQ(opened.error().what, "cannot listen on 127.0.0.1:" + std::to_string(server->port()) +
                                       ": the port is in use; stop the program that holds it (ss -ltnp shows it) or "
                                       "configure another port");
    HttpServer nowhere(loop, {.address = "192.0.2.1"}, answer);
    EXPECT_FALSE(nowhere.listen());
    HttpServer nonsense(loop, {.address = "localhost"}, answer);
    EXPECT_FALSE(nonsense.listen());
}

TEST_F(Http, StopFinishesResponsesInFlightAndClosesTheRest) {
    HttpServerParams params;
    params.limits.close_grace = seconds{60};  // a busy machine reads 20 MB in small pieces for seconds
    const auto server = serve(params, answer);
    RawSocket idle(server->port());
    RawSocket busy(server->port(), 4096);
    busy.write(get("/large"));
    ASSERT_TRUE(loop.run_until([&] { return server->counters().requests == 1; }));
    bool is_stopped = false;
    server->stop([&] { is_stopped = true; });
    ASSERT_TRUE(loop.run_until([&] {
        idle.drain();
        busy.drain();
        return is_stopped && busy.is_ended && idle.is_ended;
    }));
    EXPECT_GT(busy.received.size(), std::size_t{20} << 20U);
    const RawSocket late(server->port());
    EXPECT_FALSE(late.is_connected());
}

}  // namespace
}  // namespace vt::net
