#pragma once

#include "base/result.hpp"
#include "records/database_url.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace vt::records {

/// The right to keep a market's records in a database: one run at a time has it. Two would each take the other's open
/// signals and positions for their own. Of a SQLite file it is a lock on a file beside it, of a PostgreSQL server an
/// advisory lock of a connection of its own; both end with the process, however it ends.
class RunClaim {
public:
    /// in: market: live, demo
    RunClaim(DatabaseUrl url, std::string market);
    ~RunClaim();
    RunClaim(const RunClaim&) = delete;
    RunClaim& operator=(const RunClaim&) = delete;

    /// Takes it, or makes sure that it is still held: a server that was started anew knows nothing of it. To be
    /// called before the database is opened, each time. May be called by several threads.
    ///   errors: in_use: another run has it; as Database and the file system's
    ///   cost:   of a server, a round trip
    [[nodiscard]] Result<void> hold();

private:
    [[nodiscard]] Result<void> hold_file();
    [[nodiscard]] Result<void> hold_connection();
    [[nodiscard]] tl::unexpected<Error> taken(const std::string& by) const;

    std::mutex mutex_;
    DatabaseUrl url_;
    std::string market_;
    int file_ = -1;
    std::unique_ptr<Database> connection_;
};

}  // namespace vt::records
