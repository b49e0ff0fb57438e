// A SQLite file that was cut off, emptied or has turned bits, and its write-ahead log: what is opened is what was
// stored, or it is refused with what to do. Never an empty database in the place of a full one.

#include "base/prng.hpp"
#include "records/repository.hpp"
#include "records/sqlite_database.hpp"
#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace vt::records {
namespace {

constexpr std::uint64_t kScoresKept = 120;
constexpr std::uint64_t kInBatch = 8;

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// A database of which nothing was copied back from its log yet: both files, as a killed program leaves them.
struct Killed {
    OnSqlite on;
    std::string file;
    std::string log;

    explicit Killed(bool is_log_copied) {
        OnSqlite living;
        auto repository = Repository::open(*open_database(living.url), kStart);
        for (std::uint64_t first = 1; first < kScoresKept; first += kInBatch)
            EXPECT_TRUE(repository->append(made_batch(first, kInBatch)).has_value());
        const bool is_copied =
            !is_log_copied || repository->database().run("PRAGMA wal_checkpoint(TRUNCATE);").has_value();
        EXPECT_TRUE(is_copied);
        file = bytes_of(living.url.path);
        log = bytes_of(living.url.path + "-wal");
    }
    void place(const std::string& file_bytes, const std::string& log_bytes) const {
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(on.url.path + suffix);
        write_bytes(on.url.path, file_bytes);
        if (!log_bytes.empty()) write_bytes(on.url.path + "-wal", log_bytes);
    }
};

enum class Outcome : std::uint8_t { whole, part, refused, found, changed };

/// Opens, reads and checks everything.
Outcome outcome_of(const Killed& killed) {
    const auto is_said = [](const Error& error) {
        EXPECT_EQ(error.code, Errc::corrupt) << error.what;
        EXPECT_NE(error.what.find("virtuoso storage restore"), std::string::npos) << error.what;
    };
    auto database = open_database(killed.on.url);
    auto repository =
        database ? Repository::open(std::move(*database), kStart) : tl::unexpected<Error>(database.error());
    if (!repository) {
        is_said(repository.error());
        return Outcome::refused;
    }
    if (const auto whole = repository->database().verify(); !whole) {
        is_said(whole.error());
        return Outcome::found;
    }
    const auto all = repository->oldest(10'000);
    if (!all) {
        is_said(all.error());
        return Outcome::found;
    }
    const std::uint64_t count = all->scores.size();
    EXPECT_EQ(count % kInBatch, 0U) << "a batch is there in part";
    const Batch wanted = made_batch(1, count);
    if (all->scores != wanted.scores || all->explanations != wanted.explanations) return Outcome::changed;
    return count == kScoresKept ? Outcome::whole : Outcome::part;
}

TEST(DamagedFile, ALogThatIsCutOffCostsOnlyTheBatchesBehindTheCut) {
    const Killed killed(false);
    ASSERT_GT(killed.log.size(), 100'000U);
    std::size_t parts = 0;
    for (std::size_t size = 0; size < killed.log.size(); size += 2'501) {
        killed.place(killed.file, killed.log.substr(0, size));
        const Outcome outcome = outcome_of(killed);
        EXPECT_TRUE(outcome == Outcome::part || outcome == Outcome::whole)
            << size << " " << static_cast<int>(outcome);
        parts += outcome == Outcome::part ? 1 : 0;
    }
    EXPECT_GT(parts, 20U);
}

TEST(DamagedFile, ATurnedBitInTheLogCostsOnlyTheBatchesFromThereOn) {
    const Killed killed(false);
    Prng prng(1, "bits of the log");
    for (int i = 0; i < 60; ++i) {
        std::string log = killed.log;
        log[prng.below(log.size())] ^= static_cast<char>(1U << prng.below(8));
        killed.place(killed.file, log);
        const Outcome outcome = outcome_of(killed);
        EXPECT_TRUE(outcome == Outcome::part || outcome == Outcome::whole) << static_cast<int>(outcome);
    }
}

TEST(DamagedFile, AFileThatIsCutOffIsRefusedOrFoundAndNeverEmpty) {
    const Killed killed(true);
    ASSERT_GT(killed.file.size(), 50'000U);
    for (std::size_t size = 1; size < killed.file.size(); size += 1'023) {
        killed.place(killed.file.substr(0, size), "");
        const Outcome outcome = outcome_of(killed);
        EXPECT_TRUE(outcome == Outcome::refused || outcome == Outcome::found)
            << size << " " << static_cast<int>(outcome);
    }
}

TEST(DamagedFile, AFileThatLostItsContentBesideItsLogIsRefused) {
    const Killed killed(false);
    killed.place("", killed.log);
    EXPECT_EQ(outcome_of(killed), Outcome::refused);
    EXPECT_EQ(bytes_of(killed.on.url.path + "-wal"), killed.log) << "and the log is still there";
    killed.place("", "");
    EXPECT_EQ(outcome_of(killed), Outcome::part) << "a new file, or one whose program was killed at once";
}

/// SQLite has no checksums of its pages: a bit within a value is the one kind of damage that nobody sees.
TEST(DamagedFile, ATurnedBitIsRefusedOrFoundOrWithinOneValue) {
    const Killed killed(true);
    Prng prng(1, "bits of the file");
    int counts[5] = {};
    for (int i = 0; i < 200; ++i) {
        std::string file = killed.file;
        file[prng.below(file.size())] ^= static_cast<char>(1U << prng.below(8));
        killed.place(file, "");
        const Outcome outcome = outcome_of(killed);
        EXPECT_NE(outcome, Outcome::part) << "silently less than there was";
        ++counts[static_cast<int>(outcome)];
    }
    std::printf(
        "200 turned bits: %d without effect, %d refused at the start, %d found by a check, %d changed a value\n",
        counts[0], counts[2], counts[3], counts[4]);
    EXPECT_GT(counts[2] + counts[3], 0);
}

}  // namespace
}  // namespace vt::records
