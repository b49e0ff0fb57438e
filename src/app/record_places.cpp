#include "app/record_places.hpp"

#include "app/environment.hpp"

#include <filesystem>
#include <string>

namespace vt::app {

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
        .series_folder = folder.empty() ? "" : (folder / "series-spool").string()};
}

}  // namespace vt::app
