#include "records/copies.hpp"

#include "base/whole_number.hpp"
#include "records/repository.hpp"
#include "records/schema.hpp"
#include "records/sqlite_database.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <system_error>

namespace vt::records {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCopySuffix = ".db";
constexpr std::uint64_t kFullDisk = 10;  // a tenth of the disk stays free

fs::path beside(const fs::path& database, std::string_view suffix) {
    fs::path out = database;
    out += suffix;
    return out;
}
/// A whole copy that is to take the database's place; while it is there the database is not opened.
fs::path prepared_file(const fs::path& database) { return beside(database, SqliteDatabase::kRestoringSuffix); }
/// Says to the next start that the file was found damaged while the program ran.
fs::path damage_mark(const fs::path& database) { return beside(database, ".damage-found"); }

/// "20261130T100000Z"
std::string stamp(Timestamp at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(seconds - day);
    char text[32];
    std::snprintf(text, sizeof(text), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text;
}

std::optional<Timestamp> time_of_stamp(std::string_view text) {
    if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
    const auto part = [&](std::size_t at, std::size_t size) { return whole_number<unsigned>(text.substr(at, size)); };
    const auto year = part(0, 4), month = part(4, 2), day = part(6, 2);
    const auto hour = part(9, 2), minute = part(11, 2), second = part(13, 2);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                           std::chrono::day(*day)};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    return Timestamp{std::chrono::sys_days(date)} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

tl::unexpected<Error> io_failure(const std::string& doing, const std::error_code& why) {
    return fail(Errc::io, "cannot " + doing + ": " + why.message() +
                              "; this user must be able to write the folder of the database, and the disk must have "
                              "room");
}

Result<void> rename_file(const fs::path& from, const fs::path& to) {
    std::error_code failed;
    fs::rename(from, to, failed);
    if (failed) return io_failure("move " + from.string() + " to " + to.string(), failed);
    return {};
}

/// Comes back when the device has what the system holds of a file, or of a folder's names.
Result<void> sync_to_disk(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const std::error_code why(errno, std::generic_category());
    if (descriptor >= 0) ::close(descriptor);
    if (!is_synced) return io_failure("write " + path.string() + " to the disk", why);
    return {};
}

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

bool is_there(const fs::path& path) {
    std::error_code unknown;  // whoever uses it says why it cannot
    return fs::exists(path, unknown) && !unknown;
}

/// One process at a time prepares and exchanges files in a folder.
class FolderLock {
public:
    explicit FolderLock(const fs::path& folder) : descriptor_(::open(folder.c_str(), O_RDONLY | O_CLOEXEC)) {
        while (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~FolderLock() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int descriptor_;
};

/// Whether another process has the database open: SQLite's connections hold a lock on it all the time. Only for a
/// file that nobody in this process has open.
bool is_open_elsewhere(const fs::path& database) {
    const int descriptor = ::open(database.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return false;
    struct flock wanted = {};
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    const bool is_held = ::fcntl(descriptor, F_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK;
    ::close(descriptor);
    return is_held;
}

Result<void> verified(const fs::path& file) {
    VT_TRY(const std::unique_ptr<Database> opened, SqliteDatabase::open_read_only(file));
    if (Result<void> known = refuse_newer(*opened); !known) return known;
    return opened->verify();
}

/// What is wrong with the file, as far as opening it tells, or reading all of it where that was found wrong before.
///   out: nothing: it is whole, or not there, or something else stands in the way, which whoever opens it says
std::optional<std::string> damage_of(const fs::path& database, Timestamp now) {
    if (!is_there(database)) return std::nullopt;
    auto opened = SqliteDatabase::open(database);
    if (!opened) return opened.error().code == Errc::corrupt ? std::optional(opened.error().what) : std::nullopt;
    const bool was_found = is_there(damage_mark(database));
    auto repository = Repository::open(std::move(*opened), now);
    if (!repository)
        return repository.error().code == Errc::corrupt ? std::optional(repository.error().what) : std::nullopt;
    if (!was_found) return std::nullopt;
    const Result<void> whole = repository->database().verify();
    if (!whole) return whole.error().code == Errc::corrupt ? std::optional(whole.error().what) : std::nullopt;
    std::error_code ignored;
    fs::remove(damage_mark(database), ignored);
    return std::nullopt;
}

/// errors: io: the folder cannot be read to its end, and the newest may be what is missing
Result<std::vector<FileCopy>> read_copies(const fs::path& database) {
    std::vector<FileCopy> all;
    std::error_code failed;
    for (fs::directory_iterator at(copies_folder(database), failed), end; !failed && at != end;
         at.increment(failed)) {
        const std::string name = at->path().filename().string();
        if (!std::string_view(name).ends_with(kCopySuffix)) continue;
        if (const auto made = time_of_stamp(std::string_view(name).substr(0, name.size() - kCopySuffix.size())))
            all.push_back({.file = at->path(), .made_at = *made});
    }
    if (failed && failed != std::errc::no_such_file_or_directory)
        return io_failure("read the folder " + copies_folder(database).string(), failed);
    std::ranges::sort(all, std::ranges::greater{}, &FileCopy::made_at);
    return all;
}

Result<std::optional<FileCopy>> newest_whole_copy(const fs::path& database) {
    VT_TRY(const std::vector<FileCopy> all, read_copies(database));
    for (const FileCopy& copy : all) {
        const Result<void> whole = verified(copy.file);
        if (whole) return std::optional(copy);
        // A disk that does not let it be read says nothing of it, and an older one must not take its place.
        if (whole.error().code == Errc::io || whole.error().code == Errc::unavailable)
            return tl::unexpected<Error>(whole.error());
    }
    return std::optional<FileCopy>();
}

/// A copy of the copy, whole and on the disk, under the name that says so.
Result<void> prepare(const fs::path& copy, const fs::path& database) {
    const fs::path prepared = prepared_file(database);
    const fs::path partial = beside(prepared, ".partial");
    std::error_code failed;
    fs::copy_file(copy, partial, fs::copy_options::overwrite_existing, failed);
    if (failed) return io_failure("copy " + copy.string() + " to " + partial.string(), failed);
    fs::permissions(partial, fs::perms::owner_read | fs::perms::owner_write, failed);
    if (auto synced = sync_to_disk(partial); !synced) return synced;
    if (auto named = rename_file(partial, prepared); !named) return named;
    return sync_to_disk(folder_of(database));
}

/// Whether something has that name: a disk that does not say so must not make it look free.
Result<bool> is_taken(const fs::path& path) {
    std::error_code failed;
    const bool is_there_now = fs::exists(path, failed);
    if (failed) return io_failure("look at " + path.string(), failed);
    return is_there_now;
}

/// A name for the damaged file that nothing has yet.
Result<fs::path> free_name_aside(const fs::path& database, Timestamp now) {
    const std::string name = ".damaged-" + stamp(now);
    fs::path aside = beside(database, name);
    for (int i = 2;; ++i) {
        VT_TRY(const bool has_file, is_taken(aside));
        VT_TRY(const bool has_log, is_taken(beside(aside, "-wal")));
        if (!has_file && !has_log) return aside;
        aside = beside(database, name + "-" + std::to_string(i));
    }
}

/// Moves what is left of the database aside and puts what was prepared in its place.
///   out: where the damaged file is; empty: there was none
Result<fs::path> exchange(const fs::path& database, Timestamp now) {
    VT_TRY(const fs::path aside, free_name_aside(database, now));
    // The log goes first: a database must never find another one's.
    const fs::path log = beside(database, "-wal");
    VT_TRY(const bool has_log, is_taken(log));
    if (has_log) {
        if (auto moved = rename_file(log, beside(aside, "-wal")); !moved) return tl::unexpected<Error>(moved.error());
    }
    std::error_code ignored;  // an index of the log, which SQLite makes anew
    fs::remove(beside(database, "-shm"), ignored);
    VT_TRY(const bool has_file, is_taken(database));
    if (has_file) {
        if (auto moved = rename_file(database, aside); !moved) return tl::unexpected<Error>(moved.error());
    }
    if (auto moved = rename_file(prepared_file(database), database); !moved)
        return tl::unexpected<Error>(moved.error());
    fs::remove(damage_mark(database), ignored);
    if (auto synced = sync_to_disk(folder_of(database)); !synced) return tl::unexpected<Error>(synced.error());
    return has_file ? aside : fs::path();
}

/// Keeps the disk from being filled by copies.
Result<void> has_room(const fs::path& database, const fs::path& folder) {
    std::error_code failed;
    const fs::space_info space = fs::space(folder, failed);
    if (failed) return {};  // writing says why
    std::uint64_t needed = 0;
    for (const char* suffix : {"", "-wal"}) {
        const auto size = fs::file_size(beside(database, suffix), failed);
        if (!failed) needed += size;
    }
    if (space.available >= needed + space.capacity / kFullDisk) return {};
    return fail(Errc::io, "no copy of " + database.string() +
                              " is made: it would leave less than a tenth of the disk free; "
                              "make room, or lower records.bytes_max or records.copies_keep");
}

Result<void> copy_into(const fs::path& database, const fs::path& partial, const std::atomic<bool>& is_stopping) {
    VT_TRY(const std::unique_ptr<SqliteDatabase> from, SqliteDatabase::open(database));
    from->stop_when(is_stopping);
    if (Result<void> whole = from->verify(); !whole) {
        if (whole.error().code == Errc::corrupt) note_damage(database);
        return whole;
    }
    const Value where[] = {partial.string()};
    VT_TRY([[maybe_unused]] const Answer copied, from->ask("VACUUM INTO $1", where));
    return {};
}

}  // namespace

fs::path copies_folder(const fs::path& database) { return beside(database, ".copies"); }

void note_damage(const fs::path& database) {
    const int made = ::open(damage_mark(database).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (made >= 0) ::close(made);  // where that cannot be written, the next copying finds the damage again
}

std::vector<FileCopy> copies_of(const fs::path& database) {
    return read_copies(database).value_or(std::vector<FileCopy>());
}

Result<FileCopy> make_copy(const fs::path& database, Timestamp now, std::size_t keep,
                           const std::atomic<bool>& is_stopping) {
    const fs::path folder = copies_folder(database);
    std::error_code failed;
    fs::create_directory(folder, failed);
    if (failed) return io_failure("make " + folder.string(), failed);
    fs::permissions(folder, fs::perms::owner_all, failed);
    if (auto room = has_room(database, folder); !room) return tl::unexpected<Error>(room.error());
    const FileCopy copy{.file = folder / (stamp(now) + std::string(kCopySuffix)),
                        .made_at = std::chrono::floor<std::chrono::seconds>(now)};
    const fs::path partial = folder / "partial";
    SqliteDatabase::remove_file(partial);
    Result<void> made = copy_into(database, partial, is_stopping);
    if (made) made = verified(partial);
    if (made) {
        fs::permissions(partial, fs::perms::owner_read | fs::perms::owner_write, failed);
        made = sync_to_disk(partial);
    }
    if (made) made = rename_file(partial, copy.file);
    if (made) made = sync_to_disk(folder);
    if (!made) {
        SqliteDatabase::remove_file(partial);
        return tl::unexpected<Error>(std::move(made.error()));
    }
    const std::vector<FileCopy> all = copies_of(database);
    for (std::size_t i = std::max<std::size_t>(keep, 1); i < all.size(); ++i)
        SqliteDatabase::remove_file(all[i].file);
    return copy;
}

Result<std::optional<RestoredFile>> restore_if_damaged(const fs::path& database, Timestamp now, bool may_restore) {
    VT_TRY(bool is_prepared, is_taken(prepared_file(database)));
    if (!is_prepared && !damage_of(database, now)) return std::nullopt;
    const FolderLock lock(folder_of(database));
    // Another process may have been here while this one waited.
    VT_TRY(is_prepared, is_taken(prepared_file(database)));
    if (is_prepared) {
        VT_TRY(fs::path aside, exchange(database, now));
        return RestoredFile{.damaged = std::move(aside), .copy = {}, .as_of = {}, .why = "a restore was cut off"};
    }
    const auto why = damage_of(database, now);
    if (!why) return std::nullopt;
    VT_TRY(const std::optional<FileCopy> copy, newest_whole_copy(database));
    if (!copy) return fail(Errc::corrupt, *why + "; there is no whole copy in " + copies_folder(database).string());
    if (!may_restore)
        return fail(Errc::corrupt, *why + "; the newest whole copy is " + copy->file.string() +
                                       "; records.restore_damaged = 1 lets the next start put it there");
    if (is_open_elsewhere(database))
        return fail(Errc::unavailable, *why +
                                           "; another program has it open: end that first, and a start of this one "
                                           "restores " +
                                           copy->file.string());
    if (auto ready = prepare(copy->file, database); !ready) return tl::unexpected<Error>(ready.error());
    VT_TRY(fs::path aside, exchange(database, now));
    return RestoredFile{.damaged = std::move(aside), .copy = copy->file, .as_of = copy->made_at, .why = *why};
}

}  // namespace vt::records
