#include "influx/writer.hpp"

#include "net/gzip.hpp"
#include "net/http_server.hpp"
#include "obs/log.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

namespace vt::influx {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What a server that takes nothing amiss twice answers: it checks token, address, encoding and each line.
struct Stub {
    explicit Stub(net::Loop& on) : loop(on) { open(); }
    void open(std::uint16_t at = 0) {
        net::HttpServerParams params{.port = at};
        params.limits.max_body_bytes = 4U << 20U;
        server =
            std::make_unique<net::HttpServer>(loop, params, [this](const net::HttpRequest& r) { return answer(r); });
        const auto listening = server->listen();
        EXPECT_TRUE(listening.has_value()) << listening.error().what;
        port = server->port();
    }
    static net::PreparedResponsePtr respond(int status, std::string body = {},
                                            std::vector<net::HttpHeader> extra = {}) {
        return net::prepare({.status = status,
                             .content_type = "application/json",
                             .body = std::move(body),
                             .headers = std::move(extra)});
    }
    net::HttpReply answer(const net::HttpRequest& request) {
        ++requests;
        path = std::string(request.path) + "?" + std::string(request.query);
        authorization = std::string(request.header("Authorization").value_or(""));
        if (request.method != net::Method::post) return respond(405);
        if (!token.empty() && authorization != token) return respond(401, R"({"code":"unauthorized"})");
        if (request.header("Content-Encoding") != "gzip") return respond(415);
        const auto text = net::gunzipped(request.body, 8U << 20U);
        if (!text) return respond(400, "not gzip");
        if (!script.empty()) {
            const auto next = script.front();
            script.erase(script.begin());
            return next;
        }
        if (text->size() > text_max) return respond(413, R"({"code":"request too large"})");
        std::istringstream in(*text);
        for (std::string line; std::getline(in, line);) {
            if (!line.starts_with("m,t=x n=") || line.find("i 17") == std::string::npos)
                return respond(400, "unable to parse");
            ++lines[line];
        }
        return respond(204);
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port); }

    net::Loop& loop;
    std::unique_ptr<net::HttpServer> server;
    std::uint16_t port = 0;
    std::string token;
    std::vector<net::PreparedResponsePtr> script;  ///< answers that come first
    std::size_t text_max = 4U << 20U;
    std::map<std::string, int> lines;
    int requests = 0;
    std::string path;
    std::string authorization;
};

/// Answers each connection's first bytes with the next of some texts that are no answer, and closes it.
class Babble {
public:
    Babble(std::uint16_t port, std::vector<std::string> texts) : texts_(std::move(texts)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int yes = 1;
        ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
        EXPECT_EQ(::listen(listener_, 16), 0);
        thread_ = std::thread([this] { serve(); });
    }
    ~Babble() { stop(); }
    Babble(const Babble&) = delete;
    Babble& operator=(const Babble&) = delete;
    void stop() {
        if (!thread_.joinable()) return;
        ::shutdown(listener_, SHUT_RDWR);  // wakes accept
        thread_.join();
        ::close(listener_);
    }

private:
    void serve() {
        for (std::size_t i = 0;; ++i) {
            const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) return;
            char some[4096];
            (void)!::read(connection, some, sizeof(some));
            const std::string& text = texts_[i % texts_.size()];
            (void)!::send(connection, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            ::close(connection);
        }
    }

    std::vector<std::string> texts_;
    int listener_ = -1;
    std::thread thread_;
};

