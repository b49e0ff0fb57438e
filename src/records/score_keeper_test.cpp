#include "records/score_keeper.hpp"

#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace vt::records {
namespace {

constexpr Nanos kSecond = std::chrono::seconds{1};

/// A keeper on a SQLite file that can be away.
struct Fixture {
    OnSqlite on;
    OnSqlite spool_on;
    std::optional<Error> absence;
    std::uint64_t number = 0;
    Timestamp now = kStart;

    KeeperParams params() {
        return {.open = [this](Timestamp at) -> Result<Repository> {
                    if (absence) return tl::unexpected<Error>(*absence);
                    return Repository::open(*open_database(on.url), at);
                },
                .run = {.run = "00000000000000aa", .market = "demo", .started = kStart, .program = "test"},
                .retention = {.keep_days = 0, .explanations_keep_days = 0, .bytes_max = 0},
                .queue_max = 100};
    }
    KeeperParams params_with_spool() {
        KeeperParams with = params();
        with.open_spool = [this](Timestamp at) { return Repository::open(*open_database(spool_on.url), at); };
        return with;
    }
    bool offer(ScoreKeeper& keeper) {
        return keeper.offer([number = ++number] {
            const ScoreRow score = made_score(number);
            return Batch{.scores = {score}, .explanations = {made_explanation(score)}};
        });
    }
    void offer(ScoreKeeper& keeper, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(offer(keeper));
    }
    /// Works until there is nothing to do, for at most a minute of its time.
    void work(ScoreKeeper& keeper) {
        for (int second = 0; second < 60; ++second, now += kSecond) {
            while (keeper.do_work(now)) {
            }
        }
    }
    std::vector<std::uint64_t> stored() {
        auto repository = Repository::open(*open_database(on.url), kStart);
        std::vector<std::uint64_t> numbers;
        ScoreQuery query{.market = "demo",
                         .instrument = "bybit-linear-BTCUSDT",
                         .from = kStart,
                         .to = kStart + std::chrono::hours{100},
                         .limit = 1000};
        const auto page = repository->scores(query);
        for (const ScoreRow& row : page->scores) numbers.push_back(row.key.number);
        return numbers;
    }
    std::uint64_t losses() { return *Repository::open(*open_database(on.url), kStart)->losses(); }
    static std::vector<std::uint64_t> up_to(std::uint64_t last) {
        std::vector<std::uint64_t> numbers;
        for (std::uint64_t number = 1; number <= last; ++number) numbers.push_back(number);
        return numbers;
    }
};

TEST(ScoreKeeper, StoresWhatItIsOffered) {
    Fixture f;
    ScoreKeeper keeper(f.params());
    f.offer(keeper, 70);
    EXPECT_EQ(keeper.stats().queued, 70U);
    f.work(keeper);
    EXPECT_EQ(f.stored(), Fixture::up_to(70));
    EXPECT_EQ(keeper.stats().stored, 70U);
    EXPECT_EQ(keeper.stats().queued, 0U);
    EXPECT_TRUE(keeper.stats().is_connected);
    EXPECT_EQ(Repository::open(*open_database(f.on.url), kStart)->runs()->size(), 1U);
}

TEST(ScoreKeeper, WhatFindsNoRoomIsCountedAndWrittenDown) {
    Fixture f;
    ScoreKeeper keeper(f.params());
    f.offer(keeper, 100);
    for (int i = 0; i < 7; ++i) EXPECT_FALSE(f.offer(keeper));
    EXPECT_EQ(keeper.stats().lost, 7U);
    f.work(keeper);
    EXPECT_EQ(f.stored(), Fixture::up_to(100));
    EXPECT_EQ(f.losses(), 7U);
    f.offer(keeper, 1);
    f.work(keeper);
    EXPECT_EQ(f.losses(), 7U) << "written down once";
    EXPECT_EQ(f.stored().back(), 108U);
}

TEST(ScoreKeeper, WithoutASpoolRecordsWaitForTheDatabase) {
    Fixture f;
    f.absence = Error{Errc::io, "the disk is full"};
    ScoreKeeper keeper(f.params());
    f.offer(keeper, 60);
    f.work(keeper);
    EXPECT_EQ(keeper.stats().stored, 0U);
    EXPECT_EQ(keeper.stats().problem, "the disk is full");
    EXPECT_EQ(keeper.take_error()->what, "the disk is full");
    EXPECT_FALSE(keeper.take_error().has_value()) << "said once, not at each try";
    const std::uint64_t tries = keeper.stats().failures;
    EXPECT_GE(tries, 4U);
    EXPECT_LE(tries, 8U) << "1, 2, 4, 8, 16, 30 s";
    f.absence.reset();
    f.work(keeper);
    EXPECT_EQ(f.stored(), Fixture::up_to(60));
    EXPECT_EQ(keeper.stats().lost, 0U);
    EXPECT_TRUE(keeper.stats().problem.empty());
}

TEST(ScoreKeeper, TheSpoolTakesOverAndGivesBack) {
    Fixture f;
    f.absence = Error{Errc::unavailable, "away"};
    ScoreKeeper keeper(f.params_with_spool());
    for (int i = 0; i < 12; ++i) {
        f.offer(keeper, 100);
        f.work(keeper);
    }
    EXPECT_EQ(keeper.stats().spooled, 1200U);
    EXPECT_EQ(keeper.stats().lost, 0U);
    f.absence.reset();
    f.offer(keeper, 10);
    f.work(keeper);
    EXPECT_EQ(keeper.stats().spooled, 0U);
    EXPECT_EQ(keeper.stats().stored, 1210U);
    EXPECT_EQ(Repository::open(*open_database(f.on.url), kStart)->usage()->scores, 1210U);
    EXPECT_EQ(Repository::open(*open_database(f.spool_on.url), kStart)->usage()->scores, 0U);
}

TEST(ScoreKeeper, ASpoolOfAnEarlierRunIsGivenBack) {
    Fixture f;
    {
        f.absence = Error{Errc::unavailable, "away"};
        ScoreKeeper keeper(f.params_with_spool());
        f.offer(keeper, 50);
        ASSERT_TRUE(keeper.close(f.now).has_value()) << "the spool has it";
    }
    f.absence.reset();
    ScoreKeeper next(f.params_with_spool());
    f.work(next);
    EXPECT_EQ(f.stored(), Fixture::up_to(50));
}

TEST(ScoreKeeper, AFullSpoolIsALossThatIsWrittenDown) {
    Fixture f;
    f.absence = Error{Errc::unavailable, "away"};
    KeeperParams params = f.params_with_spool();
    params.spool_bytes_max = 20'000;  // some 38 records
    ScoreKeeper keeper(std::move(params));
    for (int i = 0; i < 3; ++i) {
        f.offer(keeper, 40);
        f.work(keeper);
    }
    EXPECT_EQ(keeper.stats().spooled, 40U);
    EXPECT_EQ(keeper.stats().lost, 80U);
    f.absence.reset();
    f.work(keeper);
    EXPECT_EQ(f.losses(), 80U) << "without waiting for the next record";
    EXPECT_EQ(f.stored(), Fixture::up_to(40));
}

/// SQLite keeps no NaN, and the column must not be NULL.
void offer_what_is_malformed(ScoreKeeper& keeper, std::uint64_t number) {
    keeper.offer([number] {
        ScoreRow wrong = made_score(number);
        wrong.sum = std::numeric_limits<double>::quiet_NaN();
        return Batch{.scores = {wrong}, .explanations = {made_explanation(wrong)}};
    });
}

TEST(ScoreKeeper, ARecordThatCanNeverBeStoredDoesNotStopTheOthers) {
    Fixture f;
    ScoreKeeper keeper(f.params());
    offer_what_is_malformed(keeper, 1);
    f.work(keeper);
    EXPECT_EQ(keeper.stats().lost, 1U);
    f.number = 1;
    f.offer(keeper, 5);
    f.work(keeper);
    EXPECT_EQ(f.stored().size(), 5U);
    EXPECT_EQ(f.losses(), 1U);
}

TEST(ScoreKeeper, ABadRecordTakesNoOtherOfItsBatchWithIt) {
    Fixture f;
    ScoreKeeper keeper(f.params());
    f.offer(keeper, 3);
    offer_what_is_malformed(keeper, ++f.number);
    f.offer(keeper, 3);
    f.work(keeper);
    EXPECT_EQ(f.stored(), (std::vector<std::uint64_t>{1, 2, 3, 5, 6, 7}));
    EXPECT_EQ(keeper.stats().stored, 6U);
    EXPECT_EQ(keeper.stats().lost, 1U);
    EXPECT_EQ(f.losses(), 1U);
    auto repository = Repository::open(*open_database(f.on.url), kStart);
    EXPECT_TRUE(repository->explanation(made_score(5).key)->has_value()) << "with what belongs to it";
}

TEST(ScoreKeeper, ABadRecordAtTheEndIsWrittenDown) {
    Fixture f;
    ScoreKeeper keeper(f.params());
    f.offer(keeper, 2);
    offer_what_is_malformed(keeper, ++f.number);
    EXPECT_TRUE(keeper.close(f.now).has_value());
    EXPECT_EQ(f.stored(), Fixture::up_to(2));
    EXPECT_EQ(f.losses(), 1U);
}

TEST(ScoreKeeper, ALossThatCannotBeWrittenDownIsNotForgotten) {
    Fixture f;
    auto repository = Repository::open(*open_database(f.on.url), kStart);
    ASSERT_TRUE(repository->database()
                    .ask("CREATE TRIGGER refuse BEFORE INSERT ON losses BEGIN SELECT RAISE(ABORT, 'no'); END", {})
                    .has_value());
    ScoreKeeper keeper(f.params());
    f.offer(keeper, 100);
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(f.offer(keeper));
    (void)keeper.do_work(f.now);
    EXPECT_EQ(f.stored(), Fixture::up_to(100)) << "it takes no record with it";
    EXPECT_EQ(f.losses(), 0U);
    ASSERT_TRUE(repository->database().ask("DROP TRIGGER refuse", {}).has_value());
    f.work(keeper);
    EXPECT_EQ(f.losses(), 3U);
}

TEST(ScoreKeeper, ASpoolThatFailsDoesNotKeepTheDatabaseWaiting) {
    Fixture f;
    KeeperParams params = f.params();
    int tries = 0;
    params.open_spool = [&tries](Timestamp) -> Result<Repository> {
        ++tries;
        return fail(Errc::io, "the spool's disk is gone");
    };
    ScoreKeeper keeper(std::move(params));
    EXPECT_FALSE(keeper.stats().spooled.has_value()) << "nobody has looked";
    for (std::uint64_t second = 1; second <= 40; ++second, f.now += kSecond) {
        f.offer(keeper, 1);
        (void)keeper.do_work(f.now);
        EXPECT_EQ(keeper.stats().stored, second);
    }
    EXPECT_TRUE(keeper.stats().is_connected);
    EXPECT_GE(tries, 4);
    EXPECT_LE(tries, 8) << "1, 2, 4, 8, 16 s";
    EXPECT_EQ(keeper.stats().problem, "the spool's disk is gone");
}

TEST(ScoreKeeper, WhatStandsInTheWayOfDatabaseAndSpoolIsBothSaid) {
    Fixture f;
    f.absence = Error{Errc::unavailable, "the server is away"};
    KeeperParams params = f.params();
    params.open_spool = [](Timestamp) -> Result<Repository> { return fail(Errc::io, "the disk is full"); };
    ScoreKeeper keeper(std::move(params));
    f.offer(keeper, 1);
    f.work(keeper);
    EXPECT_EQ(keeper.stats().problem, "the server is away; and the spool: the disk is full");
}

TEST(ScoreKeeper, ASpoolWhoseEmptyingWasCutOffStillHasItsRoom) {
    Fixture f;
    {
        auto spool = Repository::open(*open_database(f.spool_on.url), kStart);
        ASSERT_TRUE(spool->append(made_batch(1, 40)).has_value());
        ASSERT_TRUE(spool->remove(made_batch(1, 40)).has_value());  // and then the program was killed
    }
    f.absence = Error{Errc::unavailable, "away"};
    KeeperParams params = f.params_with_spool();
    params.spool_bytes_max = 20'000;  // some 38 records
    ScoreKeeper keeper(std::move(params));
    f.offer(keeper, 30);
    f.work(keeper);
    EXPECT_EQ(keeper.stats().spooled, 30U);
    EXPECT_EQ(keeper.stats().lost, 0U);
}

TEST(ScoreKeeper, EndsWhenTheSpoolIsFull) {
    Fixture f;
    f.absence = Error{Errc::unavailable, "away"};
    KeeperParams params = f.params_with_spool();
    params.spool_bytes_max = 0;
    ScoreKeeper keeper(std::move(params));
    f.offer(keeper, 9);
    const auto closed = keeper.close(f.now);
    ASSERT_FALSE(closed.has_value());
    EXPECT_NE(closed.error().what.find("9 score records are lost"), std::string::npos) << closed.error().what;
    EXPECT_EQ(keeper.stats().lost, 9U);
}

TEST(ScoreKeeper, EndingWithoutADatabaseSaysWhatIsLost) {
    Fixture f;
    f.absence = Error{Errc::unavailable, "away"};
    ScoreKeeper keeper(f.params());
    f.offer(keeper, 9);
    const auto closed = keeper.close(f.now);
    ASSERT_FALSE(closed.has_value());
    EXPECT_NE(closed.error().what.find("9 score records are lost: away"), std::string::npos) << closed.error().what;
    EXPECT_EQ(keeper.stats().lost, 9U);
}

TEST(ScoreKeeper, AppliesTheRetentionBesideTheWork) {
    Fixture f;
    KeeperParams params = f.params();
    params.retention = {.keep_days = 1, .explanations_keep_days = 1, .bytes_max = 0};
    ScoreKeeper keeper(std::move(params));
    f.offer(keeper, 20);
    f.work(keeper);
    EXPECT_EQ(f.stored().size(), 20U);
    f.now += std::chrono::hours{48};
    f.work(keeper);
    EXPECT_TRUE(f.stored().empty());
    EXPECT_EQ(keeper.stats().removed, 40U);
}

TEST(ScoreKeeper, AServerThatGoesAwayAndComesBackCostsNothing) {
    if (TestServer::shared() == nullptr) GTEST_SKIP() << "postgresql-15 is not installed";
    TestServer& server = *TestServer::shared();
    OnPostgres on;
    Fixture f;
    KeeperParams params = f.params_with_spool();
    params.open = [&on](Timestamp at) -> Result<Repository> {
        auto database = open_database(on.url);
        if (!database) return tl::unexpected<Error>(database.error());
        return Repository::open(std::move(*database), at);
    };
    ScoreKeeper keeper(std::move(params));
    f.offer(keeper, 80);
    f.work(keeper);
    EXPECT_EQ(keeper.stats().stored, 80U);
    server.stop();
    f.offer(keeper, 80);
    f.work(keeper);
    EXPECT_EQ(keeper.stats().spooled, 80U);
    EXPECT_FALSE(keeper.stats().is_connected);
    ASSERT_TRUE(server.start());
    f.work(keeper);
    EXPECT_EQ(keeper.stats().stored, 160U);
    EXPECT_EQ(keeper.stats().lost, 0U);
    EXPECT_EQ(Repository::open(*open_database(on.url), kStart)->usage()->scores, 160U);
}

}  // namespace
}  // namespace vt::records
