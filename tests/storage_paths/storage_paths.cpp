// The ways on which this program writes to a disk, each run to its end by itself, for tests that kill it or let its
// system calls fail at any point: see tests/program/kill_points.py.
//
//   storage_paths prepare KIND FOLDER          what a run of the kind finds
//   storage_paths run     KIND FOLDER COUNT    prints "N" once N is acknowledged; 3: the disk said no to the end
//   storage_paths check   KIND FOLDER KEPT [SENT]  whether everything acknowledged is there, whole, and it goes on

#include "config/versioned_file.hpp"
#include "influx/batch_spool.hpp"
#include "net/gzip.hpp"
#include "records/backup.hpp"
#include "records/copies.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "records/schema.hpp"
#include "records/score_keeper.hpp"
#include "records/sqlite_database.hpp"
#include "records/test_rows.hpp"

#include "telling.hpp"
#include "trading_path.hpp"
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string_view>

namespace vt {
namespace {

using records::Repository;

constexpr std::uint64_t kBatch = 8;
constexpr std::size_t kBodyBytes = 2500;
constexpr std::uint64_t kPrepared = 200;  // scores
constexpr int kTriesMax = 40;             // turns of 31 s: longer than the keeper ever waits

struct Folder {
    std::filesystem::path path;
    [[nodiscard]] std::string database() const { return (path / "records.db").string(); }
    [[nodiscard]] std::string spool() const { return (path / "records-spool.db").string(); }
    [[nodiscard]] std::string backup() const { return (path / "records.backup").string(); }
    [[nodiscard]] config::VersionedFile configuration() const {
        return config::VersionedFile(path / "virtuoso" / "virtuoso.toml");
    }
    [[nodiscard]] std::filesystem::path series() const { return path / "series-spool"; }
};

Result<Repository> open_file(const std::string& file, Timestamp now) {
    VT_TRY(std::unique_ptr<records::Database> database, records::open_database({.path = file}));
    return Repository::open(std::move(database), now);
}

struct KeptScore {
    records::ScoreRow score;
    records::Explanation explanation;
};

KeptScore made(std::uint64_t number) {
    const records::ScoreRow score = records::made_score(number);
    return {score, records::made_explanation(score, kBodyBytes)};
}

records::Batch made_batch(std::uint64_t first, std::uint64_t count) {
    records::Batch batch;
    for (std::uint64_t number = first; number < first + count; ++number) {
        KeptScore one = made(number);
        batch.scores.push_back(std::move(one.score));
        batch.explanations.push_back(std::move(one.explanation));
    }
    return batch;
}

// The record path. In `spool` the database is away for the first half of the run.

void run_keeper(const Folder& folder, std::uint64_t count, bool is_away_at_first) {
    std::uint64_t number = 0;
    records::KeeperParams params{
        .open = [&](Timestamp now) -> Result<Repository> {
            if (is_away_at_first && number <= count / 2) return fail(Errc::unavailable, "away");
            return open_file(folder.database(), now);
        },
        .run = {.run = "00000000000000aa", .market = "demo", .started = records::kStart, .program = "test"},
        .retention = {.keep_days = 0, .explanations_keep_days = 0, .bytes_max = 0}};
    if (is_away_at_first) params.open_spool = [&](Timestamp now) { return open_file(folder.spool(), now); };
    records::ScoreKeeper keeper(std::move(params));
    Timestamp now = records::kStart;
    const auto kept = [&] {
        const records::KeeperStats stats = keeper.stats();
        return stats.stored + stats.spooled.value_or(0);
    };
    const auto work_until = [&](const auto& is_done) {
        for (int tries = 0; !is_done(); ++tries) {
            if (tries == kTriesMax) end(3, keeper.stats().problem);
            if (!keeper.do_work(now)) now += std::chrono::seconds{31};
        }
    };
    while (number < count) {
        for (std::uint64_t i = 0; i < kBatch; ++i) keeper.offer([next = ++number] { return made_batch(next, 1); });
        work_until([&] { return kept() >= number; });
        acknowledge(std::to_string(number));
    }
    work_until([&] { return keeper.stats().stored >= number; });
    if (const auto closed = keeper.close(now); !closed) end(3, closed.error().what);
}

/// The numbers that a file holds, each of them exactly as it was made. A spool that is being emptied is counted anew
/// when it is taken into use again, not before.
std::set<std::uint64_t> numbers_in(Repository& repository, bool is_counted = true) {
    if (const auto whole = repository.database().verify(); !whole) end(1, whole.error().what);
    std::set<std::uint64_t> numbers;
    const auto all = repository.oldest(1'000'000);
    if (!all) end(1, all.error().what);
    std::map<std::uint64_t, const records::Explanation*> explanations;
    for (const auto& one : all->explanations) explanations[one.key.number] = &one;
    for (const auto& score : all->scores) {
        const std::uint64_t number = score.key.number;
        const KeptScore wanted = made(number);
        if (!(score == wanted.score)) end(1, "score " + std::to_string(number) + " is not as it was made");
        if (!explanations.contains(number) || !(*explanations[number] == wanted.explanation))
            end(1, "the explanation of " + std::to_string(number) + " is not as it was made");
        numbers.insert(number);
    }
    const auto usage = repository.usage();
    if (!usage || (is_counted && usage->scores != numbers.size())) end(1, "kept_hours does not count what is there");
    if (explanations.size() != numbers.size()) end(1, "an explanation without its score");
    return numbers;
}

Repository opened_for_check(const std::string& file) {
    auto repository = open_file(file, records::kStart);
    if (!repository) end(1, repository.error().what);
    return std::move(*repository);
}

void check_keeper(const Folder& folder, std::uint64_t kept) {
    std::set<std::uint64_t> numbers;
    const bool has_spool = std::filesystem::exists(folder.spool());
    if (has_spool) {
        Repository spool = opened_for_check(folder.spool());
        numbers = numbers_in(spool, false);
    }
    if (kept > 0 && !has_spool && !std::filesystem::exists(folder.database()))
        end(1, "records were acknowledged, and there is no file");
    {
        Repository database = opened_for_check(folder.database());
        numbers.merge(numbers_in(database));
    }
    for (std::uint64_t number = 1; number <= kept; ++number)
        if (!numbers.contains(number)) end(1, "record " + std::to_string(number) + " was acknowledged and is lost");
    if (numbers.size() % kBatch != 0 || (!numbers.empty() && *numbers.rbegin() != numbers.size()))
        end(1, "a batch is there in part");
    // The next run gives back what the spool holds, and goes on.
    const std::uint64_t before = numbers.size();
    records::KeeperParams params{
        .open = [&](Timestamp now) { return open_file(folder.database(), now); },
        .run = {.run = "00000000000000bb", .market = "demo", .started = records::kStart, .program = "test"},
        .retention = {.keep_days = 0, .explanations_keep_days = 0, .bytes_max = 0}};
    if (has_spool) params.open_spool = [&](Timestamp now) { return open_file(folder.spool(), now); };
    records::ScoreKeeper keeper(std::move(params));
    for (std::uint64_t i = 1; i <= kBatch; ++i) keeper.offer([next = before + i] { return made_batch(next, 1); });
    while (keeper.do_work(records::kStart)) {
    }
    if (const auto closed = keeper.close(records::kStart); !closed) end(1, closed.error().what);
    Repository database = opened_for_check(folder.database());
    if (numbers_in(database).size() != before + kBatch) end(1, "the next run does not go on");
    if (!has_spool) return;
    Repository spool = opened_for_check(folder.spool());
    if (!numbers_in(spool).empty()) end(1, "the spool was not given back");
}

// The ledger of signals, on the same path: the database is away for the first half, as in `spool`.

constexpr const char* kLedgerMarket = "demo";

records::LedgerEntry made_entry(std::uint64_t number) {
    return {.market = kLedgerMarket,
            .signal = "signal" + std::to_string(number / 3),
            .entry = "entry:" + std::to_string(number % 3),
            .at = records::kStart + std::chrono::seconds{number},
            .run = "00000000000000aa",
            .instrument = "bybit-linear-BTCUSDT",
            .direction = "long",
            .strategy = "confluence",
            .state = "open",
            .score = 60 + static_cast<double>(number % 7) / 8,
            .body = std::string(900, static_cast<char>('a' + number % 26)),
            .follow = std::string("go on\0from here", 15)};
}

records::KeeperParams ledger_keeper(const Folder& folder, const std::function<bool()>& is_away) {
    return {.open = [&folder, is_away](Timestamp now) -> Result<Repository> {
                if (is_away()) return fail(Errc::unavailable, "away");
                return open_file(folder.database(), now);
            },
            .open_spool = [&folder](Timestamp now) { return open_file(folder.spool(), now); },
            .run = {.run = "00000000000000aa", .market = "demo", .started = records::kStart, .program = "test"},
            .retention = {.keep_days = 0, .explanations_keep_days = 0, .bytes_max = 0}};
}

void run_ledger(const Folder& folder, std::uint64_t count) {
    std::uint64_t number = 0;
    records::ScoreKeeper keeper(ledger_keeper(folder, [&] { return number <= count / 2; }));
    Timestamp now = records::kStart;
    const auto try_until = [&](const auto& is_done) {
        for (int tries = 0; !is_done(); ++tries) {
            if (tries == kTriesMax) end(3, keeper.stats().problem);
            now += std::chrono::seconds{31};
        }
    };
    while (number < count) {
        for (int i = 0; i < 2; ++i) keeper.offer(made_entry(++number));
        try_until([&] { return keeper.do_work(now); });  // something waits: it is stored, or it is not
        acknowledge(std::to_string(number));
    }
    try_until([&] {
        while (keeper.do_work(now)) {
        }
        return keeper.stats().stored >= number;
    });
    if (const auto closed = keeper.close(now); !closed) end(3, closed.error().what);
}

/// The entries of a file, each exactly as it was made, once. Of a spool that is being emptied the first are gone, and
/// with them the beginning of the chain.
std::set<std::uint64_t> entries_in(const std::string& file, std::uint64_t most, bool is_spool = false) {
    Repository repository = opened_for_check(file);
    if (const auto whole = repository.database().verify(); !whole) end(1, whole.error().what);
    const auto chain = records::check_ledger(repository.database(), kLedgerMarket);
    if (!chain) end(1, chain.error().what);
    if (chain->broken_at && !is_spool)
        end(1, "the chain is broken at entry " + std::to_string(*chain->broken_at) + " of " + file);
    const auto all = records::oldest_entries(repository.database(), 1'000'000);
    if (!all || (!is_spool && all->size() != chain->entries)) end(1, "the chain is not what the entries are");
    std::set<std::uint64_t> numbers;
    for (const records::LedgerEntry& entry : *all) {
        std::uint64_t number = 1;
        while (number <= most && !(made_entry(number) == entry)) ++number;
        if (number > most) end(1, "an entry is not as it was made: " + entry.signal + " " + entry.entry);
        if (!numbers.insert(number).second) end(1, "an entry is there twice: " + entry.signal + " " + entry.entry);
    }
    return numbers;
}

void check_ledger_run(const Folder& folder, std::uint64_t kept) {
    constexpr std::uint64_t kMost = 10'000;
    std::set<std::uint64_t> numbers;
    if (std::filesystem::exists(folder.spool())) numbers = entries_in(folder.spool(), kMost, true);
    if (std::filesystem::exists(folder.database())) numbers.merge(entries_in(folder.database(), kMost));
    for (std::uint64_t number = 1; number <= kept; ++number)
        if (!numbers.contains(number)) end(1, "entry " + std::to_string(number) + " was acknowledged and is lost");
    const std::uint64_t next = numbers.empty() ? 1 : *numbers.rbegin() + 1;
    records::ScoreKeeper keeper(ledger_keeper(folder, [] { return false; }));
    keeper.offer(made_entry(next));
    keeper.offer(made_entry(next));  // told again: once
    while (keeper.do_work(records::kStart)) {
    }
    if (const auto closed = keeper.close(records::kStart); !closed) end(1, closed.error().what);
    numbers.insert(next);
    if (entries_in(folder.database(), kMost) != numbers) end(1, "the next run does not go on with every entry");
    if (!entries_in(folder.spool(), kMost, true).empty()) end(1, "the spool was not given back");
}

// A step of the schema, and a backup.

void prepare_database(const Folder& folder, std::uint32_t schema) {
    Repository repository = opened_for_check(folder.database());
    if (!repository.append(made_batch(1, kPrepared))) end(1, "cannot prepare");
    const auto stepped = records::migrate(repository.database(), schema, records::kStart);
    if (!stepped) end(1, stepped.error().what);
    std::filesystem::remove(*stepped);  // the copy of the step back
}

void run_migration(const Folder& folder) {
    Result<Repository> opened = fail(Errc::io, "not tried");
    for (int tries = 0; tries < 2 && !opened; ++tries) opened = open_file(folder.database(), records::kStart);
    if (!opened) end(3, opened.error().what);
    acknowledge(std::to_string(records::latest_version()));
}

void check_migration(const Folder& folder, std::uint64_t acknowledged) {
    auto database = records::open_database({.path = folder.database()});
    if (!database) end(1, database.error().what);
    const auto version = records::schema_version(**database);
    if (!version || *version + 1 < records::latest_version()) end(1, "there is no such schema");
    if (*version < acknowledged) end(1, "the step was acknowledged and is not there");
    Repository repository = opened_for_check(folder.database());
    if (const auto whole = repository.database().verify(); !whole) end(1, whole.error().what);
    const auto all = repository.oldest(1'000'000);
    if (!all || all->scores.size() != kPrepared) end(1, "the step cost scores");
    for (const auto& score : all->scores)
        if (!(score == made(score.key.number).score)) end(1, "a score is not as it was made");
    const std::string copy = folder.database() + ".schema" + std::to_string(records::latest_version() - 1);
    if (!std::filesystem::exists(copy)) end(1, "the file as it was before is not kept");
    auto before = records::SqliteDatabase::open_read_only(copy);
    if (!before || !(*before)->verify()) end(1, "the file as it was before is not whole");
    const auto content = records::content_of(**before);
    if (!content || content->scores != kPrepared) end(1, "the file as it was before does not hold its scores");
}

void run_backup(const Folder& folder) {
    Result<records::Content> written = fail(Errc::io, "not tried");
    for (int tries = 0; tries < 2 && !written; ++tries) {
        auto database = records::open_database({.path = folder.database()});
        if (!database) {
            written = tl::unexpected<Error>(database.error());
            continue;
        }
        written = records::write_backup(**database, folder.backup(), records::kStart);
    }
    if (!written) end(3, written.error().what);
    acknowledge("1");
}

void check_backup(const Folder& folder, std::uint64_t acknowledged) {
    Repository repository = opened_for_check(folder.database());
    if (numbers_in(repository).size() != kPrepared) end(1, "the backup changed what it copies");
    const bool is_there = std::filesystem::exists(folder.backup());
    if (acknowledged > 0 && !is_there) end(1, "the backup was acknowledged and is not there");
    if (is_there) {  // it has its name only when it is whole
        auto file = records::SqliteDatabase::open_read_only(folder.backup());
        if (!file || !(*file)->verify()) end(1, "the backup is damaged");
        const auto digest = records::digest_of(**file);
        if (!digest || *digest != *repository.digest()) end(1, "the backup differs");
        return;
    }
    if (!records::write_backup(repository.database(), folder.backup(), records::kStart))
        end(1, "the next backup does not go on");
}

// A copy by the clock, and the start with a damaged file.

constexpr std::uintmax_t kDamagedBytes = 5'000;
const std::atomic<bool> kIsNeverStopped{false};

void prepare_restore(const Folder& folder) {
    prepare_database(folder, records::latest_version());
    if (!records::make_copy(folder.database(), records::kStart, 3, kIsNeverStopped)) end(1, "cannot copy");
    std::filesystem::resize_file(folder.database(), kDamagedBytes);
}

void run_copy(const Folder& folder) {
    Result<records::FileCopy> made = fail(Errc::io, "not tried");
    for (int tries = 0; tries < 2 && !made; ++tries)
        made = records::make_copy(folder.database(), records::kStart, 1, kIsNeverStopped);
    if (!made) end(3, made.error().what);
    acknowledge("1");
}

void check_copy(const Folder& folder, std::uint64_t acknowledged) {
    if (const auto left = records::restore_if_damaged(folder.database(), records::kStart, true); !left || *left)
        end(1, "the database was taken for a damaged one");
    Repository repository = opened_for_check(folder.database());
    if (numbers_in(repository).size() != kPrepared) end(1, "the copying changed what it copies");
    const auto copies = records::copies_of(folder.database());
    if (copies.size() < acknowledged) end(1, "the copy was acknowledged and is not there");
    for (const records::FileCopy& copy : copies) {  // it has its name only when it is whole
        auto file = records::SqliteDatabase::open_read_only(copy.file);
        if (!file || !(*file)->verify()) end(1, "the copy is damaged");
        const auto digest = records::digest_of(**file);
        if (!digest || *digest != *repository.digest()) end(1, "the copy differs");
    }
    if (!records::make_copy(folder.database(), records::kStart + std::chrono::hours{1}, 1, kIsNeverStopped))
        end(1, "the next copying does not go on");
    if (records::copies_of(folder.database()).size() != 1) end(1, "what is over the number of copies stays");
}

void run_restore(const Folder& folder) {
    Result<std::optional<records::RestoredFile>> restored = fail(Errc::io, "not tried");
    for (int tries = 0; tries < 2 && !restored; ++tries)
        restored = records::restore_if_damaged(folder.database(), records::kStart, true);
    if (!restored) end(3, restored.error().what);
    Result<Repository> opened = fail(Errc::io, "not tried");
    for (int tries = 0; tries < 2 && !opened; ++tries) opened = open_file(folder.database(), records::kStart);
    if (!opened) end(3, opened.error().what);
    acknowledge("1");
}

void check_restore(const Folder& folder) {
    const auto restored = records::restore_if_damaged(folder.database(), records::kStart, true);
    if (!restored) end(1, restored.error().what);
    Repository repository = opened_for_check(folder.database());
    if (numbers_in(repository).size() != kPrepared) end(1, "what was restored is not the copy");
    std::uint64_t damaged = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("records.db.damaged-") && !name.ends_with("-wal") && !name.ends_with("-shm"))
            damaged += entry.file_size() == kDamagedBytes ? 1U : 100U;
    }
    if (damaged != 1) end(1, "the damaged file is not there as it was, once: " + std::to_string(damaged));
    if (!repository.append(made_batch(kPrepared + 1, kBatch))) end(1, "the next run does not go on");
}

