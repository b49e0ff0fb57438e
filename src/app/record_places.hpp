#pragma once

#include "app/commands.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "records/database.hpp"
#include "records/repository.hpp"
#include "runtime/record_keeping.hpp"

#include <memory>
#include <string>

namespace vt::app {

/// Where records are kept: what the configuration names, else a SQLite file in the user's data folder; an empty
/// address where they are not.
///   errors: configuration
[[nodiscard]] Result<runtime::RecordPlaces> record_places(const config::Config& config);

/// The file that turns the kill switch on: what the configuration names, else KILL in the user's data folder.
///   out: empty where there is no such folder
[[nodiscard]] std::string kill_file(const config::Config& config);

/// The database that the configuration names, as it is: no schema is made or changed.
///   in:     may_make: a file that is not there yet is made
///   errors: not_found (there is no file yet), as records::Database
[[nodiscard]] Result<std::unique_ptr<records::Database>> open_configured_records(const ConfigOptions& options,
                                                                                 bool may_make);

/// Likewise to read what is kept, where the schema is this program's.
///   errors: configuration (an older or a newer schema, with the remedy), as open_configured_records
[[nodiscard]] Result<records::Repository> open_records_to_read(const ConfigOptions& options);

}  // namespace vt::app
