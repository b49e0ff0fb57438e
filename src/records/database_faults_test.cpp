// What the world does to a database, and what the user is told.

#include "records/database_url.hpp"
#include "records/postgres_database.hpp"
#include "records/repository.hpp"
#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>

namespace vt::records {
namespace {

::testing::AssertionResult says(const Error& error, std::initializer_list<const char*> parts) {
    for (const char* part : parts) {
        if (error.what.find(part) == std::string::npos)
            return ::testing::AssertionFailure() << "no '" << part << "' in: " << error.what;
    }
    return ::testing::AssertionSuccess();
}

/// Runs `body` in a process of its own, of an unprivileged user: root may write everything.
int in_a_process(const std::function<int()>& body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(DatabaseUrl, TakesBothBackends) {
    EXPECT_EQ(parse_database_url("sqlite:///var/lib/x.db")->path, "/var/lib/x.db");
    EXPECT_EQ(parse_database_url("sqlite:x.db")->path, "x.db");
    EXPECT_EQ(parse_database_url("postgres://u@h/d")->backend, Backend::postgres);
    for (const char* wrong : {"", "sqlite:", "sqlite:///", "mysql://h/d", "/var/lib/x.db"})
        EXPECT_EQ(parse_database_url(wrong).error().code, Errc::configuration) << wrong;
}

TEST(DatabaseUrl, ShowsNoPassword) {
    EXPECT_EQ(without_password("postgresql://u:secret@h:5432/d?x=1"), "postgresql://u:***@h:5432/d?x=1");
    EXPECT_EQ(without_password("postgresql://u:se@cret@h/d"), "postgresql://u:***@h/d");
    EXPECT_EQ(without_password("postgresql://u:se/c?ret@h/d"), "postgresql://u:***@h/d");
    EXPECT_EQ(without_password("mysql://u:secret@h/d"), "mysql://u:***@h/d");
    EXPECT_EQ(without_password("postgresql://h/d?user=u&password=secret&x=1"),
              "postgresql://h/d?user=u&password=***&x=1");
    EXPECT_EQ(without_password("postgresql://u@h:5432/d"), "postgresql://u@h:5432/d");
    EXPECT_EQ(without_password("sqlite:///a:b@c"), "sqlite:///a:b@c");
    EXPECT_EQ(parse_database_url("mysql://u:secret@h/d").error().what.find("secret"), std::string::npos);
}

TEST(SqliteDatabase, IsOfThisUserOnly) {
    OnSqlite on;
    ASSERT_TRUE(open_database(on.url).has_value());
    struct stat state{};
    ASSERT_EQ(::stat(on.url.path.c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777U, 0600U);
}

TEST(SqliteDatabase, AFolderThatCannotBeWrittenIsNamed) {
    TestFolder folder;
    ASSERT_EQ(::chmod(folder.path().c_str(), 0555), 0);
    const int outcome = in_a_process([&] {
        if (::geteuid() == 0 && ::setuid(65534) != 0) return 2;
        const auto opened = open_database({.path = (folder.path() / "records.db").string()});
        return !opened && opened.error().code == Errc::io &&
                       says(opened.error(),
                            {"records.db", "must be able to write the file and its folder", "records.database_url"})
                   ? 0
                   : 1;
    });
    EXPECT_EQ(outcome, 0);
}

TEST(SqliteDatabase, ADatabaseOfAnotherProgramIsLeftAlone) {
    OnSqlite on;
    {
        auto database = open_database(on.url);
        ASSERT_TRUE((*database)->run("CREATE TABLE theirs (x INTEGER); PRAGMA application_id = 7;").has_value());
    }
    const auto opened = open_database(on.url);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::refused);
    EXPECT_TRUE(says(opened.error(), {"another program", "records.database_url"}));
}

TEST(SqliteDatabase, ADamagedFileIsRefusedAndNotReplaced) {
    OnSqlite on;
    std::ofstream(on.url.path) << std::string(8192, 'x');
    const auto opened = open_database(on.url);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_TRUE(says(opened.error(), {"damaged", "virtuoso storage restore"}));
    EXPECT_EQ(std::filesystem::file_size(on.url.path), 8192U);
}

TEST(SqliteDatabase, AFlippedPageIsFound) {
    OnSqlite on;
    {
        auto repository = Repository::open(*open_database(on.url), kStart);
        ASSERT_TRUE(repository->append(made_batch(1, 3000)).has_value());
        EXPECT_TRUE(repository->database().verify().has_value());
    }
    {
        std::fstream file(on.url.path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(40 * 4096);
        file << std::string(4096, '\x5a');
    }
    auto database = open_database(on.url);
    ASSERT_TRUE(database.has_value()) << database.error().what;
    const auto verified = (*database)->verify();
    ASSERT_FALSE(verified.has_value());
    EXPECT_EQ(verified.error().code, Errc::corrupt);
    EXPECT_TRUE(says(verified.error(), {"damaged"}));
}

TEST(SqliteDatabase, AFullDiskCostsOnlyWhatFindsNoRoom) {
    OnSqlite on;
    auto repository = Repository::open(*open_database(on.url), kStart);
    ASSERT_TRUE(repository->append(made_batch(1, 100)).has_value());
    const std::string before = *repository->digest();
    const int outcome = in_a_process([&] {  // a limit on the size of files stops the next write as a full disk does
        (void)std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{.rlim_cur = 200'000, .rlim_max = 200'000};
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
        auto full = Repository::open(*open_database(on.url), kStart);
        for (std::uint64_t i = 0; full && i < 100; ++i) {
            const auto stored = full->append(made_batch(1000 + i * 100, 100));
            if (stored) continue;
            return stored.error().code == Errc::io && says(stored.error(), {"what was stored before is whole"}) ? 0
                                                                                                                : 3;
        }
        return 4;
    });
    EXPECT_EQ(outcome, 0);
    ASSERT_TRUE(repository->database().verify().has_value());
    const auto stored = repository->append(made_batch(50'000, 100));
    EXPECT_TRUE(stored.has_value()) << stored.error().what;
    EXPECT_NE(*repository->digest(), before);
    const auto first = repository->explanation(made_score(100).key);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(**first, made_explanation(made_score(100)));
}

TEST(SqliteDatabase, AnotherWriterIsWaitedForAndThenNamed) {
    OnSqlite on;
    auto first = open_database(on.url);
    auto second = open_database(on.url);
    ASSERT_TRUE((*first)->run("CREATE TABLE x (y INTEGER)").has_value());
    ASSERT_TRUE((*first)->begin(Access::write).has_value());
    ASSERT_TRUE((*second)->run("PRAGMA busy_timeout = 10").has_value());
    const auto begun = (*second)->begin(Access::write);
    ASSERT_FALSE(begun.has_value());
    EXPECT_EQ(begun.error().code, Errc::unavailable);
    EXPECT_TRUE(says(begun.error(), {"another program holds it"}));
    (*first)->rollback();
    EXPECT_TRUE((*second)->begin(Access::write).has_value());
}

TEST(SqliteDatabase, OpensAMillionRecordsAtOnce) {
    OnSqlite on;
    {
        auto repository = Repository::open(*open_database(on.url), kStart);
        ASSERT_TRUE(repository->append(made_batch(1, 1)).has_value());
        ASSERT_TRUE(
            repository->database()
                .run("INSERT INTO scores SELECT 'demo', 'bybit-linear-S' || (value % 30), 1700000000000 + value"
                     " * 100, '00000000000000bb', value, 51.5, 51.5, 0.9, 0.5, 'long', 'minute', 50, 51, 52,"
                     " 53, 54, NULL, value, value + 9 FROM"
                     " (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 1000000)"
                     " SELECT value FROM n)")
                .has_value());
        ASSERT_TRUE(repository->recount().has_value());
    }
    const auto begun = std::chrono::steady_clock::now();
    auto repository = Repository::open(*open_database(on.url), kStart);
    ASSERT_TRUE(repository.has_value());
    EXPECT_EQ(repository->usage()->scores, 1'000'001U);
    const auto page = repository->scores({.market = "demo",
                                          .instrument = "bybit-linear-S7",
                                          .from = kStart,
                                          .to = kStart + std::chrono::hours{10'000},
                                          .newest_first = true});
    ASSERT_TRUE(page.has_value());
    EXPECT_EQ(page->scores.size(), 100U);
    const auto took = std::chrono::steady_clock::now() - begun;
    EXPECT_LT(took, std::chrono::seconds{1});
    std::printf("a million records: open, count and newest page after %.1f ms\n",
                std::chrono::duration<double, std::milli>(took).count());
}

class Postgres : public ::testing::Test {
protected:
    void SetUp() override {
        if (TestServer::shared() == nullptr) GTEST_SKIP() << "postgresql-15 is not installed";
    }
    static TestServer& server() { return *TestServer::shared(); }
};

TEST_F(Postgres, AWrongPasswordIsSaidAndNotShown) {
    const auto opened =
        open_database({.backend = Backend::postgres, .conninfo = server().conninfo("postgres", "battery-staple")});
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::refused);
    EXPECT_TRUE(says(opened.error(), {"cannot log in", "check user and password in DATABASE_URL"}));
    EXPECT_EQ(opened.error().what.find("battery"), std::string::npos);
}

TEST_F(Postgres, AServerThatIsNotThereIsNamed) {
    TestFolder nowhere;
    const auto opened = open_database(
        {.backend = Backend::postgres, .conninfo = "host=" + nowhere.path().string() + " dbname=x password=battery"});
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::unavailable);
    EXPECT_TRUE(says(opened.error(), {"cannot reach PostgreSQL", nowhere.path().c_str(), "that the server runs"}));
    EXPECT_EQ(opened.error().what.find("battery"), std::string::npos);
}

TEST_F(Postgres, AUserWithoutRightsIsToldWhichAreMissing) {
    const std::string name = server().fresh_database();
    auto owner = open_database({.backend = Backend::postgres, .conninfo = server().conninfo(name)});
    ASSERT_TRUE((*owner)->run("CREATE ROLE guest LOGIN PASSWORD 'correct-horse'").has_value());
    std::string conninfo = server().conninfo(name);
    conninfo.replace(conninfo.find("user=virtuoso"), 13, "user=guest");
    const auto opened =
        Repository::open(*open_database({.backend = Backend::postgres, .conninfo = conninfo}), kStart);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::refused);
    EXPECT_TRUE(says(opened.error(), {"permission denied", "GRANT CREATE"}));
}

TEST_F(Postgres, AServerThatStandsStillCostsItsTimeLimitAndTheConnection) {
    const std::string conninfo = server().conninfo(server().fresh_database());
    auto database = PostgresDatabase::open(conninfo, std::chrono::milliseconds{300});
    ASSERT_TRUE(database.has_value()) << database.error().what;
    const auto asked = (*database)->ask("SELECT pg_sleep(30)", {});
    ASSERT_FALSE(asked.has_value());
    EXPECT_EQ(asked.error().code, Errc::unavailable);
    EXPECT_TRUE(says(asked.error(), {"did not answer"}));
    EXPECT_FALSE((*database)->is_usable());
}

TEST_F(Postgres, ALostConnectionIsNoticedAndOpenedAnewByWhoeverWants) {
    const DatabaseUrl url{.backend = Backend::postgres, .conninfo = server().conninfo(server().fresh_database())};
    auto repository = Repository::open(*open_database(url), kStart);
    ASSERT_TRUE(repository->append(made_batch(1, 10)).has_value());
    auto killer = open_database(url);
    ASSERT_TRUE((*killer)
                    ->ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                          " AND datname = current_database()",
                          {})
                    .has_value());
    for (const std::uint64_t count : {std::uint64_t{3}, std::uint64_t{2100}}) {
        const auto stored = repository->append(made_batch(100, count));
        ASSERT_FALSE(stored.has_value());
        EXPECT_EQ(stored.error().code, Errc::unavailable) << stored.error().what;
        EXPECT_FALSE(repository->database().is_usable());
    }
    auto again = Repository::open(*open_database(url), kStart);
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(again->append(made_batch(100, 300)).has_value());
    EXPECT_EQ(again->usage()->scores, 310U);
}

}  // namespace
}  // namespace vt::records
