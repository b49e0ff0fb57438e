#include "records/backup.hpp"

#include "records/repository.hpp"
#include "records/schema.hpp"
#include "records/sqlite_database.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace vt::records {
namespace {

Result<std::uint64_t> count(Database& database, const std::string& statement) {
    VT_TRY(const Answer answer, database.ask(statement, {}));
    return static_cast<std::uint64_t>(optional_of<std::int64_t>(answer.rows.at(0).at(0)).value_or(0));
}

/// Comes back when the device has what the system holds of a file, or of a folder's names.
Result<void> sync(const std::filesystem::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const std::error_code why = is_synced ? std::error_code() : std::error_code(errno, std::generic_category());
    if (descriptor >= 0) ::close(descriptor);
    if (is_synced) return {};
    return fail(Errc::io, "the device did not take " + path.string() + ": " + why.message() + "; try another disk");
}

Result<bool> is_taken_name(const std::filesystem::path& file) {
    std::error_code failed;
    const bool is_there = std::filesystem::exists(file, failed);
    if (failed) return fail(Errc::io, "cannot look at " + file.string() + ": " + failed.message() + "; try again");
    return is_there;
}

Result<Content> fill(Database& from, const std::filesystem::path& partial, Timestamp now) {
    VT_TRY(const std::uint32_t version, schema_version(from));
    std::string copied;
    {
        VT_TRY(const std::unique_ptr<Database> file, SqliteDatabase::open(partial));
        VT_TRY([[maybe_unused]] const std::string none, migrate(*file, version, now));
        VT_TRY(copied, copy_content(from, *file));
        // One file, without a log beside it.
        if (Result<void> alone = file->run("PRAGMA journal_mode = DELETE;"); !alone)
            return tl::unexpected<Error>(std::move(alone.error()));
    }
    VT_TRY(const std::unique_ptr<Database> written, SqliteDatabase::open_read_only(partial));
    if (Result<void> whole = written->verify(); !whole) return tl::unexpected<Error>(std::move(whole.error()));
    VT_TRY(Content content, content_of(*written));
    if (content.digest != copied)
        return fail(Errc::corrupt, partial.string() + " does not read back as it was written; try another disk");
    return content;
}

}  // namespace

Result<Content> content_of(Database& database) {
    Content content;
    if (Result<void> known = refuse_newer(database); !known) return tl::unexpected<Error>(std::move(known.error()));
    VT_TRY(content.schema, schema_version(database));
    VT_TRY(content.digest, digest_of(database));
    if (content.schema == 0) return content;
    VT_TRY(content.runs, count(database, "SELECT count(*) FROM runs"));
    VT_TRY(content.scores, count(database, "SELECT count(*) FROM scores"));
    VT_TRY(content.lost, count(database, "SELECT CAST(coalesce(sum(number), 0) AS BIGINT) FROM losses"));
    if (content.schema >= 2) {
        VT_TRY(content.explanations, count(database, "SELECT count(*) FROM explanations"));
    }
    return content;
}

Result<Content> write_backup(Database& from, const std::filesystem::path& file, Timestamp now) {
    VT_TRY(const bool is_taken, is_taken_name(file));
    if (is_taken) return fail(Errc::already_exists, file.string() + " exists; name a new file, or remove it first");
    if (Result<void> known = refuse_newer(from); !known) return tl::unexpected<Error>(std::move(known.error()));
    std::filesystem::path partial = file;
    partial += ".partial";
    SqliteDatabase::remove_file(partial);
    Result<Content> content = fill(from, partial, now);
    if (content) {
        if (Result<void> synced = sync(partial); !synced) content = tl::unexpected<Error>(std::move(synced.error()));
    }
    if (!content) {
        SqliteDatabase::remove_file(partial);
        return content;
    }
    std::error_code failed;
    std::filesystem::rename(partial, file, failed);
    if (failed)
        return fail(Errc::io, "cannot name " + file.string() + ": " + failed.message() + "; try another folder");
    if (Result<void> synced = sync(file.has_parent_path() ? file.parent_path() : "."); !synced)
        return tl::unexpected<Error>(std::move(synced.error()));
    return content;
}

Result<Content> restore_backup(const std::filesystem::path& file, Database& into, bool merge) {
    VT_TRY(const bool is_there, is_taken_name(file));
    if (!is_there) return fail(Errc::not_found, "there is no backup " + file.string());
    VT_TRY(const std::unique_ptr<Database> from, SqliteDatabase::open_read_only(file));
    if (Result<void> whole = from->verify(); !whole) {
        return fail(Errc::corrupt, "the backup is damaged, nothing was restored: " + whole.error().what);
    }
    VT_TRY(const Content before, content_of(into));
    const bool is_empty = before.scores + before.runs + before.lost == 0;
    if (!is_empty && !merge) {
        return fail(Errc::already_exists,
                    into.title() + " holds " + std::to_string(before.scores) +
                        " scores; restore into an empty database, or give --merge to keep both");
    }
    VT_TRY(const std::string copied, copy_content(*from, into));
    VT_TRY(Content after, content_of(into));
    if (is_empty && after.digest != copied)
        return fail(Errc::corrupt, into.title() + " does not read back as the backup says; restore it again");
    if (Result<void> counted = recount_hours(into); !counted)
        return tl::unexpected<Error>(std::move(counted.error()));
    return after;
}

}  // namespace vt::records
