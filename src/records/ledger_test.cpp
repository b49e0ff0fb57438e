#include "records/ledger.hpp"

#include "records/repository.hpp"
#include "records/schema.hpp"
#include "records/score_keeper.hpp"
#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::records {
namespace {

LedgerEntry made_entry(int signal, const std::string& entry, const std::string& state = "open") {
    return {.market = "live",
            .signal = "signal" + std::to_string(signal),
            .entry = entry,
            .at = kStart + std::chrono::seconds{signal},
            .run = "00000000000000aa",
            .instrument = signal % 2 == 0 ? "bybit-linear-BTCUSDT" : "bybit-linear-ETHUSDT",
            .direction = signal % 3 == 0 ? "short" : "long",
            .strategy = "confluence",
            .state = state,
            .score = 50.0 + signal,
            .body = R"({"id":"signal)" + std::to_string(signal) + R"(","entry":")" + entry + "\"}",
            .follow = state == "closed" ? "" : std::string("go on\0from here", 15)};
}

template <class On>
class LedgerOn : public ::testing::Test {
protected:
    void SetUp() override {
        if (!On::is_there()) GTEST_SKIP() << "postgresql-15 is not installed";
        on.emplace();
        repository.emplace(Repository::open(std::move(*open_database(on->url)), kStart).value());
    }
    void store(const std::vector<LedgerEntry>& entries) {
        const auto added = repository->append({.ledger = entries});
        ASSERT_TRUE(added.has_value()) << added.error().what;
    }
    LedgerCheck check() { return check_ledger(repository->database(), "live").value(); }

    std::optional<On> on;
    std::optional<Repository> repository;
};

using Backends = ::testing::Types<OnSqlite, OnPostgres>;
TYPED_TEST_SUITE(LedgerOn, Backends);

TYPED_TEST(LedgerOn, EntriesAreNumberedAndBoundToEachOther) {
    this->store({made_entry(1, "raised"), made_entry(2, "raised")});
    this->store({made_entry(1, "target:1"), made_entry(1, "ended", "closed")});
    const auto entries = this->repository->entries("live", "signal1").value();
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].entry, made_entry(1, "raised"));
    EXPECT_EQ(entries[0].number, 1U);
    EXPECT_EQ(entries[2].number, 4U);
    const LedgerCheck check = this->check();
    EXPECT_EQ(check.entries, 4U);
    EXPECT_FALSE(check.broken_at);
    EXPECT_EQ(check.last_hash, entries[2].hash);
    EXPECT_EQ(ledger_markets(this->repository->database()).value(), std::vector<std::string>{"live"});
}

TYPED_TEST(LedgerOn, StoringTwiceStoresOnce) {
    const std::vector<LedgerEntry> entries{made_entry(1, "raised"), made_entry(1, "target:1")};
    this->store(entries);
    this->store(entries);
    this->store({made_entry(1, "raised"), made_entry(2, "raised")});
    EXPECT_EQ(this->check().entries, 3U);
    EXPECT_FALSE(this->check().broken_at);
}

/// Whoever changes, removes or slips in an entry is found out.
TYPED_TEST(LedgerOn, AChangedEntryBreaksTheChain) {
    for (int i = 1; i <= 20; ++i) this->store({made_entry(i, "raised")});
    const auto broken_by = [&](const std::string& statement, const std::string& undo) {
        EXPECT_TRUE(this->repository->database().run(statement));
        const auto at = this->check().broken_at;
        EXPECT_TRUE(this->repository->database().run(undo));
        EXPECT_FALSE(this->check().broken_at);
        return at;
    };
    EXPECT_EQ(
        broken_by("UPDATE ledger SET score = 99 WHERE number = 7", "UPDATE ledger SET score = 57 WHERE number = 7"),
        7U);
    EXPECT_EQ(broken_by("UPDATE ledger SET at_ms = at_ms + 1 WHERE number = 3",
                        "UPDATE ledger SET at_ms = at_ms - 1 WHERE number = 3"),
              3U);
    EXPECT_EQ(broken_by("UPDATE ledger SET state = 'closed' WHERE number = 20",
                        "UPDATE ledger SET state = 'open' WHERE number = 20"),
              20U);
    EXPECT_TRUE(this->repository->database().run("DELETE FROM ledger WHERE number = 11"));
    EXPECT_EQ(this->check().broken_at, 11U);
}

