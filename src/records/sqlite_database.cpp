#include "records/sqlite_database.hpp"

#include "base/assert.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstring>
#include <system_error>
#include <utility>

namespace vt::records {
namespace {

constexpr int kBusyTimeoutMs = 5000;
/// "VTRC" in the file's header: a database of this program.
constexpr std::int64_t kApplicationId = 0x56545243;
constexpr int kShrinkPages = 2000;
/// Of the file format: every page is a multiple of it.
constexpr std::uint64_t kPageBytesMin = 512;
/// Of the write-ahead log, before it is copied back: 4 MB.
constexpr int kLogPagesMax = 1000;
/// Statements are few and fixed; this bounds a mistake.
constexpr std::size_t kStatementsMax = 64;

void bind(sqlite3_stmt* statement, int index, const Value& value) {
    int outcome = SQLITE_OK;
    const auto size = [](const std::string& text) { return static_cast<sqlite3_uint64>(text.size()); };
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        outcome = sqlite3_bind_int64(statement, index, *whole);
    } else if (const auto* real = std::get_if<double>(&value)) {
        outcome = sqlite3_bind_double(statement, index, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        outcome = sqlite3_bind_text64(statement, index, text->data(), size(*text), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
        // An empty string may have no address, and a blob without address would be NULL.
        const char* bytes = blob->bytes.empty() ? "" : blob->bytes.data();
        outcome = sqlite3_bind_blob64(statement, index, bytes, size(blob->bytes), SQLITE_STATIC);
    } else {
        outcome = sqlite3_bind_null(statement, index);
    }
    VT_ASSERT(outcome == SQLITE_OK);
}

Value column(sqlite3_stmt* statement, int index) {
    const auto bytes = [&](const void* from) {
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, index));
        std::string copy(size, '\0');
        if (size > 0) std::memcpy(copy.data(), from, size);
        return copy;
    };
    switch (sqlite3_column_type(statement, index)) {
        case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, index));
        case SQLITE_FLOAT: return sqlite3_column_double(statement, index);
        case SQLITE_TEXT: return bytes(sqlite3_column_text(statement, index));
        case SQLITE_BLOB: return Blob{bytes(sqlite3_column_blob(statement, index))};
        default: return {};
    }
}

struct SqliteCause {
    Errc code = Errc::io;
    std::string_view remedy;
};

SqliteCause cause_of(int outcome) {
    switch (outcome & 0xFF) {
        case SQLITE_FULL:
            return {Errc::io, "the disk is full: make room, or lower records.bytes_max; what was stored is whole"};
        case SQLITE_IOERR: return {Errc::io, "the disk refused it; what was stored before is whole"};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
        case SQLITE_AUTH:
            return {Errc::io,
                    "this user must be able to write the file and its folder; or name another place with "
                    "records.database_url (DATABASE_URL)"};
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            return {Errc::corrupt,
                    "the file is damaged: `virtuoso run` restores the newest of its copies; without one move it "
                    "away, then `virtuoso storage restore BACKUP`, or start without it for an empty one"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return {Errc::unavailable, "another program holds it; try again when that has ended"};
        case SQLITE_INTERRUPT: return {Errc::unavailable, "it was told to stop"};
        case SQLITE_NOMEM: return {Errc::unavailable, "there is not enough memory"};
        default: return {Errc::malformed, ""};
    }
}

}  // namespace

SqliteDatabase::SqliteDatabase(sqlite3* handle, std::filesystem::path path)
    : handle_(handle), path_(std::move(path)) {}