// Series on their way to a server.

std::string made_lines(std::uint64_t number) {
    std::string lines;
    for (int i = 0; i < 20; ++i)
        lines += "m n=" + std::to_string(number * 100 + static_cast<std::uint64_t>(i)) + "i 1\n";
    return lines;
}

/// Every third batch is sent, and every fourth of these halved before: SENT is printed before a batch may go.
void run_series(const Folder& folder, std::uint64_t count) {
    Result<influx::BatchSpool> spool = fail(Errc::io, "not tried");
    for (int tries = 0; tries < 3 && !spool; ++tries) spool = influx::BatchSpool::open(folder.series(), 1U << 30U);
    if (!spool) end(3, spool.error().what);
    std::uint64_t sent = 0;
    for (std::uint64_t number = 1; number <= count; ++number) {
        const std::string packed = net::gzipped(made_lines(number));
        Result<std::uint64_t> pushed = fail(Errc::io, "not tried");
        for (int tries = 0; tries < 3 && !pushed; ++tries) pushed = spool->push(packed, 20, false);
        if (!pushed) end(3, pushed.error().what);
        acknowledge(std::to_string(number));
        if (number % 3 != 0) continue;
        const bool is_halved = number % 4 == 0 && spool->split_front().has_value();
        acknowledge("sent " + std::to_string(++sent));
        spool->pop();
        if (is_halved) spool->pop();
    }
}

