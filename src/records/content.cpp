#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "records/repository.hpp"
#include "records/schema.hpp"

#include <bit>
#include <functional>

namespace vt::records {
namespace {

constexpr std::int64_t kPageRows = 2000;

/// A row in one form for all backends. SQLite keeps no sign of a zero, so none is told apart.
void append_canonical(std::string& out, const Row& row) {
    for (const Value& value : row) {
        out += static_cast<char>('0' + value.index());
        if (const auto* whole = std::get_if<std::int64_t>(&value)) append_little_endian(out, *whole);
        if (const auto* real = std::get_if<double>(&value))
            append_little_endian(out, std::bit_cast<std::uint64_t>(*real == 0 ? 0.0 : *real));
        if (const auto* text = std::get_if<std::string>(&value)) append_text<std::uint32_t>(out, *text);
        if (const auto* blob = std::get_if<Blob>(&value)) append_text<std::uint32_t>(out, blob->bytes);
    }
    out += '\n';
}

std::string page_statement(const Table& table, bool is_first) {
    std::string columns;
    std::string keys;
    std::string marks;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const std::string name(table.columns[i].name);
        columns += (i > 0 ? ", " : "") + name;
        if (i >= table.key_columns) continue;
        keys += (i > 0 ? ", " : "") + name;
        marks += (i > 0 ? ", $" : "$") + std::to_string(i + 2);
    }
    return "SELECT " + columns + " FROM " + std::string(table.name) +
           (is_first ? "" : " WHERE (" + keys + ") > (" + marks + ")") + " ORDER BY " + keys + " LIMIT $1";
}

using OnPage = std::function<Result<void>(const Table& table, std::span<const Row> rows)>;

/// Every row of every table, in the order of the keys, as of one instant.
Result<void> walk(Database& database, const OnPage& on_page) {
    VT_TRY(const Transaction transaction, Transaction::begin(database, Access::read));
    VT_TRY(const std::uint32_t version, schema_version(database));
    for (const Table& table : tables_at(version)) {
        std::vector<Value> values = {kPageRows};
        while (true) {
            VT_TRY(const Answer page, database.ask(page_statement(table, values.size() == 1), values));
            if (page.rows.empty()) break;
            if (Result<void> taken = on_page(table, page.rows); !taken) return taken;
            if (page.rows.size() < static_cast<std::size_t>(kPageRows)) break;
            values.resize(1);
            for (std::size_t i = 0; i < table.key_columns; ++i) values.push_back(page.rows.back()[i]);
        }
    }
    return {};
}

class ContentDigest {
public:
    void add(const Table& table, std::span<const Row> rows) {
        if (table.name != table_) {
            table_ = table.name;
            digest_.update(table_);
        }
        scratch_.clear();
        for (const Row& row : rows) append_canonical(scratch_, row);
        digest_.update(scratch_);
    }
    [[nodiscard]] std::string hex() const { return digest_.hex(); }

private:
    Digest digest_;
    std::string_view table_;
    std::string scratch_;
};

}  // namespace

Result<std::string> Repository::digest() { return digest_of(*database_); }

Result<std::string> digest_of(Database& database) {
    ContentDigest digest;
    Result<void> walked = walk(database, [&](const Table& table, std::span<const Row> rows) -> Result<void> {
        digest.add(table, rows);
        return {};
    });
    if (!walked) return tl::unexpected<Error>(std::move(walked.error()));
    return digest.hex();
}

Result<std::string> copy_content(Database& from, Database& into) {
    VT_TRY(const std::uint32_t version, schema_version(from));
    VT_TRY(const std::uint32_t target, schema_version(into));
    if (version > target) {
        return fail(Errc::unsupported, from.title() + " has schema " + std::to_string(version) + " and " +
                                           into.title() + " has " + std::to_string(target) +
                                           "; bring that one up with `virtuoso storage migrate`");
    }
    ContentDigest digest;
    Result<void> walked = walk(from, [&](const Table& table, std::span<const Row> rows) -> Result<void> {
        digest.add(table, rows);
        VT_TRY(Transaction transaction, Transaction::begin(into, Access::write));
        VT_TRY([[maybe_unused]] const std::uint64_t added, into.append(table, rows));
        return transaction.commit();
    });
    if (!walked) return tl::unexpected<Error>(std::move(walked.error()));
    return digest.hex();
}

}  // namespace vt::records