class InfluxWriter : public testing::Test {
protected:
    InfluxWriter() {
        std::string pattern = (std::filesystem::temp_directory_path() / "vt-influx-XXXXXX").string();
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        stub.emplace(loop);
    }
    ~InfluxWriter() override {
        writer.reset();
        stub.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    WriterParams params() {
        return {.url = stub->url(),
                .token = "secret",
                .org = "my org",
                .bucket = "b&c",
                .spool_folder = folder / "spool",
                .batch_age = milliseconds{10},
                .retry_first = milliseconds{20},
                .retry_max = milliseconds{100},
                .locked_wait = milliseconds{50}};
    }
    void start(WriterParams with) {
        writer.reset();  // it has the folder
        auto made = Writer::make(loop, std::move(with));
        ASSERT_TRUE(made.has_value()) << made.error().what;
        writer = std::move(*made);
        writer->start();
    }
    void offer(int count) {
        LineWriter batch;
        for (int i = 0; i < count; ++i) {
            batch.begin("m").tag("t", "x").field("n", ++number);
            batch.end(from_ns(1'700'000'000'000'000'000 + number));
        }
        EXPECT_TRUE(writer->offer(batch));
    }
    /// Until every line is stored, and each once.
    void expect_stored(std::size_t count) {
        EXPECT_TRUE(loop.run_until(
            [&] { return writer->stats().stored_lines >= count && writer->stats().spooled_lines == 0; }));
        EXPECT_EQ(stub->lines.size(), count);
        EXPECT_TRUE(
            std::all_of(stub->lines.begin(), stub->lines.end(), [](const auto& line) { return line.second == 1; }));
        EXPECT_EQ(writer->stats().stored_lines, count);
        EXPECT_TRUE(writer->stats().problem.empty()) << writer->stats().problem;
    }

    obs::LogCapture log;  // the writer warns, and is meant to
    net::Loop loop;
    std::filesystem::path folder;
    std::optional<Stub> stub;
    std::unique_ptr<Writer> writer;
    std::int64_t number = 0;
};

TEST_F(InfluxWriter, SendsVersion2) {
    start(params());
    stub->token = "Token secret";
    offer(1000);
    expect_stored(1000);
    EXPECT_EQ(stub->path, "/api/v2/write?org=my%20org&bucket=b%26c&precision=ns");
    EXPECT_EQ(stub->requests, 1);
}

TEST_F(InfluxWriter, SendsVersion1) {
    WriterParams with = params();
    with.version = Version::v1;
    with.token = "user:pass";
    with.bucket = "db/week";
    start(std::move(with));
    stub->token = "Basic dXNlcjpwYXNz";
    offer(3);
    expect_stored(3);
    EXPECT_EQ(stub->path, "/write?db=db&precision=ns&rp=week");
}

TEST_F(InfluxWriter, ManyLinesAreSeveralBatchesInOrder) {
    WriterParams with = params();
    with.batch_bytes = 2000;
    start(std::move(with));
    for (int i = 0; i < 30; ++i) offer(100);
    expect_stored(3000);
    EXPECT_GT(stub->requests, 20);
}

TEST_F(InfluxWriter, ARefusedTokenWaitsForTheRightOneAndLosesNothing) {
    start(params());
    stub->token = "Token another";
    offer(20);
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().failures >= 2; }));
    EXPECT_NE(writer->stats().problem.find("check INFLUXDB_TOKEN"), std::string::npos) << writer->stats().problem;
    EXPECT_EQ(writer->stats().problem.find("secret"), std::string::npos);
    EXPECT_EQ(writer->stats().spooled_lines, 20U);
    stub->token = "Token secret";
    expect_stored(20);
}

TEST_F(InfluxWriter, ABusyServerIsLeftAloneForAsLongAsItAsks) {
    start(params());
    stub->script = {Stub::respond(429, "slow down", {{"Retry-After", "1"}}), Stub::respond(503, "starting")};
    offer(20);
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(loop.run_until([&] { return stub->requests >= 2; }));
    EXPECT_GE(std::chrono::steady_clock::now() - begun, seconds{1});
    expect_stored(20);
    EXPECT_EQ(stub->requests, 3);
    EXPECT_EQ(writer->stats().failures, 2U);
}

TEST_F(InfluxWriter, AServerThatIsAwayCostsNothingWithinTheLimit) {
    const std::uint16_t port = stub->port;
    stub->server.reset();
    start(params());
    for (int i = 0; i < 5; ++i) {
        offer(10);
        (void)loop.run_until([] { return false; }, milliseconds{30});
    }
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().failures >= 2; }));
    EXPECT_NE(writer->stats().problem.find("does not answer"), std::string::npos) << writer->stats().problem;
    EXPECT_EQ(writer->stats().spooled_lines, 50U);
    writer.reset();  // and the program ends: the next run has them
    start(params());
    EXPECT_EQ(writer->stats().spooled_lines, 50U);
    stub->open(port);
    offer(5);
    expect_stored(55);
}

