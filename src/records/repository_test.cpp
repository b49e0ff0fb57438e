#include "records/repository.hpp"

#include "records/schema.hpp"
#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vt::records {
namespace {

constexpr const char* kInstrument = "bybit-linear-BTCUSDT";

/// The same tests on every backend, each on a real server or file.
template <class On>
class RepositoryOn : public ::testing::Test {
protected:
    void SetUp() override {
        if (!On::is_there()) GTEST_SKIP() << "postgresql-15 is not installed";
        on.emplace();
        repository.emplace(open());
    }
    Repository open() {
        auto database = open_database(on->url);
        EXPECT_TRUE(database.has_value()) << database.error().what;
        auto opened = Repository::open(std::move(*database), kStart);
        EXPECT_TRUE(opened.has_value()) << opened.error().what;
        return std::move(*opened);
    }
    std::unique_ptr<Database> database() {
        auto opened = open_database(on->url);
        EXPECT_TRUE(opened.has_value()) << opened.error().what;
        return std::move(*opened);
    }
    void store(const Batch& batch) {
        const auto added = repository->append(batch);
        ASSERT_TRUE(added.has_value()) << added.error().what;
        ASSERT_EQ(*added, batch.scores.size());
    }
    std::vector<ScoreRow> read(ScoreQuery query) {
        query.market = "demo";
        query.instrument = kInstrument;
        std::vector<ScoreRow> all;
        do {
            const auto page = repository->scores(query);
            EXPECT_TRUE(page.has_value()) << page.error().what;
            if (!page) break;
            all.insert(all.end(), page->scores.begin(), page->scores.end());
            query.cursor = page->cursor;
        } while (!query.cursor.empty());
        return all;
    }
    static ScoreQuery everything() { return {.from = kStart, .to = kStart + std::chrono::hours{1000}, .limit = 7}; }

    std::optional<On> on;
    std::optional<Repository> repository;
};

using Backends = ::testing::Types<OnSqlite, OnPostgres>;
TYPED_TEST_SUITE(RepositoryOn, Backends);

TYPED_TEST(RepositoryOn, EveryValueComesBackAsItWas) {
    Batch batch = made_batch(1, 40);
    batch.scores[0].sum = 0.1 + 0.2;  // no short decimal
    batch.scores[1].causes = "a 'quoted' text; \"and\" \\ more: \u00e9\u4e16";
    batch.explanations[2].body.clear();
    this->store(batch);
    EXPECT_EQ(this->read(this->everything()), batch.scores);
    for (const Explanation& explanation : batch.explanations) {
        const auto found = this->repository->explanation(explanation.key);
        ASSERT_TRUE(found.has_value()) << found.error().what;
        EXPECT_EQ(*found, explanation);
    }
    EXPECT_EQ(*this->repository->explanation(made_score(41).key), std::nullopt);
}

TYPED_TEST(RepositoryOn, ManyRowsAtOnceAreTheSameAsFew) {
    const Batch batch = made_batch(1, 2100);  // PostgreSQL: by COPY
    this->store(batch);
    EXPECT_EQ(this->read({.from = kStart, .to = kStart + std::chrono::hours{9}, .limit = 1000}), batch.scores);
    const auto found = this->repository->explanation(batch.explanations[777].key);
    ASSERT_TRUE(found.has_value()) << found.error().what;
    EXPECT_EQ(*found, batch.explanations[777]);
}

TYPED_TEST(RepositoryOn, ABatchThatIsStoredTwiceIsThereOnce) {
    for (const std::uint64_t count : {std::uint64_t{20}, std::uint64_t{2100}}) {
        const Batch batch = made_batch(1, count);
        (void)this->repository->append(batch);
        const std::string once = *this->repository->digest();
        const Usage used = *this->repository->usage();
        const auto again = this->repository->append(batch);
        ASSERT_TRUE(again.has_value()) << again.error().what;
        EXPECT_EQ(*again, 0U);
        EXPECT_EQ(*this->repository->digest(), once);
        EXPECT_EQ(this->repository->usage()->bytes, used.bytes);
    }
}

TYPED_TEST(RepositoryOn, PagesFollowEachOtherBothWays) {
    Batch batch = made_batch(1, 50);
    for (std::uint64_t number = 100; number < 106; ++number) {  // several of one instant
        batch.scores.push_back(made_score(number));
        batch.scores.back().key.at = batch.scores[20].key.at;
    }
    this->store(batch);
    const auto by_key = [](const ScoreRow& a, const ScoreRow& b) {
        return std::pair(a.key.at, a.key.number) < std::pair(b.key.at, b.key.number);
    };
    std::sort(batch.scores.begin(), batch.scores.end(), by_key);
    EXPECT_EQ(this->read(this->everything()), batch.scores);
    ScoreQuery backwards = this->everything();
    backwards.newest_first = true;
    std::reverse(batch.scores.begin(), batch.scores.end());
    EXPECT_EQ(this->read(backwards), batch.scores);
}

TYPED_TEST(RepositoryOn, ARangeHoldsItsStartAndNotItsEnd) {
    this->store(made_batch(1, 20));
    const auto rows = this->read({.from = made_score(5).key.at, .to = made_score(9).key.at, .limit = 3});
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows.front().key.number, 5U);
    EXPECT_EQ(rows.back().key.number, 8U);
}

