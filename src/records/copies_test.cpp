// Copies of a SQLite file by the clock, and the start with a file that is really damaged: the newest whole copy takes
// its place, and the damaged file is still there, whatever happens on the way.

#include "records/copies.hpp"

#include "records/repository.hpp"
#include "records/sqlite_database.hpp"
#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

namespace vt::records {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::seconds;

const std::atomic<bool> kGoOn{false};

std::string content_of_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put_content(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class Copies : public testing::Test {
protected:
    TestFolder folder_;
    fs::path file_ = folder_.path() / "records.db";

    void append(std::uint64_t first, std::uint64_t count) const {
        auto repository = Repository::open(*SqliteDatabase::open(file_), kStart);
        ASSERT_TRUE(repository) << repository.error().what;
        ASSERT_TRUE(repository->append(made_batch(first, count)));
    }
    [[nodiscard]] std::string digest(const fs::path& file) const {
        auto repository = Repository::open(*SqliteDatabase::open(file), kStart);
        EXPECT_TRUE(repository) << repository.error().what;
        return repository ? *repository->digest() : std::string();
    }
    FileCopy copy(Timestamp at, std::size_t keep = 3) const {
        const auto made = make_copy(file_, at, keep, kGoOn);
        EXPECT_TRUE(made) << made.error().what;
        return made.value_or(FileCopy{});
    }
    /// A page in the middle that is none any more: opening does not see it.
    void spoil_a_page() const {
        std::string bytes = content_of_file(file_);
        for (std::size_t i = 0; i < 4'096; ++i) bytes[bytes.size() / 8'192 * 4'096 + i] = static_cast<char>(i * 7);
        put_content(file_, bytes);
    }
    /// What a start does. out: what was restored
    [[nodiscard]] RestoredFile restored(Timestamp now = kStart + hours{9}) const {
        const auto done = restore_if_damaged(file_, now, true);
        EXPECT_TRUE(done) << done.error().what;
        EXPECT_TRUE(done && *done) << "nothing was restored";
        return done && *done ? **done : RestoredFile{};
    }
    [[nodiscard]] bool is_left_alone() const {
        const auto done = restore_if_damaged(file_, kStart, true);
        return done && !*done;
    }
};

TEST_F(Copies, AreWholeAndTheOldestGo) {
    append(1, 500);
    const std::string first = digest(file_);
    EXPECT_EQ(digest(copy(kStart).file), first);
    append(501, 100);
    const std::string second = digest(file_);
    for (int hour = 1; hour <= 4; ++hour) (void)copy(kStart + hours{hour}, 2);
    const auto all = copies_of(file_);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].made_at, kStart + hours{4});
    EXPECT_EQ(all[1].made_at, kStart + hours{3});
    EXPECT_EQ(digest(all[0].file), second);
    EXPECT_EQ(fs::status(all[1].file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    put_content(copies_folder(file_) / "notes.db", "mine");
    put_content(copies_folder(file_) / "20261399T000000Z.db", "no date");
    (void)copy(kStart + hours{5}, 1);
    EXPECT_EQ(copies_of(file_).size(), 1U);
    EXPECT_EQ(content_of_file(copies_folder(file_) / "notes.db"), "mine") << "what is no copy is left alone";
    EXPECT_TRUE(is_left_alone()) << "a whole database";
}

TEST_F(Copies, AreOfOneInstantWhileOthersWrite) {
    append(1, 20);
    std::atomic<bool> is_done{false};
    std::atomic<std::uint64_t> written{0};
    std::thread writer([&] {
        auto other = Repository::open(*SqliteDatabase::open(file_), kStart);
        for (std::uint64_t first = 21; !is_done.load(); first += 20)
            if (other->append(made_batch(first, 20))) ++written;
    });
    for (int i = 0; i < 5; ++i) {
        const std::uint64_t before = written.load();
        while (written.load() == before) std::this_thread::yield();
        const FileCopy made = copy(kStart + hours{i});
        auto opened = Repository::open(*SqliteDatabase::open(made.file), kStart);
        EXPECT_EQ(opened->usage()->scores % 20, 0U) << "a batch is there in part";
        EXPECT_GE(opened->usage()->scores, before * 20);
    }
    is_done.store(true);
    writer.join();
}

TEST_F(Copies, AFileThatWasCutOffIsReplacedByItsCopyAndKeptAside) {
    append(1, 200);
    const FileCopy made = copy(kStart);
    const std::string whole = digest(made.file), bytes = content_of_file(file_);
    int tried = 0;
    for (std::size_t size = 1'000; size < bytes.size(); size += bytes.size() / 12 + 1) {
        for (const char* suffix : {"-wal", "-shm"}) fs::remove(file_.string() + suffix);
        const std::string part = bytes.substr(0, size);
        put_content(file_, part);
        if (is_left_alone()) continue;  // the cut is found by reading only
        put_content(file_, part);
        const RestoredFile done = restored(kStart + seconds{++tried});
        EXPECT_EQ(digest(file_), whole);
        EXPECT_EQ(content_of_file(done.damaged), part) << "as it was";
        EXPECT_EQ(done.copy, made.file);
        EXPECT_EQ(done.as_of, kStart);
        EXPECT_NE(done.why.find("damaged"), std::string::npos) << done.why;
        EXPECT_TRUE(is_left_alone());
    }
    EXPECT_GT(tried, 0);
    append(9'000, 10);  // and it goes on
}

TEST_F(Copies, ACopyThatIsDamagedItselfIsPassedOver) {
    append(1, 200);
    const std::string whole = digest(copy(kStart).file);
    const FileCopy later = copy(kStart + hours{1});
    fs::resize_file(later.file, fs::file_size(later.file) / 2);
    fs::resize_file(file_, 5'000);
    EXPECT_EQ(restored().as_of, kStart);
    EXPECT_EQ(digest(file_), whole);
}

TEST_F(Copies, WithoutAWholeCopyNothingIsTouched) {
    append(1, 200);
    fs::resize_file(file_, 5'000);
    const std::string bytes = content_of_file(file_);
    for (const bool has_copy : {false, true}) {
        if (has_copy) {
            fs::create_directory(copies_folder(file_));
            put_content(copies_folder(file_) / "20260101T000000Z.db", "no database");
        }
        const auto refused = restore_if_damaged(file_, kStart, true);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::corrupt);
        EXPECT_NE(refused.error().what.find("no whole copy in " + copies_folder(file_).string()), std::string::npos);
        EXPECT_EQ(content_of_file(file_), bytes);
    }
}

TEST_F(Copies, WhoDoesNotWantItIsToldWhichCopyThereIs) {
    append(1, 200);
    const FileCopy made = copy(kStart);
    fs::resize_file(file_, 5'000);
    const auto refused = restore_if_damaged(file_, kStart, false);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find(made.file.string()), std::string::npos) << refused.error().what;
    EXPECT_EQ(fs::file_size(file_), 5'000U);
    EXPECT_FALSE(fs::exists(file_.string() + ".restoring"));
}

TEST_F(Copies, DamageThatOpeningDoesNotSeeIsFoundByTheNextCopyAndRestoredByTheNextStart) {
    append(1, 2'000);
    const std::string whole = digest(copy(kStart).file);
    spoil_a_page();
    EXPECT_TRUE(is_left_alone()) << "opening reads the first pages only";
    const auto refused = make_copy(file_, kStart + hours{1}, 3, kGoOn);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::corrupt) << refused.error().what;
    EXPECT_EQ(copies_of(file_).size(), 1U) << "the good one stays, and no bad one comes";
    EXPECT_FALSE(fs::exists(copies_folder(file_) / "partial"));
    EXPECT_NE(restored().damaged, fs::path());
    EXPECT_EQ(digest(file_), whole);
    EXPECT_TRUE(make_copy(file_, kStart + hours{2}, 3, kGoOn)) << "and the mark is gone";
    EXPECT_TRUE(is_left_alone());
}

TEST_F(Copies, ARestoreThatWasCutOffAnywhereIsFinished) {
    append(1, 200);
    const FileCopy made = copy(kStart);
    const std::string whole = digest(made.file);
    for (const bool has_log : {true, false}) {
        for (const bool has_file : {true, false}) {
            if (has_log && !has_file) continue;  // the log goes first
            fs::copy_file(made.file, file_.string() + ".restoring");
            fs::remove(file_);
            if (has_file) put_content(file_, "");  // with no log beside it, SQLite takes this for a new one
            if (has_log) put_content(file_.string() + "-wal", "of the damaged one");
            const auto refused = SqliteDatabase::open(file_);
            ASSERT_FALSE(refused) << "nobody may take it for an empty one meanwhile";
            EXPECT_EQ(refused.error().code, Errc::corrupt);
            const RestoredFile done = restored();
            EXPECT_EQ(done.damaged.empty(), !has_file);
            EXPECT_EQ(digest(file_), whole);
            if (has_log) {
                EXPECT_EQ(content_of_file(done.damaged.string() + "-wal"), "of the damaged one");
            }
            EXPECT_TRUE(is_left_alone());
        }
    }
}

TEST_F(Copies, WhatAnotherProcessHasOpenIsNotMovedFromUnderIt) {
    append(1, 200);
    (void)copy(kStart);
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t other = ::fork();
    if (other == 0) {
        const auto held = Repository::open(*SqliteDatabase::open(file_), kStart);
        (void)!::write(ready[1], held ? "y" : "n", 1);
        ::pause();
        ::_exit(0);
    }
    char is_open = 'n';
    ASSERT_EQ(::read(ready[0], &is_open, 1), 1);
    EXPECT_EQ(is_open, 'y');
    const std::string bytes = content_of_file(file_);
    put_content(file_, bytes.substr(0, 100));  // in place: the same file that the other has open
    const auto refused = restore_if_damaged(file_, kStart, true);
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable) << refused.error().what;
    EXPECT_EQ(fs::file_size(file_), 100U);
    EXPECT_TRUE(restore_if_damaged(file_, kStart, true)) << "now that it has ended";
    EXPECT_EQ(*Repository::open(*SqliteDatabase::open(file_), kStart)->losses(), 0U);
}

TEST_F(Copies, AStopEndsItAndLeavesNothing) {
    append(1, 2'000);
    const std::atomic<bool> is_stopping{true};
    const auto ended = make_copy(file_, kStart, 3, is_stopping);
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, Errc::unavailable) << ended.error().what;
    EXPECT_TRUE(copies_of(file_).empty());
    EXPECT_TRUE(fs::is_empty(copies_folder(file_)));
}

TEST_F(Copies, WhereThereIsNoDatabaseNoneIsMade) {
    EXPECT_TRUE(is_left_alone());
    EXPECT_FALSE(fs::exists(file_));
    EXPECT_TRUE(copies_of(file_).empty());
}

}  // namespace
}  // namespace vt::records