SqliteDatabase::~SqliteDatabase() {
    // After a failed sync the log is read anew, with its checksums, by whoever opens the file next: not copied back
    // from what the system remembers of it.
    if (has_lost_a_sync_) sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    for (const auto& [text, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close_v2(handle_);
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open_with(const std::filesystem::path& path, int flags) {
    if (Result<void> whole = refuse_cut_off(path, kPageBytesMin); !whole)
        return tl::unexpected<Error>(std::move(whole.error()));
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    std::unique_ptr<SqliteDatabase> database(new SqliteDatabase(handle, path));
    if (opened != SQLITE_OK) return database->failure("open");
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, kBusyTimeoutMs);
    const auto note = [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(handle, note, &database->log_pages_);  // instead of copying back by itself
    return database;
}

void SqliteDatabase::remove_file(const std::filesystem::path& path) {
    for (const char* suffix : {"-wal", "-shm", "-journal", ""}) {
        std::filesystem::path one = path;
        one += suffix;
        std::error_code ignored;  // whoever makes it anew says why it cannot
        std::filesystem::remove(one, ignored);
    }
}

Result<bool> SqliteDatabase::is_new() {
    VT_TRY(const Answer known,
           ask("SELECT (SELECT count(*) FROM sqlite_master), application_id FROM pragma_application_id", {}));
    VT_TRY(const Answer page, ask("SELECT page_size FROM pragma_page_size", {}));
    const auto page_bytes = static_cast<std::uint64_t>(std::get<std::int64_t>(page.rows[0][0]));
    if (Result<void> whole = refuse_cut_off(path_, page_bytes); !whole)
        return tl::unexpected<Error>(std::move(whole.error()));
    const bool is_empty = std::get<std::int64_t>(known.rows[0][0]) == 0;
    if (is_empty || std::get<std::int64_t>(known.rows[0][1]) == kApplicationId) return is_empty;
    return fail(Errc::refused, path_.string() +
                                   " is a database of another program; name another file with "
                                   "records.database_url (DATABASE_URL)");
}

Result<void> SqliteDatabase::refuse_cut_off(const std::filesystem::path& path, std::uint64_t page_bytes) {
    // By its size only. To open the file and close it again would let go the locks that this process's connections
    // have on it, and another process would take the log from under them.
    std::error_code failed;
    const std::uint64_t size = std::filesystem::file_size(path, failed);
    if (failed) return {};  // there is none, or opening says why
    std::filesystem::path log = path;
    log += "-wal";
    const std::uint64_t log_size = std::filesystem::file_size(log, failed);
    const bool has_log = !failed && log_size > 0;
    const bool is_whole = size == 0 ? !has_log : size >= kPageBytesMin && (size % page_bytes == 0 || has_log);
    if (is_whole) return {};
    return fail(Errc::corrupt, path.string() + " is damaged: it was cut off to " + std::to_string(size) +
                                   " bytes. Move it and its -wal away, then `virtuoso storage restore BACKUP`, or "
                                   "start without them for an empty one");
}

void SqliteDatabase::stop_when(const std::atomic<bool>& flag) {
    constexpr int kSteps = 10'000;  // of SQLite's machine: about a millisecond
    const auto is_set = [](void* asked) { return static_cast<const std::atomic<bool>*>(asked)->load() ? 1 : 0; };
    sqlite3_progress_handler(handle_, kSteps, is_set, const_cast<std::atomic<bool>*>(&flag));
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::open(const std::filesystem::path& path) {
    std::filesystem::path restoring = path;
    restoring += kRestoringSuffix;
    std::error_code unknown;
    if (std::filesystem::exists(restoring, unknown))
        return fail(Errc::corrupt,
                    path.string() + " is being restored, and that was not finished; `virtuoso run` finishes it");
    if (unknown)
        return fail(Errc::io,
                    "cannot look at " + restoring.string() + ": " + unknown.message() +
                        "; this user must be able to write the file and its folder; or name another place with "
                        "records.database_url (DATABASE_URL)");
    if (path.has_parent_path()) {
        std::error_code ignored;  // where this fails, so does what follows, and says why
        std::filesystem::create_directories(path.parent_path(), ignored);
    }
    // Made here, so that nobody else can read it; SQLite gives its side files the same rights.
    if (const int made = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600); made >= 0) ::close(made);
    VT_TRY(std::unique_ptr<SqliteDatabase> database, open_with(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
    VT_TRY(const bool is_fresh, database->is_new());
    std::string script;
    if (is_fresh)
        script = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = " + std::to_string(kApplicationId) + ";";
    script +=
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
        "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8192;";
    if (Result<void> set = database->run(script); !set) return tl::unexpected<Error>(std::move(set.error()));
    return database;
}

Result<std::unique_ptr<Database>> SqliteDatabase::open_read_only(const std::filesystem::path& path) {
    VT_TRY(std::unique_ptr<SqliteDatabase> database, open_with(path, SQLITE_OPEN_READONLY));
    VT_TRY([[maybe_unused]] const bool is_empty, database->is_new());
    return database;
}

tl::unexpected<Error> SqliteDatabase::failure(std::string_view doing) {
    const int outcome = sqlite3_extended_errcode(handle_);
    has_lost_a_sync_ |= outcome == SQLITE_IOERR_FSYNC || outcome == SQLITE_IOERR_DIR_FSYNC;
    const SqliteCause cause = cause_of(outcome);
    std::string text = "cannot " + std::string(doing) + " " + path_.string() + ": " + sqlite3_errmsg(handle_);
    const int number = sqlite3_system_errno(handle_);
    if (number != 0 && cause.code == Errc::io) text += " (" + std::generic_category().message(number) + ")";
    if (!cause.remedy.empty()) text += "; " + std::string(cause.remedy);
    return fail(cause.code, std::move(text));
}

Result<void> SqliteDatabase::begin(Access access) {
    VT_TRY([[maybe_unused]] const Answer begun, ask(access == Access::read ? "BEGIN" : "BEGIN IMMEDIATE", {}));
    return {};
}

Result<void> SqliteDatabase::commit() {
    VT_TRY([[maybe_unused]] const Answer done, ask("COMMIT", {}));
    return shorten_log();
}

Result<void> SqliteDatabase::shorten_log() {
    if (log_pages_ < kLogPagesMax) return {};
    const int outcome = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &log_pages_, nullptr);
    // A reader holds it up: the next commit tries again.
    if (outcome == SQLITE_OK || outcome == SQLITE_BUSY || outcome == SQLITE_LOCKED) return {};
    return failure("copy the log back into");
}

void SqliteDatabase::rollback() {
    if (sqlite3_get_autocommit(handle_) == 0) (void)sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> SqliteDatabase::run(const std::string& script) {
    if (sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failure("change");
    return {};
}

Result<sqlite3_stmt*> SqliteDatabase::prepared(const std::string& statement) {
    if (const auto known = statements_.find(statement); known != statements_.end()) return known->second;
    VT_ASSERT(statements_.size() < kStatementsMax);
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v3(handle_, statement.data(), static_cast<int>(statement.size()), SQLITE_PREPARE_PERSISTENT,
                           &made, nullptr) != SQLITE_OK) {
        tl::unexpected<Error> failed = failure("ask");
        if (failed.value().code != Errc::malformed) return failed;
        // The statements are this program's own: what does not fit is the file, and no record is at fault.
        return fail(Errc::corrupt, failed.value().what +
                                       "; its tables are not as this program made them: move it "
                                       "away, then `virtuoso storage restore BACKUP`");
    }
    statements_.emplace(statement, made);
    return made;
}

Result<Answer> SqliteDatabase::ask(const std::string& statement, std::span<const Value> values) {
    VT_TRY(sqlite3_stmt* const made, prepared(statement));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int index = sqlite3_bind_parameter_index(made, ("$" + std::to_string(i + 1)).c_str());
        VT_ASSERT(index > 0);
        bind(made, index, values[i]);
    }
    Answer answer;
    int outcome = SQLITE_OK;
    while ((outcome = sqlite3_step(made)) == SQLITE_ROW) {
        Row& row = answer.rows.emplace_back();
        const int columns = sqlite3_data_count(made);
        row.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i) row.push_back(column(made, i));
    }
    if (outcome == SQLITE_DONE && sqlite3_stmt_readonly(made) == 0)
        answer.changed = static_cast<std::uint64_t>(sqlite3_changes64(handle_));
    if (outcome != SQLITE_DONE) {
        tl::unexpected<Error> failed = failure(sqlite3_stmt_readonly(made) != 0 ? "read" : "write");
        (void)sqlite3_reset(made);
        return failed;
    }
    (void)sqlite3_reset(made);
    (void)sqlite3_clear_bindings(made);
    return answer;
}

Result<std::uint64_t> SqliteDatabase::append(const Table& table, std::span<const Row> rows) {
    if (rows.empty()) return 0;
    VT_TRY(sqlite3_stmt* const made, prepared(insertion_into(table)));
    std::uint64_t added = 0;
    for (const Row& row : rows) {
        VT_ASSERT(row.size() == table.columns.size());
        for (std::size_t i = 0; i < row.size(); ++i) bind(made, static_cast<int>(i) + 1, row[i]);
        if (sqlite3_step(made) != SQLITE_DONE) {
            tl::unexpected<Error> failed = failure("write");
            (void)sqlite3_reset(made);
            return failed;
        }
        added += static_cast<std::uint64_t>(sqlite3_changes64(handle_));
        (void)sqlite3_reset(made);
    }
    (void)sqlite3_clear_bindings(made);
    return added;
}

Result<bool> SqliteDatabase::has_table(std::string_view name) {
    const Value wanted[] = {std::string(name)};
    VT_TRY(const Answer found, ask("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", wanted));
    return !found.rows.empty();
}

Result<void> SqliteDatabase::verify() {
    VT_TRY(const Answer found, ask("SELECT integrity_check FROM pragma_integrity_check(10)", {}));
    const auto first = found.rows.empty() ? std::nullopt : optional_of<std::string>(found.rows[0][0]);
    if (first == "ok") return {};
    return fail(Errc::corrupt, path_.string() + " is damaged (" + first.value_or("no answer") +
                                   "); move it away, then `virtuoso storage restore BACKUP`");
}

Result<void> SqliteDatabase::shrink() {
    return run("PRAGMA incremental_vacuum(" + std::to_string(kShrinkPages) + ");");
}

Result<std::string> SqliteDatabase::keep_copy(std::string_view suffix) {
    std::filesystem::path target = path_;
    target += suffix;
    std::error_code ignored;
    if (std::filesystem::exists(target, ignored)) return target.string();  // of a change that did not get to its end
    std::filesystem::path partial = target;
    partial += ".partial";
    remove_file(partial);
    const Value where[] = {partial.string()};
    VT_TRY([[maybe_unused]] const Answer copied, ask("VACUUM INTO $1", where));
    std::filesystem::permissions(partial, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 ignored);
    std::filesystem::rename(partial, target, ignored);
    if (ignored) return fail(Errc::io, "cannot name " + target.string() + ": " + ignored.message());
    return target.string();
}

}  // namespace vt::records