TYPED_TEST(RepositoryOn, MarketsAndInstrumentsAreApart) {
    Batch batch = made_batch(1, 5);
    batch.scores[3].key.market = "live";
    batch.scores[4].key.instrument = "bybit-linear-ETHUSDT";
    batch.explanations.clear();
    this->store(batch);
    EXPECT_EQ(this->read(this->everything()).size(), 3U);
}

TYPED_TEST(RepositoryOn, ACursorThatNoPageGaveIsRefused) {
    ScoreQuery query = this->everything();
    for (const char* cursor : {"x", "1", "1.", "1.2", "1.x.aa", "99999999999999999999.1.aa"}) {
        query.cursor = cursor;
        const auto page = this->repository->scores(query);
        ASSERT_FALSE(page.has_value()) << cursor;
        EXPECT_EQ(page.error().code, Errc::malformed);
    }
    query.cursor.clear();
    query.limit = 1001;
    EXPECT_EQ(this->repository->scores(query).error().code, Errc::out_of_range);
}

TYPED_TEST(RepositoryOn, AFailedBatchLeavesNothingBehind) {
    Batch batch = made_batch(1, 10);
    ASSERT_TRUE(this->repository->database().run("DROP TABLE losses").has_value());
    batch.losses.push_back({.run = "aa", .at = kStart, .number = 3, .reason = "queue full"});
    const auto stored = this->repository->append(batch);
    ASSERT_FALSE(stored.has_value());
    EXPECT_NE(stored.error().what.find("losses"), std::string::npos) << stored.error().what;
    EXPECT_TRUE(this->read(this->everything()).empty());
    batch.losses.clear();  // and the connection is good for the next
    EXPECT_TRUE(this->repository->append(batch).has_value());
}

TYPED_TEST(RepositoryOn, RunsAndLossesAreKept) {
    const RunRow run{.run = "00000000000000aa",
                     .market = "demo",
                     .started = kStart,
                     .program = "virtuoso 0.1.0",
                     .configuration = "c0ffee",
                     .weights = "equal-1"};
    this->store({.runs = {run}, .losses = {{"aa", kStart, 3, "queue full"}, {"aa", from_ms(1), 4, "disk full"}}});
    EXPECT_EQ(*this->repository->runs(), std::vector<RunRow>{run});
    EXPECT_EQ(*this->repository->losses(), 7U);
}

TYPED_TEST(RepositoryOn, WhatIsStoredIsThereAfterOpeningAgain) {
    this->store(made_batch(1, 30));
    const std::string before = *this->repository->digest();
    this->repository.emplace(this->open());
    EXPECT_EQ(*this->repository->digest(), before);
    this->store(made_batch(31, 5));
    EXPECT_NE(*this->repository->digest(), before);
}

TYPED_TEST(RepositoryOn, EmptyingIntoAnotherLosesNothing) {
    OnSqlite other;
    auto spool = Repository::open(*open_database(other.url), kStart);
    ASSERT_TRUE(spool.has_value());
    Batch all = made_batch(1, 130);
    all.losses.push_back({"aa", kStart, 2, "queue full"});
    ASSERT_TRUE(spool->append(all).has_value());
    while (true) {
        const Batch next = *spool->oldest(50);
        if (next.scores.empty() && next.losses.empty()) break;
        ASSERT_TRUE(this->repository->append(next).has_value());
        const Usage before = *spool->usage();
        ASSERT_TRUE(spool->remove(next).has_value());
        const Usage left = *spool->usage();
        EXPECT_EQ(left.scores, before.scores - next.scores.size()) << "it is known at each moment what is left";
        EXPECT_EQ(left.bytes, before.bytes - next.scores.size() * (Repository::kScoreRowBytes + 300));
        ASSERT_TRUE(spool->remove(next).has_value());
        EXPECT_EQ(spool->usage()->scores, left.scores) << "what is not there is not counted";
    }
    EXPECT_EQ(spool->usage()->bytes, 0U);
    EXPECT_EQ(this->read(this->everything()), all.scores);
    EXPECT_EQ(*this->repository->losses(), 2U);
}

