#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace vt::records {

/// Copies of a SQLite file by the clock, in a folder beside it, and what becomes of them where the file is damaged.

struct FileCopy {
    std::filesystem::path file;
    Timestamp made_at;  ///< whole seconds
};

/// "records.db.copies" beside "records.db".
[[nodiscard]] std::filesystem::path copies_folder(const std::filesystem::path& database);
/// The newest first; what is not named like a copy is passed over.
[[nodiscard]] std::vector<FileCopy> copies_of(const std::filesystem::path& database);

/// Reads all of the database, copies it as it is at one instant while others write, reads the copy, and removes the
/// oldest copies but `keep`. A database that is found damaged is not copied: the next start is told by a mark beside
/// it, and the copies stay.
///   in:     is_stopping: ends it at once
///   errors: corrupt (the database), io (no room, a folder that cannot be written), unavailable (stopped)
[[nodiscard]] Result<FileCopy> make_copy(const std::filesystem::path& database, Timestamp now, std::size_t keep,
                                         const std::atomic<bool>& is_stopping);

/// Has the next start read all of the file: somebody found damage in it that opening it does not see.
void note_damage(const std::filesystem::path& database);

/// What was done with a damaged file.
struct RestoredFile {
    std::filesystem::path damaged;   ///< where it lies now; empty: there was none left
    std::filesystem::path copy;      ///< what took its place; empty: what an earlier start had prepared
    std::optional<Timestamp> as_of;  ///< of the copy
    std::string why;                 ///< what was wrong, in a sentence
};

/// For the start, before anybody opens the file. Where it is damaged - it cannot be opened for that reason, or the
/// last copying found it so and it still is - the newest whole copy takes its place. The damaged file is moved aside,
/// never removed; a restore that was cut off at any point is finished by the next start.
///   in:     may_restore: false: only says what could be done
///   out:    nothing: there is nothing to restore
///   errors: corrupt (no whole copy, or it may not; with the remedy), unavailable (another program has it open), io
[[nodiscard]] Result<std::optional<RestoredFile>> restore_if_damaged(const std::filesystem::path& database,
                                                                     Timestamp now, bool may_restore);

}  // namespace vt::records
