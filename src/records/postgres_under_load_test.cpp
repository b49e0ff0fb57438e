// A PostgreSQL server that is killed, paused, slowed, filled and corrupted while records come all the time: none is
// lost, nobody who offers one waits, and the server has all of them once it is well again.

#include "records/postgres_database.hpp"
#include "records/score_keeper.hpp"
#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <thread>

namespace vt::records {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr auto kHurry = 20;  // the keeper's clock goes so much faster: its waits of 1 to 30 s are 50 ms to 1.5 s

/// The processes of a PostgreSQL server: the first, and those that it made.
std::vector<pid_t> processes_of(pid_t first) {
    std::vector<pid_t> found = {first};
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        pid_t process = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), process).ec != std::errc{}) continue;
        std::ifstream in(entry.path() / "status");
        for (std::string line; std::getline(in, line);)
            if (line == "PPid:\t" + std::to_string(first)) found.push_back(process);
    }
    return found;
}

class PostgresUnderLoad : public ::testing::Test {
protected:
    void SetUp() override {
        if (TestServer::shared() == nullptr) GTEST_SKIP() << "postgresql-15 is not installed";
        on.emplace();
        KeeperParams params{
            .open = [this](Timestamp at) -> Result<Repository> {
                auto database = PostgresDatabase::open(on->url.conninfo, milliseconds{500});
                if (!database) return tl::unexpected<Error>(database.error());
                return Repository::open(std::move(*database), at);
            },
            .open_spool = [this](Timestamp at) { return Repository::open(*open_database(spool.url), at); },
            .run = {.run = "00000000000000aa", .market = "demo", .started = kStart, .program = "test"},
            .retention = {.keep_days = 0, .explanations_keep_days = 0, .bytes_max = 0}};
        keeper.emplace(std::move(params));
        thread = std::thread([this] { work(); });
    }
    void TearDown() override {
        is_ending = true;
        if (thread.joinable()) thread.join();
    }
    void work() {
        const auto begun = steady_clock::now();
        while (!is_ending) {
            if (!keeper->do_work(kStart + kHurry * Nanos(steady_clock::now() - begun))) ::usleep(2'000);
        }
    }
    /// Records for a while, whatever happens. out: the longest that one was waited for
    Nanos offer_for(int rounds) {
        Nanos longest{0};
        for (int round = 0; round < rounds; ++round, ::usleep(5'000)) {
            for (int i = 0; i < 10; ++i) {
                const auto begun = steady_clock::now();
                EXPECT_TRUE(keeper->offer([next = ++number] {
                    const ScoreRow score = made_score(next);
                    return Batch{.scores = {score}, .explanations = {made_explanation(score)}};
                }));
                longest = std::max<Nanos>(longest, steady_clock::now() - begun);
            }
        }
        return longest;
    }
    std::optional<milliseconds> await_all_stored() {
        const auto begun = steady_clock::now();
        while (keeper->stats().stored < number) {
            if (steady_clock::now() - begun > seconds{60}) return std::nullopt;
            ::usleep(2'000);
        }
        return std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    }
    void run_on_server(const std::string& script) {
        auto other = open_database(on->url);
        ASSERT_TRUE(other.has_value()) << other.error().what;
        const auto done = (*other)->run(script);
        ASSERT_TRUE(done.has_value()) << done.error().what;
    }
    /// in: said: what the keeper must say meanwhile; null: it need not notice
    template <class Begin, class End>
    void endure(const char* name, Begin begin, End end, const char* said) {
        ASSERT_TRUE(await_all_stored().has_value()) << name << ", before: " << keeper->stats().problem;
        const std::uint64_t failures = keeper->stats().failures;
        begin();
        Nanos longest = offer_for(20);
        for (int i = 0; i < 300 && said != nullptr && keeper->stats().failures == failures; ++i)
            longest = std::max(longest, offer_for(2));
        longest = std::max(longest, offer_for(20));
        const KeeperStats during = keeper->stats();
        if (said != nullptr) {
            EXPECT_GT(during.failures, failures) << name << " was not felt";
            EXPECT_NE(during.problem.find(said), std::string::npos) << name << ": " << during.problem;
        }
        end();
        const auto back = await_all_stored();
        ASSERT_TRUE(back.has_value()) << name << ": " << keeper->stats().problem;
        const KeeperStats after = keeper->stats();
        EXPECT_EQ(after.lost, 0U);
        EXPECT_LT(longest, seconds{2}) << "who offers waits for nobody";
        std::printf(
            "%-9s %5llu on disk meanwhile, all of %6llu stored %5lld ms after the end; the longest offer took %.2f "
            "ms\n",
            name, static_cast<unsigned long long>(during.spooled.value_or(0)),
            static_cast<unsigned long long>(number), static_cast<long long>(back->count()),
            std::chrono::duration<double, std::milli>(longest).count());
    }
    static void signal_all(int signal) {
        for (const pid_t process : processes_of(TestServer::shared()->process_id())) ::kill(process, signal);
    }
    void refuse_with(const char* state) {
        run_on_server(
            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            "'the test says no' USING ERRCODE = '" +
            std::string(state) +
            "'; END $$; CREATE TRIGGER refuse BEFORE INSERT ON scores FOR EACH STATEMENT EXECUTE FUNCTION "
            "refuse()");
    }
    void refuse_no_more() { run_on_server("DROP TRIGGER refuse ON scores"); }

    std::optional<OnPostgres> on;
    OnSqlite spool;
    std::optional<ScoreKeeper> keeper;
    std::uint64_t number = 0;
    std::atomic<bool> is_ending{false};
    std::thread thread;
};

TEST_F(PostgresUnderLoad, LosesNothingWhateverHappensToTheServer) {
    TestServer& server = *TestServer::shared();
    (void)offer_for(5);
    endure("killed", [&] { server.stop(SIGQUIT); }, [&] { ASSERT_TRUE(server.start()); }, "cannot reach PostgreSQL");
    endure(
        "crashed",  // one of its processes, at which it ends all connections and recovers by itself
        [&] { ::kill(processes_of(server.process_id()).back(), SIGKILL); }, [] {}, nullptr);
    endure("paused", [] { signal_all(SIGSTOP); }, [] { signal_all(SIGCONT); }, "");
    std::atomic<bool> is_slow{true};
    std::thread slowing;
    endure(
        "slowed",
        [&] {
            slowing = std::thread([&] {
                while (is_slow) {
                    signal_all(SIGSTOP);
                    ::usleep(80'000);
                    signal_all(SIGCONT);
                    ::usleep(20'000);
                }
            });
        },
        [&] {
            is_slow = false;
            slowing.join();
        },
        nullptr);
    endure("full", [&] { refuse_with("53100"); }, [&] { refuse_no_more(); }, "the server's disk is full");
    endure("corrupt", [&] { refuse_with("XX001"); }, [&] { refuse_no_more(); }, "restore a backup");

    // What the server holds is what the same records give anywhere else.
    auto stored = Repository::open(*open_database(on->url), kStart);
    OnSqlite other;
    auto wanted = Repository::open(*open_database(other.url), kStart);
    Batch all = made_batch(1, number);
    all.runs = *stored->runs();
    ASSERT_TRUE(wanted->append(all).has_value());
    EXPECT_EQ(*stored->digest(), *wanted->digest());
    EXPECT_EQ(stored->usage()->scores, number);
}

}  // namespace
}  // namespace vt::records
