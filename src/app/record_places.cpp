#include "app/record_places.hpp"

#include "app/configuration.hpp"
#include "app/environment.hpp"
#include "net/loop.hpp"
#include "records/database_url.hpp"
#include "records/schema.hpp"

#include <filesystem>
#include <string>
#include <system_error>

namespace vt::app {
namespace {

std::filesystem::path history_folder(const config::Config& config) {
    if (!config.history.directory.empty()) return config.history.directory;
    const std::filesystem::path folder = data_folder();
    return folder.empty() ? folder : folder / "history";
}

}  // namespace

Result<runtime::RecordPlaces> record_places(const config::Config& config) {
    const std::string& given = config.records.database_url;
    const std::filesystem::path folder = data_folder();
    if (given == "off")
        return runtime::RecordPlaces{.series_folder = folder.empty() ? "" : (folder / "series-spool").string()};
    if (folder.empty() && given.empty()) {
        return fail(Errc::configuration,
                    "no folder to keep records in: set records.database_url (DATABASE_URL) to "
                    "sqlite:///path/records.db, or to off");
    }
    return runtime::RecordPlaces{
        .url = given.empty() ? "sqlite://" + std::filesystem::absolute(folder / "records.db").string() : given,
        .spool_file = folder.empty() ? "" : (folder / "records-spool.db").string(),
        .series_folder = folder.empty() ? "" : (folder / "series-spool").string(),
        .history_folder = history_folder(config).string()};
}

std::string kill_file(const config::Config& config) {
    if (!config.trading.kill_file.empty()) return config.trading.kill_file;
    const std::filesystem::path folder = data_folder();
    return folder.empty() ? std::string() : (folder / "KILL").string();
}

Result<std::unique_ptr<records::Database>> open_configured_records(const ConfigOptions& options, bool may_make) {
    VT_TRY(const config::Loaded loaded, load_configuration(options));
    VT_TRY(const runtime::RecordPlaces places, record_places(loaded.config));
    if (places.url.empty())
        return fail(Errc::configuration, "records.database_url is off; name the database with --database");
    VT_TRY(const records::DatabaseUrl url, records::parse_database_url(places.url));
    std::error_code unknown;  // then opening says why
    if (!may_make && url.backend == records::Backend::sqlite && !std::filesystem::exists(url.path, unknown) &&
        !unknown)
        return fail(Errc::not_found, "there are no records yet in " + url.path + "; `virtuoso run` makes them");
    return records::open_database(url);
}

Result<records::Repository> open_records_to_read(const ConfigOptions& options) {
    VT_TRY(std::unique_ptr<records::Database> database, open_configured_records(options, false));
    if (const Result<void> known = records::refuse_newer(*database); !known)
        return fail(Errc::configuration, known.error().what);
    VT_TRY(const std::uint32_t version, records::schema_version(*database));
    if (version != records::latest_version())
        return fail(Errc::configuration, database->title() + " has schema " + std::to_string(version) +
                                             ", older than this program's (" +
                                             std::to_string(records::latest_version()) +
                                             "): `virtuoso storage migrate` or the next `virtuoso run` brings it up");
    return records::Repository::open(std::move(database), net::wall_now());  // finds nothing to change
}

}  // namespace vt::app