TYPED_TEST(LedgerOn, PagesShowTheLastEntryOfEach) {
    for (int i = 0; i < 25; ++i) this->store({made_entry(i, "raised")});
    for (int i = 0; i < 10; ++i) this->store({made_entry(i, "ended", "closed")});
    std::vector<std::string> seen;
    SignalQuery query{.market = "live", .limit = 7};
    do {
        const SignalPage page = this->repository->signals(query).value();
        for (const StoredEntry& one : page.signals) seen.push_back(one.entry.signal + one.entry.state);
        query.cursor = page.cursor;
    } while (!query.cursor.empty());
    ASSERT_EQ(seen.size(), 25U);
    EXPECT_EQ(seen.front(), "signal9closed") << "what changed last comes first";
    EXPECT_EQ(seen.back(), "signal10open");

    const auto count = [&](SignalQuery narrowed) {
        narrowed.market = "live";
        return this->repository->signals(narrowed).value().signals.size();
    };
    EXPECT_EQ(count({.state = "closed"}), 10U);
    EXPECT_EQ(count({.state = "open"}), 15U) << "an entry that was open once is not open";
    EXPECT_EQ(count({.instrument = "bybit-linear-BTCUSDT", .state = "closed"}), 5U);
    EXPECT_EQ(count({.direction = "short"}), 9U);
    EXPECT_EQ(count({.strategy = "confluence"}), 25U);
    EXPECT_EQ(count({.strategy = "lead_lag"}), 0U);
    EXPECT_EQ(this->repository->signals({.market = "demo"}).value().signals.size(), 0U);
    EXPECT_EQ(this->repository->signals({.market = "live", .limit = 0}).error().code, Errc::out_of_range);
    EXPECT_EQ(this->repository->signals({.market = "live", .cursor = "7x"}).error().code, Errc::malformed);
}

TYPED_TEST(LedgerOn, WhatIsFollowedComesBackWithItsState) {
    this->store({made_entry(1, "raised"), made_entry(2, "raised"), made_entry(1, "target:1"),
                 made_entry(2, "ended", "closed")});
    const auto followed = this->repository->followed("live").value();
    ASSERT_EQ(followed.size(), 1U);
    EXPECT_EQ(followed[0], made_entry(1, "target:1")) << "zero bytes and all";
    EXPECT_TRUE(this->repository->followed("demo").value().empty());
}

TYPED_TEST(LedgerOn, TheSchemaStepGoesBothWays) {
    this->store({made_entry(1, "raised")});
    ASSERT_TRUE(migrate(this->repository->database(), 3, kStart));
    EXPECT_FALSE(this->repository->database().has_table("ledger").value());
    ASSERT_TRUE(migrate(this->repository->database(), latest_version(), kStart));
    this->store({made_entry(1, "raised")});
    EXPECT_EQ(this->check().entries, 1U);
}

/// Two programs on one ledger: each entry once, no number twice.
TYPED_TEST(LedgerOn, TwoWritersShareOneChain) {
    Repository other = Repository::open(std::move(*open_database(this->on->url)), kStart).value();
    for (int i = 0; i < 40; ++i) {
        Repository& writer = i % 2 == 0 ? *this->repository : other;
        ASSERT_TRUE(writer.append({.ledger = {made_entry(i, "raised")}}));
    }
    EXPECT_EQ(this->check().entries, 40U);
    EXPECT_FALSE(this->check().broken_at);
}

/// While the database is away the spool takes the entries; they find their place in the chain when it is back.
TEST(Ledger, EntriesInTheSpoolFindTheirPlace) {
    const TestFolder folder;
    const auto at = [&](const char* name) {
        return DatabaseUrl{.backend = Backend::sqlite, .path = (folder.path() / name).string()};
    };
    bool is_away = false;
    const auto open = [&](const char* name) {
        return [&, name](Timestamp now) -> Result<Repository> {
            if (is_away && std::string(name) == "main.db") return fail(Errc::unavailable, "away");
            return Repository::open(std::move(*open_database(at(name))), now);
        };
    };
    KeeperParams params{
        .open = open("main.db"), .open_spool = open("spool.db"), .run = {.run = "aa", .market = "live"}};
    Timestamp now = kStart;
    const auto work = [&](ScoreKeeper& keeper) {
        for (int i = 0; i < 100; ++i) keeper.do_work(now += std::chrono::seconds{1});
    };
    {
        ScoreKeeper keeper(params);
        ASSERT_TRUE(keeper.offer(made_entry(1, "raised")));
        work(keeper);
    }
    is_away = true;
    {
        ScoreKeeper keeper(params);
        ASSERT_TRUE(keeper.offer(made_entry(1, "target:1")));
        ASSERT_TRUE(keeper.offer(made_entry(2, "raised")));
        work(keeper);
        EXPECT_EQ(keeper.stats().lost, 0U);
    }
    is_away = false;
    {
        ScoreKeeper keeper(params);
        work(keeper);
        ASSERT_TRUE(keeper.offer(made_entry(3, "raised")));
        work(keeper);
    }
    Repository main = open("main.db")(now).value();
    const LedgerCheck check = check_ledger(main.database(), "live").value();
    EXPECT_EQ(check.entries, 4U);
    EXPECT_FALSE(check.broken_at);
    Repository spool = open("spool.db")(now).value();
    EXPECT_TRUE(oldest_entries(spool.database(), 10).value().empty());
}

TEST(Ledger, AFullQueueStillTakesEntries) {
    ScoreKeeper keeper({.open = [](Timestamp) -> Result<Repository> { return fail(Errc::unavailable, "away"); },
                        .run = {.run = "aa", .market = "live"},
                        .queue_max = 2});
    for (int i = 0; i < 3; ++i) (void)keeper.offer([] { return made_batch(1, 1); });
    EXPECT_EQ(keeper.stats().lost, 1U);
    EXPECT_TRUE(keeper.offer(made_entry(1, "raised")));
}

}  // namespace
}  // namespace vt::records
