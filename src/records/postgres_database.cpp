#include "records/postgres_database.hpp"

#include "base/assert.hpp"
#include "records/postgres_values.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>
#include <vector>

namespace vt::records {
namespace {

/// Held while the schema changes, so that two programs that start together do not both change it.
constexpr const char* kSchemaLock = "SELECT pg_advisory_xact_lock(6220134018652)";
constexpr std::size_t kCopyChunkBytes = std::size_t{256} << 10U;

/// libpq's messages end with a line end and may have several lines.
std::string one_line(const char* message) {
    std::string text(message != nullptr ? message : "");
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

struct PostgresCause {
    Errc code = Errc::malformed;
    std::string_view remedy;
};

/// By the class of an SQLSTATE (PostgreSQL's appendix A).
PostgresCause cause_of(std::string_view state) {
    const std::string_view group = state.substr(0, 2);
    if (state == "53100") return {Errc::io, "the server's disk is full: make room there, or lower records.bytes_max"};
    if (state == "25006") return {Errc::io, "the server only reads: name the one that writes in DATABASE_URL"};
    if (state == "42501")
        return {Errc::refused,
                "give this user the right: GRANT CREATE, USAGE ON SCHEMA public, or make it the owner"};
    if (group == "28") return {Errc::refused, "check user and password in DATABASE_URL"};
    if (state == "3D000") return {Errc::refused, "make it with `createdb NAME`, or name another in DATABASE_URL"};
    if (group == "08" || group == "57" || group == "53" || group == "40" || group == "55")
        return {Errc::unavailable, "it is tried again"};
    // The statements are this program's own: what does not fit is the database, and no record is at fault.
    if (group == "42" || group == "3F")
        return {Errc::corrupt,
                "its tables are not as this program made them: restore a backup into an empty database"};
    if (group == "58") return {Errc::io, "look into the server's log"};
    if (group == "XX") return {Errc::corrupt, "look into the server's log, and restore a backup"};
    return {};
}

std::uint64_t changed_by(const PGresult* result) {
    const std::string_view text = PQcmdTuples(const_cast<PGresult*>(result));
    std::uint64_t number = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Answer answer_of(const PGresult* result) {
    Answer answer{.changed = PQresultStatus(result) == PGRES_COMMAND_OK ? changed_by(result) : 0};
    for (int r = 0; r < PQntuples(result); ++r) {
        Row& row = answer.rows.emplace_back();
        for (int c = 0; c < PQnfields(result); ++c) {
            if (PQgetisnull(result, r, c) != 0) {
                row.emplace_back();
                continue;
            }
            row.push_back(
                value_from_binary(static_cast<PostgresType>(PQftype(result, c)),
                                  {PQgetvalue(result, r, c), static_cast<std::size_t>(PQgetlength(result, r, c))}));
        }
    }
    return answer;
}

}  // namespace

void PostgresDatabase::FreeResult::operator()(pg_result* result) const { PQclear(result); }

PostgresDatabase::PostgresDatabase(pg_conn* connection, Nanos timeout) : connection_(connection), timeout_(timeout) {
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
    const char* host = PQhost(connection_);
    title_ = "PostgreSQL " + std::string(PQdb(connection_) != nullptr ? PQdb(connection_) : "") + " at " +
             std::string(host != nullptr ? host : "") + ":" +
             std::string(PQport(connection_) != nullptr ? PQport(connection_) : "");
}

PostgresDatabase::~PostgresDatabase() { PQfinish(connection_); }

bool PostgresDatabase::is_usable() const { return !is_broken_ && PQstatus(connection_) == CONNECTION_OK; }

Result<std::unique_ptr<Database>> PostgresDatabase::open(const std::string& conninfo, Nanos timeout) {
    const std::string limit = std::to_string(std::max<std::int64_t>(2, timeout / std::chrono::seconds{1}));
    const char* const keys[] = {"dbname",          "connect_timeout",  "application_name",
                                "client_encoding", "tcp_user_timeout", nullptr};
    const std::string user_timeout_ms = std::to_string(timeout / std::chrono::milliseconds{1});
    const char* const values[] = {conninfo.c_str(), limit.c_str(),           "virtuoso",
                                  "UTF8",           user_timeout_ms.c_str(), nullptr};
    PGconn* connection = PQconnectdbParams(keys, values, 1);
    if (connection == nullptr) return fail(Errc::unavailable, "there is not enough memory for a connection");
    std::unique_ptr<PostgresDatabase> database(new PostgresDatabase(connection, timeout));
    if (PQstatus(connection) != CONNECTION_OK) {
        const std::string said = one_line(PQerrorMessage(connection));
        if (PQconnectionUsedPassword(connection) != 0 || PQconnectionNeedsPassword(connection) != 0) {
            return fail(Errc::refused, "cannot log in to " + database->title_ + ": " + said +
                                           "; check user and password in DATABASE_URL (or DATABASE_URL_FILE)");
        }
        return fail(Errc::unavailable, "cannot reach " + database->title_ + ": " + said +
                                           "; check the address in DATABASE_URL, and that the server runs");
    }
    if (PQsetnonblocking(connection, 1) != 0) return database->connection_failure();
    const std::string statement_ms = std::to_string(6 * timeout / std::chrono::milliseconds{1});
    if (Result<void> set = database->run("SET statement_timeout = " + statement_ms +
                                         "; SET lock_timeout = " + user_timeout_ms + "; SET extra_float_digits = 3");
        !set)
        return tl::unexpected<Error>(std::move(set.error()));
    return database;
}

tl::unexpected<Error> PostgresDatabase::connection_failure() {
    is_broken_ = true;
    return fail(Errc::unavailable,
                "lost " + title_ + ": " + one_line(PQerrorMessage(connection_)) + "; it is tried again");
}

tl::unexpected<Error> PostgresDatabase::failure(const pg_result* result) const {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const PostgresCause cause = cause_of(state != nullptr ? state : "08000");
    const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    std::string text = title_ + " refused: " + one_line(primary != nullptr ? primary : PQresultErrorMessage(result)) +
                       (state != nullptr ? " (" + std::string(state) + ")" : "");
    if (!cause.remedy.empty()) text += "; " + std::string(cause.remedy);
    return fail(cause.code, std::move(text));
}

Result<void> PostgresDatabase::wait(bool for_writing, Deadline until) {
    pollfd socket{.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
    if (for_writing) socket.events = static_cast<short>(POLLIN | POLLOUT);
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        const int ready = left.count() > 0 ? ::poll(&socket, 1, static_cast<int>(left.count())) : 0;
        if (ready > 0) break;
        if (ready < 0 && errno == EINTR) continue;
        is_broken_ = true;
        return fail(Errc::unavailable, title_ + " did not answer for " +
                                           std::to_string(std::chrono::ceil<std::chrono::seconds>(timeout_).count()) +
                                           " s; the connection is given up, and it is tried again");
    }
    if ((socket.revents & (POLLIN | POLLERR | POLLHUP)) != 0 && PQconsumeInput(connection_) == 0)
        return connection_failure();
    return {};
}

Result<void> PostgresDatabase::flush(Deadline until) {
    while (true) {
        const int rest = PQflush(connection_);
        if (rest == 0) return {};
        if (rest < 0) return connection_failure();
        if (Result<void> ready = wait(true, until); !ready) return ready;
    }
}

Result<PostgresDatabase::ResultPtr> PostgresDatabase::next_result(Deadline until) {
    while (PQisBusy(connection_) != 0) {
        if (Result<void> ready = wait(false, until); !ready) return tl::unexpected<Error>(std::move(ready.error()));
    }
    return ResultPtr(PQgetResult(connection_));
}

Result<Answer> PostgresDatabase::take_answer() {
    const Deadline until = deadline();
    if (Result<void> sent = flush(until); !sent) return tl::unexpected<Error>(std::move(sent.error()));
    Answer answer;
    std::optional<Error> failed;
    while (true) {
        VT_TRY(const ResultPtr result, next_result(until));
        if (!result) break;
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
            if (!failed) failed = failure(result.get()).value();
        } else if (status == PGRES_COPY_IN) {
            return answer;  // the data are to follow
        } else {
            answer = answer_of(result.get());
        }
    }
    if (PQstatus(connection_) != CONNECTION_OK) return connection_failure();
    if (failed) return tl::unexpected<Error>(std::move(*failed));
    return answer;
}

Result<void> PostgresDatabase::run(const std::string& script) {
    if (PQsendQuery(connection_, script.c_str()) == 0) return connection_failure();
    VT_TRY([[maybe_unused]] const Answer done, take_answer());
    return {};
}

Result<Answer> PostgresDatabase::ask(const std::string& statement, std::span<const Value> values) {
    const Parameters parameters(values);
    if (PQsendQueryParams(connection_, statement.c_str(), parameters.count(), parameters.types(), parameters.values(),
                          parameters.lengths(), parameters.formats(), 1) == 0)
        return connection_failure();
    return take_answer();
}

Result<void> PostgresDatabase::begin(Access access) {
    if (access == Access::read) return run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (Result<void> begun = run("BEGIN"); !begun || access == Access::write) return begun;
    return run(kSchemaLock);
}

Result<void> PostgresDatabase::commit() {
    if (PQtransactionStatus(connection_) == PQTRANS_INERROR) {
        rollback();
        return fail(Errc::malformed, title_ + ": a part of the transaction failed; all of it was taken back");
    }
    return run("COMMIT");
}

void PostgresDatabase::rollback() {
    if (is_usable() && PQtransactionStatus(connection_) != PQTRANS_IDLE) (void)run("ROLLBACK");
}

Result<std::uint64_t> PostgresDatabase::append(const Table& table, std::span<const Row> rows) {
    if (rows.empty()) return 0;
    return rows.size() < kCopyFromRows ? append_by_pipeline(table, rows) : append_by_copy(table, rows);
}

Result<std::uint64_t> PostgresDatabase::append_by_pipeline(const Table& table, std::span<const Row> rows) {
    const std::string name = "add_" + std::string(table.name);
    if (!prepared_.contains(name)) {
        std::vector<Oid> types;
        for (const Column& column : table.columns) types.push_back(static_cast<Oid>(type_of(column.kind)));
        if (PQsendPrepare(connection_, name.c_str(), insertion_into(table).c_str(), static_cast<int>(types.size()),
                          types.data()) == 0)
            return connection_failure();
        VT_TRY([[maybe_unused]] const Answer ready, take_answer());
        prepared_.insert(name);
    }
    if (PQenterPipelineMode(connection_) == 0) return connection_failure();
    for (const Row& row : rows) {
        VT_ASSERT(row.size() == table.columns.size());
        const Parameters parameters(row);
        if (PQsendQueryPrepared(connection_, name.c_str(), parameters.count(), parameters.values(),
                                parameters.lengths(), parameters.formats(), 1) == 0)
            return connection_failure();
    }
    if (PQpipelineSync(connection_) == 0) return connection_failure();
    return take_pipeline();
}

Result<std::uint64_t> PostgresDatabase::take_pipeline() {
    const Deadline until = deadline();
    if (Result<void> sent = flush(until); !sent) return tl::unexpected<Error>(std::move(sent.error()));
    std::uint64_t added = 0;
    std::optional<Error> failed;
    for (bool is_synced = false; !is_synced;) {
        VT_TRY(const ResultPtr result, next_result(until));
        if (!result) {  // between the results of two statements, or the end of a connection
            if (PQstatus(connection_) != CONNECTION_OK) return connection_failure();
            continue;
        }
        const ExecStatusType status = PQresultStatus(result.get());
        is_synced = status == PGRES_PIPELINE_SYNC;
        if (status == PGRES_COMMAND_OK) added += changed_by(result.get());
        if ((status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) && !failed)
            failed = failure(result.get()).value();
    }
    if (PQexitPipelineMode(connection_) == 0) return connection_failure();
    if (failed) return tl::unexpected<Error>(std::move(*failed));
    return added;
}

Result<void> PostgresDatabase::send_copy(const std::string& bytes) {
    const Deadline until = deadline();
    for (int sent = 0; sent == 0;) {
        sent = PQputCopyData(connection_, bytes.data(), static_cast<int>(bytes.size()));
        if (sent < 0) return connection_failure();
        if (sent > 0) break;
        if (Result<void> ready = wait(true, until); !ready) return ready;
    }
    return flush(until);
}

Result<std::uint64_t> PostgresDatabase::append_by_copy(const Table& table, std::span<const Row> rows) {
    const std::string name(table.name);
    const std::string staging = "staging_" + name;
    if (Result<void> made = run("CREATE TEMP TABLE IF NOT EXISTS " + staging + " (LIKE " + name +
                                ") ON COMMIT DELETE ROWS; COPY " + staging + " FROM STDIN (FORMAT binary)");
        !made)
        return tl::unexpected<Error>(std::move(made.error()));
    std::string bytes;
    begin_copy(bytes);
    for (const Row& row : rows) {
        VT_ASSERT(row.size() == table.columns.size());
        append_copy_row(bytes, row);
        if (bytes.size() < kCopyChunkBytes) continue;
        if (Result<void> sent = send_copy(bytes); !sent) return tl::unexpected<Error>(std::move(sent.error()));
        bytes.clear();
    }
    end_copy(bytes);
    if (Result<void> sent = send_copy(bytes); !sent) return tl::unexpected<Error>(std::move(sent.error()));
    while (true) {
        const int ended = PQputCopyEnd(connection_, nullptr);
        if (ended < 0) return connection_failure();
        if (ended > 0) break;
        if (Result<void> ready = wait(true, deadline()); !ready)
            return tl::unexpected<Error>(std::move(ready.error()));
    }
    VT_TRY([[maybe_unused]] const Answer copied, take_answer());
    VT_TRY(const Answer added,
           ask("INSERT INTO " + name + " SELECT * FROM " + staging + " ON CONFLICT DO NOTHING", {}));
    if (Result<void> emptied = run("TRUNCATE " + staging); !emptied)
        return tl::unexpected<Error>(std::move(emptied.error()));
    return added.changed;
}

Result<bool> PostgresDatabase::has_table(std::string_view name) {
    const Value wanted[] = {std::string(name)};
    VT_TRY(const Answer found, ask("SELECT 1 WHERE to_regclass($1::text) IS NOT NULL", wanted));
    return !found.rows.empty();
}

Result<void> PostgresDatabase::verify() {
    // The server checks each page as it is read, and the digest of the content reads them all.
    VT_TRY([[maybe_unused]] const Answer alive, ask("SELECT 1", {}));
    return {};
}

}  // namespace vt::records