TYPED_TEST(RepositoryOn, OldHoursGoAndTheirExplanationsBefore) {
    Batch batch;
    for (std::uint64_t hour = 0; hour < 24 * 10; ++hour) {
        batch.scores.push_back(made_score(hour * 3600));
        batch.explanations.push_back(made_explanation(batch.scores.back()));
    }
    this->store(batch);
    const Timestamp now = kStart + std::chrono::hours{24 * 10};
    const Retention retention{.keep_days = 5, .explanations_keep_days = 2, .bytes_max = 0};
    const auto removed = this->repository->apply(retention, now, 10'000);
    ASSERT_TRUE(removed.has_value()) << removed.error().what;
    // Whole hours: the one that the limit falls into stays.
    EXPECT_EQ(removed->scores, 5U * 24);
    EXPECT_EQ(removed->explanations, 8U * 24);
    const auto left = this->read({.from = kStart, .to = now, .limit = 1000});
    ASSERT_EQ(left.size(), 5U * 24);
    EXPECT_GE(left.front().key.at, now - std::chrono::hours{5 * 24 + 1});
    EXPECT_EQ(*this->repository->explanation(left.front().key), std::nullopt);
    EXPECT_NE(*this->repository->explanation(left.back().key), std::nullopt);
    EXPECT_EQ(this->repository->usage()->scores, left.size());
    EXPECT_EQ(this->repository->apply(retention, now, 10'000)->scores, 0U);
}

TYPED_TEST(RepositoryOn, OverTheLimitExplanationsGoFirst) {
    Batch batch;
    for (std::uint64_t hour = 0; hour < 100; ++hour) {
        batch.scores.push_back(made_score(hour * 3600));
        batch.explanations.push_back(made_explanation(batch.scores.back(), 1000));
    }
    this->store(batch);
    const Timestamp now = kStart + std::chrono::hours{100};
    const std::uint64_t full = this->repository->usage()->bytes;
    EXPECT_EQ(full, 100 * (Repository::kScoreRowBytes + 1000));
    auto removed =
        this->repository->apply({.keep_days = 0, .explanations_keep_days = 0, .bytes_max = full / 2}, now, 1000);
    ASSERT_TRUE(removed.has_value()) << removed.error().what;
    EXPECT_EQ(removed->scores, 0U);
    EXPECT_EQ(removed->explanations, 61U);
    EXPECT_LE(this->repository->usage()->bytes, full / 2);
    removed = this->repository->apply({.keep_days = 0, .explanations_keep_days = 0, .bytes_max = 2200}, now, 1000);
    EXPECT_EQ(removed->explanations, 39U);
    EXPECT_EQ(removed->scores, 90U);
    const Usage counted = *this->repository->usage();
    ASSERT_TRUE(this->repository->recount().has_value());
    EXPECT_EQ(this->repository->usage()->bytes, counted.bytes);
    EXPECT_EQ(this->repository->usage()->scores, 10U);
}

TYPED_TEST(RepositoryOn, OneTurnOfRetentionIsShort) {
    Batch batch;
    for (std::uint64_t hour = 0; hour < 50; ++hour) batch.scores.push_back(made_score(hour * 3600));
    this->store(batch);
    const Timestamp now = kStart + std::chrono::hours{24 * 30};
    const Retention retention{.keep_days = 1, .explanations_keep_days = 1};
    EXPECT_EQ(this->repository->apply(retention, now, 24)->scores, 24U);
    EXPECT_EQ(this->repository->apply(retention, now, 24)->scores, 24U);
    EXPECT_EQ(this->repository->apply(retention, now, 24)->scores, 2U);
}

TYPED_TEST(RepositoryOn, TheLaterStepsOfTheSchemaGoBothWays) {
    this->store(made_batch(1, 100));
    const std::vector<ScoreRow> scores = this->read(this->everything());
    const std::uint32_t before = 1;
    const auto back = migrate(this->repository->database(), before, kStart);
    ASSERT_TRUE(back.has_value()) << back.error().what;
    EXPECT_EQ(*schema_version(this->repository->database()), before);
    EXPECT_FALSE(*this->repository->database().has_table("explanations"));
    EXPECT_FALSE(*this->repository->database().has_table("users"));
    this->repository.emplace(this->open());  // goes forward again
    EXPECT_EQ(*schema_version(this->repository->database()), latest_version());
    EXPECT_EQ(this->read(this->everything()), scores);
    EXPECT_EQ(*this->repository->explanation(scores.front().key), std::nullopt) << "went with its step";
    this->store(made_batch(101, 3));
}

TYPED_TEST(RepositoryOn, EveryStepCanBeTakenBack) {
    ASSERT_TRUE(migrate(this->repository->database(), 0, kStart).has_value());
    EXPECT_FALSE(*this->repository->database().has_table("scores"));
    this->repository.emplace(this->open());
    this->store(made_batch(1, 3));
}

TYPED_TEST(RepositoryOn, ANewerSchemaIsRefusedAndLeftAlone) {
    this->store(made_batch(1, 3));
    ASSERT_TRUE(this->repository->database()
                    .run("INSERT INTO schema_versions VALUES (99, 'from tomorrow', 'virtuoso 9.9.9', 1)")
                    .has_value());
    const std::string before = [&] {
        (void)this->repository->database().run("DELETE FROM schema_versions WHERE version = 99");
        const std::string digest = *this->repository->digest();
        (void)this->repository->database().run(
            "INSERT INTO schema_versions VALUES (99, 'from tomorrow', 'virtuoso 9.9.9', 1)");
        return digest;
    }();
    const auto opened = Repository::open(this->database(), kStart);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::unsupported);
    for (const std::string& part : {std::string("schema 99"), std::string("virtuoso 9.9.9"),
                                    "up to " + std::to_string(latest_version()), std::string("Nothing was changed")})
        EXPECT_NE(opened.error().what.find(part), std::string::npos) << opened.error().what;
    (void)this->repository->database().run("DELETE FROM schema_versions WHERE version = 99");
    EXPECT_EQ(*this->repository->digest(), before);
}

TYPED_TEST(RepositoryOn, TwoProgramsMayStoreAtOnce) {
    Repository second = this->open();
    for (std::uint64_t i = 0; i < 20; ++i) {
        ASSERT_TRUE(this->repository->append(made_batch(1 + i * 10, 10)).has_value());
        Batch other = made_batch(1 + i * 10, 10, "bybit-linear-ETHUSDT");
        ASSERT_TRUE(second.append(other).has_value());
    }
    EXPECT_EQ(this->read(this->everything()).size(), 200U);
    EXPECT_EQ(this->repository->usage()->scores, 400U);
}

TYPED_TEST(RepositoryOn, EqualContentHasAnEqualDigestOnEveryBackend) {
    this->store(made_batch(1, 100));
    OnSqlite other;
    auto twin = Repository::open(*open_database(other.url), kStart);
    for (const auto& [first, count] :
         {std::pair<std::uint64_t, std::uint64_t>{61, 40}, {1, 60}}) {  // in other batches and another order
        ASSERT_TRUE(twin->append(made_batch(first, count)).has_value());
    }
    EXPECT_EQ(*this->repository->digest(), *twin->digest());
    ASSERT_TRUE(twin->database().run("UPDATE scores SET sum = sum + 1e-12 WHERE number = 50").has_value());
    EXPECT_NE(*this->repository->digest(), *twin->digest());
}

TYPED_TEST(RepositoryOn, ACopyIsOfOneInstantWhileOthersWrite) {
    this->store(made_batch(1, 3000));
    const std::string before = *this->repository->digest();
    auto from = this->database();
    OnSqlite other;
    auto target = Repository::open(*open_database(other.url), kStart);
    // Another program goes on between two pages of the copy: it sees every write of ours as one that came later.
    Result<std::string> copied = fail(Errc::unavailable, "");
    {
        Transaction reading = *Transaction::begin(*from, Access::read);
        ASSERT_TRUE(from->ask("SELECT count(*) FROM scores", {}).has_value());
        this->store(made_batch(5000, 100));
        const Answer seen = *from->ask("SELECT count(*) FROM scores", {});
        EXPECT_EQ(std::get<std::int64_t>(seen.rows[0][0]), 3000);
    }
    copied = copy_content(*from, target->database());
    ASSERT_TRUE(copied.has_value()) << copied.error().what;
    EXPECT_EQ(*copied, *target->digest());
    EXPECT_EQ(*copied, *this->repository->digest());
    EXPECT_NE(*copied, before);
}

}  // namespace
}  // namespace vt::records