void check_series(const Folder& folder, std::uint64_t kept, std::uint64_t sent) {
    auto spool = influx::BatchSpool::open(folder.series(), 1U << 30U);
    if (!spool) end(1, spool.error().what);
    std::map<std::string, int> lines;  // a halved batch may be there twice: the same points
    while (spool->front() != nullptr) {
        const auto packed = spool->read_front();
        if (!packed) end(1, packed.error().what);
        const auto text = net::gunzipped(*packed, 1U << 20U);
        if (!text) end(1, "a batch is damaged: " + text.error().what);
        for (std::size_t at = 0; at < text->size();) {
            const std::size_t line_end = text->find('\n', at);
            if (line_end == std::string::npos) end(1, "a line is cut off");
            ++lines[text->substr(at, line_end + 1 - at)];
            at = line_end + 1;
        }
        spool->pop();
    }
    for (std::uint64_t number = sent + 1; number <= kept; ++number) {
        const std::string all = made_lines(number);
        for (std::size_t at = 0; at < all.size();) {
            const std::size_t line_end = all.find('\n', at) + 1;
            if (!lines.contains(all.substr(at, line_end - at)))
                end(1, "a line of batch " + std::to_string(number) + " was acknowledged and is lost");
            at = line_end;
        }
    }
    if (!spool->push(net::gzipped(made_lines(1)), 20, false)) end(1, "the next run does not go on");
}

