#pragma once

#include "base/time.hpp"
#include "records/database.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <string>

struct pg_conn;
struct pg_result;

namespace vt::records {

/// A connection to a PostgreSQL server. Every wait has a limit: a server that is stopped or cut off costs `timeout`,
/// and the connection.
class PostgresDatabase final : public Database {
public:
    static constexpr Nanos kTimeout = std::chrono::seconds{10};

    /// in: `conninfo` what libpq takes: an address or `key=value` pairs
    /// errors: as Database
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& conninfo,
                                                                Nanos timeout = kTimeout);
    ~PostgresDatabase() override;
    PostgresDatabase(const PostgresDatabase&) = delete;
    PostgresDatabase& operator=(const PostgresDatabase&) = delete;

    [[nodiscard]] Result<void> begin(Access access) override;
    [[nodiscard]] Result<void> commit() override;
    void rollback() override;
    [[nodiscard]] Result<void> run(const std::string& script) override;
    [[nodiscard]] Result<Answer> ask(const std::string& statement, std::span<const Value> values) override;
    /// Few rows go as a pipeline of statements, in one round trip; many as a COPY into a table of this connection.
    [[nodiscard]] Result<std::uint64_t> append(const Table& table, std::span<const Row> rows) override;
    [[nodiscard]] Result<bool> has_table(std::string_view name) override;
    [[nodiscard]] Result<void> verify() override;
    [[nodiscard]] Result<void> shrink() override { return {}; }  // autovacuum does
    [[nodiscard]] Result<std::string> keep_copy(std::string_view /*suffix*/) override { return std::string{}; }
    [[nodiscard]] Dialect dialect() const override { return {"TEXT COLLATE \"C\"", "BYTEA", ""}; }
    [[nodiscard]] std::string title() const override { return title_; }
    [[nodiscard]] bool is_usable() const override;

    /// From so many rows on a COPY is faster (measured: docs/storage.md).
    static constexpr std::size_t kCopyFromRows = 2000;

private:
    using Deadline = std::chrono::steady_clock::time_point;
    struct FreeResult {
        void operator()(pg_result* result) const;
    };
    using ResultPtr = std::unique_ptr<pg_result, FreeResult>;

    PostgresDatabase(pg_conn* connection, Nanos timeout);
    [[nodiscard]] Deadline deadline() const { return std::chrono::steady_clock::now() + timeout_; }
    /// Waits until the socket can be read, or written if `for_writing`.
    [[nodiscard]] Result<void> wait(bool for_writing, Deadline until);
    [[nodiscard]] Result<void> flush(Deadline until);
    /// The next result of what was sent; null: there is no more.
    [[nodiscard]] Result<ResultPtr> next_result(Deadline until);
    /// Takes every result of what was sent; the last one is the answer.
    [[nodiscard]] Result<Answer> take_answer();
    [[nodiscard]] Result<std::uint64_t> append_by_pipeline(const Table& table, std::span<const Row> rows);
    [[nodiscard]] Result<std::uint64_t> take_pipeline();
    [[nodiscard]] Result<std::uint64_t> append_by_copy(const Table& table, std::span<const Row> rows);
    [[nodiscard]] Result<void> send_copy(const std::string& bytes);
    [[nodiscard]] tl::unexpected<Error> failure(const pg_result* result) const;
    [[nodiscard]] tl::unexpected<Error> connection_failure();

    pg_conn* connection_;
    Nanos timeout_;
    std::string title_;
    std::set<std::string, std::less<>> prepared_;  ///< tables whose insertion the server knows
    bool is_broken_ = false;
};

}  // namespace vt::records
