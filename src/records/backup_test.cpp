#include "records/backup.hpp"

#include "records/repository.hpp"
#include "records/schema.hpp"
#include "records/sqlite_database.hpp"
#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace vt::records {
namespace {

template <class On>
class BackupOf : public ::testing::Test {
protected:
    void SetUp() override {
        if (!On::is_there()) GTEST_SKIP() << "postgresql-15 is not installed";
        on.emplace();
        repository.emplace(std::move(*Repository::open(*open_database(on->url), kStart)));
        ASSERT_TRUE(repository->append(filled()).has_value());
    }
    static Batch filled() {
        Batch batch = made_batch(1, 2500);
        batch.runs.push_back({"00000000000000aa", "demo", kStart, "test", "c0ffee", "equal-1"});
        batch.losses.push_back({"00000000000000aa", kStart, 3, "queue full"});
        return batch;
    }
    std::filesystem::path file(const char* name = "records.backup") { return folder.path() / name; }
    Content back_up() {
        const auto content = write_backup(repository->database(), file(), kStart);
        EXPECT_TRUE(content.has_value()) << content.error().what;
        return *content;
    }

    TestFolder folder;
    std::optional<On> on;
    std::optional<Repository> repository;
};

using Backends = ::testing::Types<OnSqlite, OnPostgres>;
TYPED_TEST_SUITE(BackupOf, Backends);

TYPED_TEST(BackupOf, RestoresToAnEqualDigestInEitherBackend) {
    const Content content = this->back_up();
    EXPECT_EQ(content.scores, 2500U);
    EXPECT_EQ(content.explanations, 2500U);
    EXPECT_EQ(content.lost, 3U);
    EXPECT_EQ(content.digest, *this->repository->digest());
    EXPECT_FALSE(std::filesystem::exists(this->file("records.backup-wal")));
    TypeParam same;
    OnSqlite sqlite;
    for (const DatabaseUrl& url : {same.url, sqlite.url}) {
        auto target = Repository::open(*open_database(url), kStart);
        const auto restored = restore_backup(this->file(), target->database(), false);
        ASSERT_TRUE(restored.has_value()) << restored.error().what;
        EXPECT_EQ(restored->digest, content.digest);
        EXPECT_EQ(target->usage()->scores, 2500U);
        EXPECT_TRUE(target->append(made_batch(9000, 5)).has_value()) << "and goes on";
    }
}

TYPED_TEST(BackupOf, IsOfOneInstantUnderLoad) {
    std::atomic<bool> is_done{false};
    std::atomic<std::uint64_t> written{0};
    std::thread writer([&] {
        auto other = Repository::open(*open_database(this->on->url), kStart);
        for (std::uint64_t first = 10'000; !is_done.load(); first += 20) {
            if (other->append(made_batch(first, 20)).has_value()) written += 20;
        }
    });
    while (written.load() == 0) std::this_thread::yield();
    const Content content = this->back_up();
    is_done.store(true);
    writer.join();
    EXPECT_GE(content.scores, 2500U);
    EXPECT_EQ(content.scores, content.explanations) << "no batch is there in part";
    EXPECT_EQ((content.scores - 2500) % 20, 0U);
    OnSqlite target;
    auto restored = Repository::open(*open_database(target.url), kStart);
    EXPECT_EQ(restore_backup(this->file(), restored->database(), false)->digest, content.digest);
}

TYPED_TEST(BackupOf, AnExistingFileIsKept) {
    std::ofstream(this->file()) << "precious";
    const auto content = write_backup(this->repository->database(), this->file(), kStart);
    ASSERT_FALSE(content.has_value());
    EXPECT_EQ(content.error().code, Errc::already_exists);
    EXPECT_EQ(std::filesystem::file_size(this->file()), 8U);
}

TYPED_TEST(BackupOf, ADatabaseWithContentIsNotMixedUnasked) {
    this->back_up();
    TypeParam target;
    auto other = Repository::open(*open_database(target.url), kStart);
    ASSERT_TRUE(other->append(made_batch(7000, 10)).has_value());
    const auto refused = restore_backup(this->file(), other->database(), false);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::already_exists);
    EXPECT_EQ(other->usage()->scores, 10U);
    ASSERT_TRUE(restore_backup(this->file(), other->database(), true).has_value());
    EXPECT_EQ(other->usage()->scores, 2510U);
}

TYPED_TEST(BackupOf, ABackupOfTheSchemaBeforeIsTaken) {
    ASSERT_TRUE(migrate(this->repository->database(), latest_version() - 1, kStart).has_value());
    this->back_up();
    TypeParam target;
    auto restored = Repository::open(*open_database(target.url), kStart);
    const auto content = restore_backup(this->file(), restored->database(), false);
    ASSERT_TRUE(content.has_value()) << content.error().what;
    EXPECT_EQ(content->scores, 2500U);
    EXPECT_EQ(content->schema, latest_version());
}

TYPED_TEST(BackupOf, ADamagedBackupIsRefusedWhole) {
    this->back_up();
    {
        std::fstream out(this->file(), std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(30 * 4096);
        out << std::string(8192, '\x5a');
    }
    TypeParam target;
    auto restored = Repository::open(*open_database(target.url), kStart);
    const auto content = restore_backup(this->file(), restored->database(), false);
    ASSERT_FALSE(content.has_value());
    EXPECT_EQ(content.error().code, Errc::corrupt) << content.error().what;
    EXPECT_EQ(restored->usage()->scores, 0U);
    EXPECT_EQ(restore_backup(this->file("none"), restored->database(), false).error().code, Errc::not_found);
}

TEST(Migration, KeepsACopyOfTheFileBefore) {
    OnSqlite on;
    std::string before;
    {
        auto repository = Repository::open(*open_database(on.url), kStart);
        ASSERT_TRUE(repository->append(made_batch(1, 100)).has_value());
        before = *repository->digest();
        const auto copy = migrate(repository->database(), latest_version() - 1, kStart);
        ASSERT_TRUE(copy.has_value()) << copy.error().what;
        EXPECT_EQ(*copy, on.url.path + ".schema" + std::to_string(latest_version()));
    }
    auto kept = SqliteDatabase::open_read_only(on.url.path + ".schema" + std::to_string(latest_version()));
    ASSERT_TRUE(kept.has_value()) << kept.error().what;
    EXPECT_EQ(*digest_of(**kept), before);
}

}  // namespace
}  // namespace vt::records