// The file of the configuration.

std::string made_configuration(std::uint64_t number) {
    return "# text " + std::to_string(number) + "\n" + std::string(3000, 'x') + "\n# end of " +
           std::to_string(number) + "\n";
}

void run_configuration(const Folder& folder, std::uint64_t count) {
    for (std::uint64_t number = 1; number <= count; ++number) {
        Result<bool> written = fail(Errc::io, "not tried");
        for (int tries = 0; tries < 3 && !written; ++tries)
            written = folder.configuration().replace([&](const auto&) { return made_configuration(number); });
        if (!written) end(3, written.error().what);
        acknowledge(std::to_string(number));
    }
}

void check_configuration(const Folder& folder, std::uint64_t kept) {
    const config::VersionedFile file = folder.configuration();
    const auto text = file.read();
    if (!text) end(1, text.error().what);
    if (!*text && kept > 0) end(1, "the file was acknowledged and is not there");
    const bool is_as_acknowledged =
        !*text || **text == made_configuration(kept) || **text == made_configuration(kept + 1);
    if (!is_as_acknowledged) end(1, "the file is torn, or not what was acknowledged last");
    const auto versions = file.versions();
    if (!versions) end(1, versions.error().what);
    const std::uint64_t present = !*text ? 0 : **text == made_configuration(kept) ? kept : kept + 1;
    for (std::uint64_t number = 1; number < present; ++number) {
        const auto earlier = file.version(static_cast<std::uint32_t>(number));
        if (!earlier || *earlier != made_configuration(number))
            end(1, "version " + std::to_string(number) + " is lost or torn");
    }
    if (!file.replace([](const auto&) { return made_configuration(1'000); })) end(1, "the next run does not go on");
}

int main_of(const std::vector<std::string>& words) {
    if (words.size() < 3) end(2, "usage: storage_paths prepare|run|check KIND FOLDER [COUNT|KEPT [SENT]]");
    const std::string_view verb = words[0];
    const std::string_view kind = words[1];
    const Folder folder{words[2]};
    const auto number = [&](std::size_t i) { return i < words.size() ? std::stoull(words[i]) : 0ULL; };
    const bool is_keeper = kind == "records" || kind == "spool";
    if (verb == "prepare") {
        if (kind == "migrate") prepare_database(folder, records::latest_version() - 1);
        if (kind == "backup" || kind == "copy") prepare_database(folder, records::latest_version());
        if (kind == "restore") prepare_restore(folder);
    } else if (verb == "run") {
        if (is_keeper) run_keeper(folder, number(3), kind == "spool");
        if (kind == "ledger") run_ledger(folder, number(3));
        if (kind == "trading") run_trading(folder.database(), number(3));
        if (kind == "migrate") run_migration(folder);
        if (kind == "backup") run_backup(folder);
        if (kind == "copy") run_copy(folder);
        if (kind == "restore") run_restore(folder);
        if (kind == "series") run_series(folder, number(3));
        if (kind == "config") run_configuration(folder, number(3));
    } else {
        if (is_keeper) check_keeper(folder, number(3));
        if (kind == "ledger") check_ledger_run(folder, number(3));
        if (kind == "trading") check_trading(folder.database(), number(3));
        if (kind == "migrate") check_migration(folder, number(3));
        if (kind == "backup") check_backup(folder, number(3));
        if (kind == "copy") check_copy(folder, number(3));
        if (kind == "restore") check_restore(folder);
        if (kind == "series") check_series(folder, number(3), number(4));
        if (kind == "config") check_configuration(folder, number(3));
    }
    return 0;
}

}  // namespace
}  // namespace vt

int main(int argc, char** argv) { return vt::main_of({argv + 1, argv + argc}); }
