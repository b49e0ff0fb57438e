#pragma once

#include "base/result.hpp"
#include "records/table.hpp"
#include "records/value.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vt::records {

enum class Access : std::uint8_t {
    read,      ///< one picture of everything, whatever others write meanwhile
    write,     ///< all of what follows, or nothing
    exclusive  ///< the same, and nobody else changes the schema
};

/// Words in which the backends' SQL differs. Statements are otherwise the same for all: parameters are `$1`, `$2`...
struct Dialect {
    std::string_view text;          ///< type of a text that compares by its bytes
    std::string_view bytes;         ///< type of a blob
    std::string_view table_suffix;  ///< behind the columns of a table that is kept in the order of its key
};

/// A connection to a database, of one thread. What is asked between begin() and commit() is one transaction.
///   errors of all: unavailable (not reached, no answer in time, locked: try again later), refused (password,
///   rights), io (the disk said no), corrupt, malformed (the statement); the text says what to do, and never holds a
///   password
class Database {
public:
    virtual ~Database() = default;

    [[nodiscard]] virtual Result<void> begin(Access access) = 0;
    [[nodiscard]] virtual Result<void> commit() = 0;
    /// Nothing happens outside a transaction.
    virtual void rollback() = 0;

    /// Several statements without parameters.
    [[nodiscard]] virtual Result<void> run(const std::string& script) = 0;
    [[nodiscard]] virtual Result<Answer> ask(const std::string& statement, std::span<const Value> values) = 0;
    /// Adds rows, those of a key that is there already left out.
    ///   in:  a value for each column
    ///   out: how many were added
    [[nodiscard]] virtual Result<std::uint64_t> append(const Table& table, std::span<const Row> rows) = 0;
    [[nodiscard]] virtual Result<bool> has_table(std::string_view name) = 0;
    /// Reads everything there is to find damage in. errors: corrupt, with what is damaged
    [[nodiscard]] virtual Result<void> verify() = 0;
    /// Gives room that removed rows took back to the system, a part of it each time.
    [[nodiscard]] virtual Result<void> shrink() = 0;
    /// A copy of all as it is now, beside the database, before its schema changes.
    ///   out: where; empty where the server's own backups are the place
    [[nodiscard]] virtual Result<std::string> keep_copy(std::string_view suffix) = 0;

    [[nodiscard]] virtual Dialect dialect() const = 0;
    /// For messages: "PostgreSQL records at db.example", "SQLite /var/lib/virtuoso/records.db".
    [[nodiscard]] virtual std::string title() const = 0;
    /// Whether asking again can help; false after a lost connection, until it is opened anew.
    [[nodiscard]] virtual bool is_usable() const = 0;
};

/// A transaction that ends with commit(), or is taken back when it goes.
class Transaction {
public:
    [[nodiscard]] static Result<Transaction> begin(Database& database, Access access) {
        if (Result<void> begun = database.begin(access); !begun)
            return tl::unexpected<Error>(std::move(begun.error()));
        return Transaction(database);
    }
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() {
        if (database_ != nullptr) database_->rollback();
    }
    [[nodiscard]] Result<void> commit() {
        Result<void> done = database_->commit();
        if (done) database_ = nullptr;
        return done;
    }

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace vt::records
