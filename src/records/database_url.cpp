#include "records/database_url.hpp"

#include "records/postgres_database.hpp"
#include "records/sqlite_database.hpp"

namespace vt::records {

Result<DatabaseUrl> parse_database_url(std::string_view text) {
    const auto take = [&](std::string_view prefix) {
        if (!text.starts_with(prefix)) return false;
        text.remove_prefix(prefix.size());
        return true;
    };
    if (text.starts_with("postgresql://") || text.starts_with("postgres://"))
        return DatabaseUrl{.backend = Backend::postgres, .conninfo = std::string(text)};
    if (take("sqlite://") || take("sqlite:")) {
        // sqlite:///var/x is the absolute /var/x: an empty host between the second and the third slash.
        if (text.empty() || text == "/")
            return fail(Errc::configuration,
                        "the address of the database names no file; write sqlite:///path/file.db");
        return DatabaseUrl{.backend = Backend::sqlite, .path = std::string(text)};
    }
    return fail(Errc::configuration, "'" + without_password(text) +
                                         "' is no address of a database; write sqlite:///path/file.db, "
                                         "postgresql://user@host/name, or off");
}

std::string without_password(std::string_view url) {
    std::string shown(url);
    const std::size_t scheme = shown.find("://");
    if (scheme != std::string::npos && !shown.starts_with("sqlite")) {
        // The last '@', whatever stands before it: a password may hold '/' and '?' that nobody escaped.
        const std::size_t at = shown.rfind('@');
        const std::size_t colon = shown.find(':', scheme + 3);
        if (at != std::string::npos && at > scheme && colon < at) shown.replace(colon + 1, at - colon - 1, "***");
    }
    constexpr std::string_view kParameter = "password=";
    for (std::size_t begin = 0; (begin = shown.find(kParameter, begin)) != std::string::npos;) {
        begin += kParameter.size();
        const std::size_t end = std::min(shown.find_first_of("& ", begin), shown.size());
        shown.replace(begin, end - begin, "***");
    }
    return shown;
}

Result<std::unique_ptr<Database>> open_database(const DatabaseUrl& url) {
    switch (url.backend) {
        case Backend::sqlite: return SqliteDatabase::open(url.path);
        case Backend::postgres: return PostgresDatabase::open(url.conninfo);
    }
    return fail(Errc::configuration, "unknown kind of database");
}

}  // namespace vt::records
