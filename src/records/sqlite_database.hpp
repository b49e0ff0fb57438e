#pragma once

#include "records/database.hpp"

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace vt::records {

/// A SQLite file in write-ahead mode. What was committed survives the end of the program however it comes
/// (synchronous = NORMAL: a power cut may take the last transactions, and nothing else).
class SqliteDatabase final : public Database {
public:
    /// Makes the file where there is none: of this user only, its folder too.
    ///   errors: as Database; refused for a database of another program; corrupt while a restore is unfinished
    [[nodiscard]] static Result<std::unique_ptr<SqliteDatabase>> open(const std::filesystem::path& path);
    /// Opens a file that must be there, and changes nothing of it.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open_read_only(const std::filesystem::path& path);
    /// Removes a file that was given up, and what SQLite has beside it.
    static void remove_file(const std::filesystem::path& path);
    /// What is asked from now on ends as unavailable once the flag is set, which must outlive this.
    void stop_when(const std::atomic<bool>& flag);
    /// Behind the name of the file: a copy that is about to take its place (see copies.hpp).
    static constexpr std::string_view kRestoringSuffix = ".restoring";
    ~SqliteDatabase() override;
    SqliteDatabase(const SqliteDatabase&) = delete;
    SqliteDatabase& operator=(const SqliteDatabase&) = delete;

    [[nodiscard]] Result<void> begin(Access access) override;
    [[nodiscard]] Result<void> commit() override;
    void rollback() override;
    [[nodiscard]] Result<void> run(const std::string& script) override;
    [[nodiscard]] Result<Answer> ask(const std::string& statement, std::span<const Value> values) override;
    [[nodiscard]] Result<std::uint64_t> append(const Table& table, std::span<const Row> rows) override;
    [[nodiscard]] Result<bool> has_table(std::string_view name) override;
    [[nodiscard]] Result<void> verify() override;
    [[nodiscard]] Result<void> shrink() override;
    [[nodiscard]] Result<std::string> keep_copy(std::string_view suffix) override;
    [[nodiscard]] Dialect dialect() const override { return {"TEXT", "BLOB", " WITHOUT ROWID"}; }
    [[nodiscard]] std::string title() const override { return "SQLite " + path_.string(); }
    [[nodiscard]] bool is_usable() const override { return !has_lost_a_sync_; }

private:
    SqliteDatabase(sqlite3* handle, std::filesystem::path path);
    [[nodiscard]] static Result<std::unique_ptr<SqliteDatabase>> open_with(const std::filesystem::path& path,
                                                                           int flags);
    /// A file that lost its content, or a part of its last page, must not be taken for a new or a whole one, as
    /// SQLite does. With a log beside it the last page may be in there. errors: corrupt
    [[nodiscard]] static Result<void> refuse_cut_off(const std::filesystem::path& path, std::uint64_t page_bytes);
    /// Whether there is anything in it yet. errors: refused for a database of another program
    [[nodiscard]] Result<bool> is_new();
    [[nodiscard]] tl::unexpected<Error> failure(std::string_view doing);
    /// Copies the write-ahead log back into the file once it is long. Not left to SQLite, which tells nobody of a
    /// failure.
    [[nodiscard]] Result<void> shorten_log();
    /// A statement of the cache, without values.
    [[nodiscard]] Result<sqlite3_stmt*> prepared(const std::string& statement);

    sqlite3* handle_;
    std::filesystem::path path_;
    int log_pages_ = 0;             // after the last commit
    bool has_lost_a_sync_ = false;  // what the system holds of the file may not be what was written
    std::map<std::string, sqlite3_stmt*> statements_;
};

}  // namespace vt::records