TEST_F(InfluxWriter, OverTheLimitTheOldestGoAndAreCounted) {
    const std::uint16_t port = stub->port;
    stub->server.reset();
    WriterParams with = params();
    with.spool_bytes_max = 1500;
    start(std::move(with));
    for (int i = 0; i < 30; ++i) {
        offer(10);
        writer->flush();
    }
    const WriterStats stats = writer->stats();
    EXPECT_LE(stats.spooled_bytes, 1500U);
    EXPECT_GT(stats.dropped_lines, 0U);
    EXPECT_EQ(stats.dropped_lines + stats.spooled_lines, 300U);
    stub->open(port);
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().spooled_lines == 0; }));
    EXPECT_EQ(stub->lines.size(), writer->stats().stored_lines);
    EXPECT_EQ(writer->stats().stored_lines + writer->stats().dropped_lines, 300U);
    EXPECT_TRUE(stub->lines.contains("m,t=x n=300i 1700000000000000300")) << "the newest say more";
}

TEST_F(InfluxWriter, WhatNoServerTakesDoesNotStopTheRest) {
    start(params());
    LineWriter wrong;
    wrong.begin("other").field("x", 1.0);
    wrong.end(from_ns(1));
    ASSERT_TRUE(writer->offer(wrong));
    writer->flush();
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().refused_lines == 1; }));
    EXPECT_NE(log.warnings().back().find("unable to parse"), std::string::npos);
    offer(7);
    expect_stored(7);
}

TEST_F(InfluxWriter, APartialWriteCountsWhatIsStoredAndWhatIsNot) {
    start(params());
    stub->script = {Stub::respond(400, R"({"error":"partial write: field type conflict dropped=3"})")};
    offer(10);
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().refused_lines == 3; }));
    EXPECT_EQ(writer->stats().stored_lines, 7U);
    EXPECT_EQ(writer->stats().spooled_lines, 0U);
}

TEST_F(InfluxWriter, ABatchThatIsTooLargeIsHalved) {
    stub->text_max = 2000;
    start(params());
    offer(400);
    expect_stored(400);
    EXPECT_GT(stub->requests, 8);
}

TEST_F(InfluxWriter, ABucketThatIsNotThereIsNamed) {
    start(params());
    stub->script = {Stub::respond(404, R"({"code":"not found","message":"bucket \"b\" not found"})")};
    offer(1);
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().failures == 1; }));
    EXPECT_NE(writer->stats().problem.find("INFLUXDB_BUCKET"), std::string::npos) << writer->stats().problem;
    expect_stored(1);
}

/// A port on which something else listens: whatever it says, the lines stay and the message says what to look at.
TEST_F(InfluxWriter, AnAnswerThatIsNoneIsAskedForAgainAndLosesNothing) {
    const std::uint16_t port = stub->port;
    stub->server.reset();
    Babble babble(port, {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 204", "HTTP/1.1 2O4 No Content\r\n\r\n",
                         "HTTP/1.1 204 No Content\r\nContent-Length: -1\r\n\r\n", std::string(100'000, '\xff'), ""});
    WriterParams with = params();
    with.timeout = milliseconds{300};
    start(std::move(with));
    offer(30);
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().failures >= 8; }));
    EXPECT_EQ(writer->stats().stored_lines, 0U);
    EXPECT_EQ(writer->stats().spooled_lines, 30U);
    EXPECT_NE(writer->stats().problem.find("check INFLUXDB_URL, and what listens there"), std::string::npos)
        << writer->stats().problem;
    babble.stop();
    stub->open(port);
    expect_stored(30);
}

