// The servers that users have: VictoriaMetrics by version 2's address, InfluxDB 1.x by version 1's. What is written
// is read back: VictoriaMetrics answers 204 to lines that it does not understand.

#include "cache/test_servers.hpp"
#include "influx/writer.hpp"
#include "net/http_client.hpp"
#include "obs/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace vt::influx {
namespace {

class RealServer : public testing::Test {
protected:
    RealServer() : client(loop, {}) {
        std::string pattern = (std::filesystem::temp_directory_path() / "vt-series-XXXXXX").string();
        EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        port = cache::free_port();
        url = "http://127.0.0.1:" + std::to_string(port);
    }
    ~RealServer() override {
        stop();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    void start(std::vector<std::string> command, const std::string& alive) {
        process = ::fork();
        if (process == 0) {
            const int log = ::open((folder / "log").c_str(), O_CREAT | O_APPEND | O_WRONLY, 0600);
            ::dup2(log, 1);
            ::dup2(log, 2);
            std::vector<char*> arguments;
            for (std::string& one : command) arguments.push_back(one.data());
            arguments.push_back(nullptr);
            ::execv(arguments.front(), arguments.data());
            ::_exit(127);
        }
        bool is_up = false;
        for (int i = 0; i < 300 && !is_up; ++i) {
            is_up = ask(net::Method::get, alive).first / 100 == 2;
            if (!is_up) (void)loop.run_until([] { return false; }, std::chrono::milliseconds{100});
        }
        ASSERT_TRUE(is_up) << command.front() << " does not start";
    }
    void stop(int how = SIGTERM) {
        if (process <= 0) return;
        ::kill(process, SIGCONT);
        ::kill(process, how);
        ::waitpid(process, nullptr, 0);
        process = 0;
    }
    std::pair<int, std::string> ask(net::Method method, const std::string& target) {
        std::optional<std::pair<int, std::string>> answer;
        client.send({.url = url + target, .method = method}, [&](const Result<net::HttpResponse>& response) {
            answer = response ? std::pair(response->status, response->body) : std::pair(0, response.error().what);
        });
        EXPECT_TRUE(loop.run_until([&] { return answer.has_value(); }, std::chrono::seconds{20}));
        return answer.value_or(std::pair(0, std::string()));
    }
    void write(WriterParams params) {
        params.url = url;
        params.spool_folder = folder / "spool";
        params.batch_age = std::chrono::milliseconds{20};
        auto writer = Writer::make(loop, std::move(params));
        ASSERT_TRUE(writer.has_value()) << writer.error().what;
        (*writer)->start();
        for (int batch = 0; batch < 3; ++batch) {
            LineWriter lines;
            for (int i = 0; i < 100; ++i) {
                lines.begin("score").tag("instrument", "bybit-linear-A, B=C").field("value", 50 + i / 7.0);
                lines.end(from_ms(1'700'000'000'000 + (batch * 100 + i) * 1000));
            }
            ASSERT_TRUE((*writer)->offer(lines));
            (*writer)->flush();
        }
        EXPECT_TRUE(loop.run_until([&] { return (*writer)->stats().stored_lines == 300; }, std::chrono::seconds{30}))
            << (*writer)->stats().problem;
        EXPECT_EQ((*writer)->stats().refused_lines, 0U);
    }

    net::Loop loop;
    net::HttpClient client;
    std::filesystem::path folder;
    std::uint16_t port = 0;
    std::string url;
    pid_t process = 0;
};

TEST_F(RealServer, VictoriaMetricsHasWhatWasWritten) {
    if (::access("/usr/bin/victoria-metrics", X_OK) != 0) GTEST_SKIP() << "victoria-metrics is not installed";
    start({"/usr/bin/victoria-metrics", "-httpListenAddr=127.0.0.1:" + std::to_string(port),
           "-storageDataPath=" + (folder / "data").string(), "-retentionPeriod=100y"},
          "/health");
    write({.token = "any", .org = "o", .bucket = "b"});
    (void)ask(net::Method::get, "/internal/force_flush");
    const auto [status, text] = ask(net::Method::get, "/api/v1/export?match%5B%5D=score_value");
    EXPECT_EQ(status, 200);
    EXPECT_NE(text.find("\"instrument\":\"bybit-linear-A, B=C\""), std::string::npos) << text.substr(0, 300);
    EXPECT_NE(text.find("1700000299000"), std::string::npos) << text.substr(0, 300);
    EXPECT_NE(text.find("50.1428571429,"), std::string::npos) << "it keeps twelve digits: " << text.substr(0, 300);
}

/// InfluxDB 1.x, which syncs its log before it answers.
class RealInfluxDb : public RealServer {
protected:
    void SetUp() override {
        if (::access("/usr/bin/influxd", X_OK) != 0) GTEST_SKIP() << "influxdb is not installed";
        const auto quoted = [&](const char* name) { return "\"" + (folder / name).string() + "\""; };
        std::ofstream(settings()) << "reporting-disabled = true\nbind-address = \"127.0.0.1:" << cache::free_port()
                                  << "\"\n[meta]\ndir = " << quoted("meta") << "\n[data]\ndir = " << quoted("data")
                                  << "\nwal-dir = " << quoted("wal")
                                  << "\n[http]\nbind-address = \"127.0.0.1:" << port << "\"\n";
        start_influxd();
    }
    [[nodiscard]] std::filesystem::path settings() const { return folder / "influxdb.conf"; }
    void start_influxd() { start({"/usr/bin/influxd", "-config", settings().string()}, "/ping"); }
};

TEST_F(RealInfluxDb, HasWhatWasWritten) {
    EXPECT_EQ(ask(net::Method::post, "/query?q=CREATE%20DATABASE%20virtuoso").first, 200);
    write({.token = "user:pass", .bucket = "virtuoso", .version = Version::v1});
    const auto [status, text] =
        ask(net::Method::get,
            "/query?db=virtuoso&q=SELECT%20count(value),last(value)%20FROM%20score%20GROUP%20BY%20instrument");
    EXPECT_EQ(status, 200);
    EXPECT_NE(text.find("\"bybit-linear-A, B=C\""), std::string::npos) << text;
    EXPECT_NE(text.find(",300,64.14285714285714]"), std::string::npos) << text;
    // And a line that it does not understand is refused by name, where VictoriaMetrics says nothing.
    auto writer = Writer::make(
        loop, {.url = url, .bucket = "absent", .version = Version::v1, .spool_folder = folder / "other"});
    ASSERT_TRUE(writer.has_value());
    LineWriter lines;
    lines.begin("score").field("value", 1.0);
    lines.end(from_ms(1));
    (void)(*writer)->offer(lines);
    (*writer)->start();
    EXPECT_TRUE(loop.run_until([&] { return (*writer)->stats().failures == 1; }));
    EXPECT_NE((*writer)->stats().problem.find("INFLUXDB_BUCKET"), std::string::npos) << (*writer)->stats().problem;
}

TEST_F(RealInfluxDb, KilledPausedAndSlowedUnderLoadItHasEveryLine) {
    const obs::LogCapture log;  // the writer warns, and is meant to
    EXPECT_EQ(ask(net::Method::post, "/query?q=CREATE%20DATABASE%20virtuoso").first, 200);
    auto writer = Writer::make(loop, {.url = url,
                                      .bucket = "virtuoso",
                                      .version = Version::v1,
                                      .spool_folder = folder / "spool",
                                      .batch_age = std::chrono::milliseconds{20},
                                      .timeout = std::chrono::milliseconds{500},
                                      .retry_first = std::chrono::milliseconds{20},
                                      .retry_max = std::chrono::milliseconds{200}});
    ASSERT_TRUE(writer.has_value()) << writer.error().what;
    (*writer)->start();
    std::int64_t lines = 0;
    const auto offer_for = [&](std::chrono::milliseconds time) {
        const auto end = std::chrono::steady_clock::now() + time;
        (void)loop.run_until(
            [&] {
                LineWriter some;
                for (int i = 0; i < 20; ++i) {
                    some.begin("load").field("value", ++lines);
                    some.end(from_ms(1'700'000'000'000 + lines));
                }
                EXPECT_TRUE((*writer)->offer(some));
                ::usleep(2'000);
                return std::chrono::steady_clock::now() > end;
            },
            std::chrono::seconds{30});
    };
    const auto await_all = [&](const char* what) {
        const auto begun = std::chrono::steady_clock::now();
        EXPECT_TRUE(
            loop.run_until([&] { return (*writer)->stats().stored_lines == static_cast<std::uint64_t>(lines); },
                           std::chrono::seconds{60}))
            << what << ": " << (*writer)->stats().problem;
        const auto took = std::chrono::steady_clock::now() - begun;
        std::printf("%s: all of %lld lines stored %lld ms after the end\n", what, static_cast<long long>(lines),
                    static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
    };
    const auto offer_until_felt = [&] {
        const std::uint64_t before = (*writer)->stats().failures;
        offer_for(std::chrono::milliseconds{300});
        for (int i = 0; i < 100 && (*writer)->stats().failures == before; ++i)
            offer_for(std::chrono::milliseconds{50});
        EXPECT_GT((*writer)->stats().failures, before);
        EXPECT_GT((*writer)->stats().spooled_lines, 0U);
    };
    offer_for(std::chrono::milliseconds{200});
    stop(SIGKILL);
    offer_until_felt();
    start_influxd();
    await_all("killed");
    ::kill(process, SIGSTOP);
    offer_until_felt();
    ::kill(process, SIGCONT);
    await_all("paused");
    for (int i = 0; i < 5; ++i) {
        ::kill(process, SIGSTOP);
        offer_for(std::chrono::milliseconds{80});
        ::kill(process, SIGCONT);
        offer_for(std::chrono::milliseconds{20});
    }
    await_all("slowed");
    EXPECT_EQ((*writer)->stats().dropped_lines + (*writer)->stats().refused_lines, 0U);
    const auto [status, text] =
        ask(net::Method::get, "/query?db=virtuoso&q=SELECT%20count(value),sum(value)%20FROM%20load");
    EXPECT_EQ(status, 200);
    EXPECT_NE(text.find("," + std::to_string(lines) + "," + std::to_string(lines * (lines + 1) / 2) + "]"),
              std::string::npos)
        << text;
}

}  // namespace
}  // namespace vt::influx
