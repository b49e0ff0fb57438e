#pragma once

#include "base/result.hpp"
#include "records/database.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace vt::records {

enum class Backend : std::uint8_t { sqlite, postgres };

/// Where records are kept: `sqlite:///absolute/path`, `sqlite:relative/path`, or what libpq takes:
/// `postgresql://user:password@host:port/name?sslmode=require`.
struct DatabaseUrl {
    Backend backend = Backend::sqlite;
    std::string path;      ///< of a SQLite file
    std::string conninfo;  ///< for libpq; may hold a password
};

/// errors: configuration: another scheme, no path
[[nodiscard]] Result<DatabaseUrl> parse_database_url(std::string_view text);
/// The same without what stands between `user:` and `@`, and without `password=...`: for messages.
[[nodiscard]] std::string without_password(std::string_view url);

/// Opens what the address names; a SQLite file is made where it does not exist, its folder too.
///   errors: as Database; configuration
[[nodiscard]] Result<std::unique_ptr<Database>> open_database(const DatabaseUrl& url);

}  // namespace vt::records