TEST_F(InfluxWriter, AFullBufferDropsAndCounts) {
    WriterParams with = params();
    with.buffer_bytes_max = 300;
    start(std::move(with));
    LineWriter many;
    for (int i = 0; i < 100; ++i) {
        many.begin("m").tag("t", "x").field("n", std::int64_t{i});
        many.end(from_ns(1'700'000'000'000'000'000 + i));
    }
    EXPECT_FALSE(writer->offer(many));
    EXPECT_EQ(writer->stats().dropped_lines, 100U);
    EXPECT_EQ(writer->stats().offered_lines, 100U);
}

TEST_F(InfluxWriter, AFileThatWasCutOffIsCountedAndPassed) {
    const std::uint16_t port = stub->port;
    stub->server.reset();
    start(params());
    offer(10);
    writer->flush();
    offer(5);
    writer->flush();
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "spool"))
        if (entry.path().extension() == ".gz") files.push_back(entry.path());
    ASSERT_EQ(files.size(), 2U);
    std::filesystem::resize_file(*std::max_element(files.begin(), files.end()), 3);  // the first is on its way
    stub->open(port);
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().spooled_lines == 0; }));
    EXPECT_EQ(writer->stats().dropped_lines + writer->stats().stored_lines, 15U);
    EXPECT_EQ(writer->stats().dropped_lines, 5U);
}

TEST_F(InfluxWriter, OneRunAtATimeHasTheFolderAndAHalfWrittenFileGoes) {
    std::filesystem::create_directories(folder / "spool");
    std::ofstream(folder / "spool" / "00000000000000001024-5.lp.gz.partial") << "half";
    start(params());
    EXPECT_TRUE(std::filesystem::is_empty(folder / "spool" / "lock"));
    EXPECT_FALSE(std::filesystem::exists(folder / "spool" / "00000000000000001024-5.lp.gz.partial"));
    const auto second = Writer::make(loop, params());
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, Errc::unavailable);
    EXPECT_NE(second.error().what.find("another run"), std::string::npos) << second.error().what;
    writer.reset();
    EXPECT_TRUE(Writer::make(loop, params()).has_value()) << "free again";
}

TEST_F(InfluxWriter, AFolderThatCannotBeMadeOrWrittenIsNamed) {
    std::ofstream(folder / "file") << "in the way";
    WriterParams with = params();
    with.spool_folder = folder / "file" / "spool";
    const auto made = Writer::make(loop, std::move(with));
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, Errc::io);
    EXPECT_NE(made.error().what.find((folder / "file" / "spool").string()), std::string::npos) << made.error().what;
    EXPECT_NE(made.error().what.find("must be able to write there"), std::string::npos) << made.error().what;
}

TEST_F(InfluxWriter, ADiskThatTakesNothingIsSaidAndTheLinesAreCounted) {
    const std::uint16_t port = stub->port;
    stub->server.reset();
    start(params());
    offer(10);
    writer->flush();
    std::error_code failed;
    std::filesystem::rename(folder / "spool", folder / "gone", failed);
    offer(5);
    writer->flush();
    EXPECT_EQ(writer->stats().dropped_lines, 5U);
    EXPECT_NE(writer->stats().problem.find("is the disk full, or the folder read-only?"), std::string::npos)
        << writer->stats().problem;
    std::filesystem::rename(folder / "gone", folder / "spool", failed);
    stub->open(port);
    EXPECT_TRUE(loop.run_until([&] { return writer->stats().stored_lines == 10; }));
}

TEST_F(InfluxWriter, WrongSettingsAreSaidAtTheStart) {
    for (const char* url : {"", "8086", "ftp://x", "ws://host"}) {
        WriterParams with = params();
        with.url = url;
        const auto made = Writer::make(loop, std::move(with));
        ASSERT_FALSE(made.has_value());
        EXPECT_EQ(made.error().code, Errc::configuration);
        EXPECT_NE(made.error().what.find("INFLUXDB_URL"), std::string::npos);
    }
    WriterParams with = params();
    with.url = "http://me:hidden@host:8086";
    const auto made = Writer::make(loop, with);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().what.find("hidden"), std::string::npos) << made.error().what;
    with = params();
    with.bucket.clear();
    EXPECT_NE(Writer::make(loop, std::move(with)).error().what.find("INFLUXDB_BUCKET"), std::string::npos);
}

}  // namespace
}  // namespace vt::influx
