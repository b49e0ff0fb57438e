#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/database.hpp"
#include "records/login_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vt::records {

struct AuditPage {
    std::vector<AuditRow> rows;  ///< the newest first
    std::string cursor;          ///< of the next page; empty: this was the last
};

/// Who may log in, and who did what: in the database of the records, whatever it is. One thread.
/// Every change counts the revision up, in the same transaction: another process sees by it that it has to read anew.
class LoginRepository {
public:
    static constexpr std::size_t kPageMax = 500;
    /// What is kept of the audit log: so many rows of what was done, and apart from them so many of what was refused,
    /// so that a flood of guesses pushes out none of the others.
    static constexpr std::int64_t kDoneMax = 200'000;
    static constexpr std::int64_t kRefusedMax = 50'000;

    /// Opens the database, makes or migrates its schema.
    ///   errors: unsupported (a newer schema), as Database
    [[nodiscard]] static Result<LoginRepository> open(std::unique_ptr<Database> database, Timestamp now);

    [[nodiscard]] Result<std::int64_t> revision();
    /// All of it, as it is at one instant.
    [[nodiscard]] Result<LoginContent> content();
    /// Stores all of it or nothing. What was used when, and the audit, do not count as a new revision.
    [[nodiscard]] Result<void> store(const LoginChange& change);
    /// errors: malformed (a cursor that no page gave), out_of_range (limit), as Database
    [[nodiscard]] Result<AuditPage> audit(std::size_t limit, const std::string& cursor);
    /// Removes the oldest of the audit beyond these numbers.
    [[nodiscard]] Result<void> shorten_audit(std::int64_t done_max = kDoneMax,
                                             std::int64_t refused_max = kRefusedMax);

    [[nodiscard]] Database& database() { return *database_; }

private:
    explicit LoginRepository(std::unique_ptr<Database> database) : database_(std::move(database)) {}
    [[nodiscard]] Result<void> put(const LoginChange& change);
    [[nodiscard]] Result<void> remove(const LoginChange& change);
    [[nodiscard]] Result<void> note(const LoginChange& change);

    std::unique_ptr<Database> database_;
};

}  // namespace vt::records
