// A power cut: of what was written and not synced, any part may be on the disk, in sectors. A layer under SQLite
// notes each write and sync; the files of a cut are made of these.

#include "base/prng.hpp"
#include "records/repository.hpp"
#include "records/sqlite_database.hpp"
#include "records/test_databases.hpp"
#include "records/test_rows.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

namespace vt::records {
namespace {

constexpr std::uint64_t kBatchScores = 8;
constexpr std::uint64_t kBatches = 90;
constexpr std::size_t kSector = 512;

struct DiskEvent {
    enum class Kind : std::uint8_t { write, truncate, sync };
    Kind kind = Kind::write;
    std::string file;
    std::size_t offset = 0;  // of a truncation: the size
    std::string bytes;
    std::uint64_t acknowledged = 0;  ///< batches, at that time
};

/// What the layer notes, and where it is to fail.
struct Disk {
    std::vector<DiskEvent> events;
    std::uint64_t acknowledged = 0;
    int syncs = 0;
    int failing_sync = 0;  ///< the how manieth fails; 0: none
};
Disk* disk = nullptr;  // of the test that runs

struct NotedFile {
    sqlite3_file base;
    const char* name;  // SQLite keeps it as long as the file is open
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
NotedFile& noted(sqlite3_file* file) { return *reinterpret_cast<NotedFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return noted(file).real(); }

void note(sqlite3_file* file, DiskEvent::Kind kind, sqlite3_int64 offset, std::string bytes = {}) {
    if (noted(file).name == nullptr) return;
    disk->events.push_back(
        {kind, noted(file).name, static_cast<std::size_t>(offset), std::move(bytes), disk->acknowledged});
}

sqlite3_io_methods noting_methods() {
    sqlite3_io_methods all{};
    all.iVersion = 2;
    all.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
    all.xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
        return real(f)->pMethods->xRead(real(f), to, n, at);
    };
    all.xWrite = [](sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
        note(f, DiskEvent::Kind::write, at, std::string(static_cast<const char*>(from), static_cast<std::size_t>(n)));
        return real(f)->pMethods->xWrite(real(f), from, n, at);
    };
    all.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
        note(f, DiskEvent::Kind::truncate, size);
        return real(f)->pMethods->xTruncate(real(f), size);
    };
    all.xSync = [](sqlite3_file* f, int flags) {
        if (++disk->syncs == disk->failing_sync) return SQLITE_IOERR_FSYNC;
        note(f, DiskEvent::Kind::sync, 0);
        return real(f)->pMethods->xSync(real(f), flags);
    };
    all.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); };
    all.xLock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xLock(real(f), lock); };
    all.xUnlock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xUnlock(real(f), lock); };
    all.xCheckReservedLock = [](sqlite3_file* f, int* out) {
        return real(f)->pMethods->xCheckReservedLock(real(f), out);
    };
    all.xFileControl = [](sqlite3_file* f, int what, void* with) {
        return real(f)->pMethods->xFileControl(real(f), what, with);
    };
    all.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
    all.xDeviceCharacteristics = [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); };
    all.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
        return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
    };
    all.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
        return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
    };
    all.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
    all.xShmUnmap = [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); };
    return all;
}

/// The layer is SQLite's way to the disk while this lives.
class NotedDisk {
public:
    NotedDisk() : under_(sqlite3_vfs_find(nullptr)), layer_(*under_) {
        disk = &noted_;
        layer_.zName = "noted";
        layer_.szOsFile = static_cast<int>(sizeof(NotedFile)) + under_->szOsFile;
        layer_.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
            static const sqlite3_io_methods methods = noting_methods();
            sqlite3_vfs* const unix_vfs = sqlite3_vfs_find("unix");
            noted(file).name = name;
            const int opened = unix_vfs->xOpen(unix_vfs, name, real(file), flags, out);
            file->pMethods = opened == SQLITE_OK ? &methods : nullptr;
            return opened;
        };
        sqlite3_vfs_register(&layer_, 1);
    }
    ~NotedDisk() {
        sqlite3_vfs_unregister(&layer_);
        sqlite3_vfs_register(under_, 1);
        disk = nullptr;
    }
    NotedDisk(const NotedDisk&) = delete;
    NotedDisk& operator=(const NotedDisk&) = delete;
    Disk* operator->() { return &noted_; }

private:
    sqlite3_vfs* under_;
    sqlite3_vfs layer_;
    Disk noted_;
};

Batch batch_of(std::uint64_t number) {
    Batch batch;
    for (std::uint64_t i = 1; i <= kBatchScores; ++i) {
        batch.scores.push_back(made_score(number * kBatchScores + i));
        batch.explanations.push_back(made_explanation(batch.scores.back(), 2500));
    }
    return batch;
}

using Files = std::map<std::string, std::string>;

void apply(Files& files, const DiskEvent& event, Prng* torn) {
    std::string& file = files[event.file];
    if (event.kind == DiskEvent::Kind::truncate) {
        if (torn == nullptr || torn->below(2) == 0) file.resize(event.offset);
        return;
    }
    for (std::size_t at = 0; at < event.bytes.size(); at += kSector) {
        if (torn != nullptr && torn->below(2) == 0) continue;
        const std::string_view part = std::string_view(event.bytes).substr(at, kSector);
        if (file.size() < event.offset + at + part.size()) file.resize(event.offset + at + part.size());
        file.replace(event.offset + at, part.size(), part);
    }
}

