#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/database.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace vt::records {

/// What a database holds.
struct Content {
    std::uint32_t schema = 0;
    std::uint64_t runs = 0;
    std::uint64_t scores = 0;
    std::uint64_t explanations = 0;
    std::uint64_t lost = 0;  ///< records that are known not to be kept
    std::string digest;
};
/// Reads all of it. errors: as Database
[[nodiscard]] Result<Content> content_of(Database& database);

/// Writes everything, as it is at one instant and while others go on writing, into one SQLite file of the same
/// schema; then reads that file back and compares. The file has its name only when it is whole.
///   errors: already_exists; corrupt (what was read back differs); as Database
[[nodiscard]] Result<Content> write_backup(Database& from, const std::filesystem::path& file, Timestamp now);

/// Brings a backup's rows into a database, of whichever backend, and compares. The schema may be older than the
/// database's.
///   in:     merge: whether the database may hold something already; what is there stays
///   errors: not_found; already_exists (it does, and must not); corrupt; unsupported (schema); as Database
[[nodiscard]] Result<Content> restore_backup(const std::filesystem::path& file, Database& into, bool merge);

}  // namespace vt::records
