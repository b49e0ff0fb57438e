#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/database.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vt::records {

/// One step of the schema. What is behind it in the list came later; a released step is never changed.
struct Migration {
    std::uint32_t version = 0;
    std::string_view what;
    std::string_view up;    ///< statements; {text}, {bytes} and {kept_by_key} stand for the backend's words
    std::string_view down;  ///< takes `up` back, with the content of what it made
};
/// All steps, from 1 without a hole.
[[nodiscard]] std::span<const Migration> migrations();
[[nodiscard]] std::uint32_t latest_version();

/// The tables of content at a version, in the order in which they are copied and digested.
[[nodiscard]] std::span<const Table> tables_at(std::uint32_t version);

/// The version of the database; 0 for an empty one.
[[nodiscard]] Result<std::uint32_t> schema_version(Database& database);
/// Brings the schema to `target`, in one transaction; before an older schema with content changes, a copy of the
/// file is kept beside it.
///   out:    where that copy is; empty: there was none to keep
///   errors: unsupported (the database is of a newer program: nothing is touched), as Database
[[nodiscard]] Result<std::string> migrate(Database& database, std::uint32_t target, Timestamp now);
/// errors: unsupported, with version, program and remedy, if the database is of a newer program
[[nodiscard]] Result<void> refuse_newer(Database& database);

// Indices in tables_at.
inline constexpr std::size_t kRuns = 0;
inline constexpr std::size_t kScores = 1;
inline constexpr std::size_t kInstruments = 2;
inline constexpr std::size_t kLosses = 3;
inline constexpr std::size_t kExplanations = 4;  ///< from version 2 on
inline constexpr std::size_t kLedger = 5;        ///< from version 4 on
inline constexpr std::size_t kAlerts = 9;        ///< from version 6 on, like the rest
inline constexpr std::size_t kAlertRules = 11;
inline constexpr std::size_t kOccurrences = 12;

}  // namespace vt::records