/// What is in a database that came through a cut: how many batches, each as it was made.
std::uint64_t whole_batches(const DatabaseUrl& url) {
    auto database = open_database(url);
    if (!database) {
        ADD_FAILURE() << database.error().what;
        return 0;
    }
    auto repository = Repository::open(std::move(*database), kStart);
    const auto whole = repository->database().verify();
    EXPECT_TRUE(whole.has_value()) << whole.error().what;
    const auto all = repository->oldest(100'000);
    if (!all) {
        ADD_FAILURE() << all.error().what;
        return 0;
    }
    EXPECT_EQ(all->scores.size() % kBatchScores, 0U) << "a batch is there in part";
    Batch wanted;
    for (std::uint64_t number = 0; number < all->scores.size() / kBatchScores; ++number) {
        const Batch next = batch_of(number);
        wanted.scores.insert(wanted.scores.end(), next.scores.begin(), next.scores.end());
        wanted.explanations.insert(wanted.explanations.end(), next.explanations.begin(), next.explanations.end());
    }
    EXPECT_EQ(all->scores, wanted.scores);
    EXPECT_EQ(all->explanations, wanted.explanations);
    return all->scores.size() / kBatchScores;
}

TEST(PowerCut, TakesTheLastBatchesAtMostAndLeavesTheRestWhole) {
    OnSqlite on;
    Files durable;
    ASSERT_TRUE(Repository::open(*open_database(on.url), kStart).has_value());  // made, and closed in order
    {
        std::ifstream file(on.url.path, std::ios::binary);
        durable[on.url.path] = {std::istreambuf_iterator<char>(file), {}};
    }
    std::vector<DiskEvent> events;
    {
        NotedDisk noting;
        auto repository = Repository::open(*open_database(on.url), kStart);
        for (std::uint64_t number = 0; number < kBatches; ++number) {
            ASSERT_TRUE(repository->append(batch_of(number)).has_value());
            noting->acknowledged = number + 1;
        }
        events = noting->events;  // without the end, which would copy the log back and remove it
    }
    const std::string log = on.url.path + "-wal";
    Prng prng(1, "power cuts");
    std::map<std::string, std::vector<DiskEvent>> pending;
    std::uint64_t synced = 0;
    std::uint64_t cuts = 0;
    std::uint64_t lost = 0;
    std::uint64_t synced_cuts = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const DiskEvent& event = events[i];
        if (event.kind == DiskEvent::Kind::sync) {
            for (const DiskEvent& one : pending[event.file]) apply(durable, one, nullptr);
            pending[event.file].clear();
            if (event.file == log) synced = event.acknowledged;
        } else {
            pending[event.file].push_back(event);
        }
        // More often around the copying back, which writes the file itself.
        if (prng.below(event.file == log ? 60 : 12) != 0) continue;
        Files cut = durable;
        for (const auto& [file, writes] : pending)
            for (const DiskEvent& one : writes) apply(cut, one, &prng);
        OnSqlite after;
        for (const auto& [file, bytes] : cut)
            std::ofstream(after.url.path + file.substr(on.url.path.size()), std::ios::binary) << bytes;
        const std::uint64_t kept = whole_batches(after.url);
        EXPECT_GE(kept, synced) << "what was synced is there";
        ++cuts;
        synced_cuts += synced > 0 ? 1 : 0;
        lost = std::max(lost, event.acknowledged - std::min(event.acknowledged, kept));
        if (testing::Test::HasFailure()) return;
    }
    std::printf(
        "%llu power cuts, %llu of them behind a sync of the log: whole each time; at most %llu of the last batches "
        "gone\n",
        static_cast<unsigned long long>(cuts), static_cast<unsigned long long>(synced_cuts),
        static_cast<unsigned long long>(lost));
    EXPECT_GT(cuts, 30U);
    EXPECT_GT(synced_cuts, 10U) << "the log was never copied back";
    EXPECT_GT(lost, 0U) << "nothing was unsynced: the test does not test";
}

TEST(SqliteDatabase, AFailedSyncEndsTheConnectionAndTheNextOneHasEverything) {
    OnSqlite on;
    ASSERT_TRUE(Repository::open(*open_database(on.url), kStart).has_value());
    NotedDisk noting;
    std::optional<Repository> repository;
    const auto reopen = [&] {
        repository.reset();
        repository.emplace(std::move(*Repository::open(*open_database(on.url), kStart)));
    };
    reopen();
    noting->failing_sync = noting->syncs + 2;  // the first of a copying back: of the log
    int failures = 0;
    for (std::uint64_t number = 0; number < kBatches; ++number) {
        if (repository->append(batch_of(number)).has_value()) continue;
        ++failures;
        EXPECT_FALSE(repository->database().is_usable());
        reopen();
        EXPECT_TRUE(repository->append(batch_of(number)).has_value()) << "again: storing twice stores once";
    }
    EXPECT_EQ(failures, 1);
    repository.reset();
    EXPECT_EQ(whole_batches(on.url), kBatches);
}

}  // namespace
}  // namespace vt::records
