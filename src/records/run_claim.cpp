#include "records/run_claim.hpp"

#include "base/digest.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace vt::records {
namespace {

tl::unexpected<Error> cannot(const char* what, const std::string& path, int cause) {
    return fail(Errc::io, std::string("cannot ") + what + " " + path + ": " + std::strerror(cause));
}

/// What the run that holds the lock wrote into it; empty where it has not yet.
std::string written_in(int file) {
    std::array<char, 24> text{};
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// PostgreSQL's advisory locks have numbers.
std::int64_t number_of(const std::string& market) {
    Digest digest;
    digest.update("virtuoso run of the market " + market);
    return static_cast<std::int64_t>(std::stoull(digest.hex().substr(0, 15), nullptr, 16));
}

}  // namespace

RunClaim::RunClaim(DatabaseUrl url, std::string market) : url_(std::move(url)), market_(std::move(market)) {}

RunClaim::~RunClaim() {
    if (file_ >= 0) ::close(file_);
}

Result<void> RunClaim::hold() {
    const std::lock_guard lock(mutex_);
    return url_.backend == Backend::sqlite ? hold_file() : hold_connection();
}

tl::unexpected<Error> RunClaim::taken(const std::string& by) const {
    return fail(Errc::in_use, "another run" + by + " keeps the records of the market " + market_ + " in " +
                                  (url_.backend == Backend::sqlite ? url_.path : "this database") +
                                  ": stop it, or give this one a records.database_url of its own");
}

Result<void> RunClaim::hold_file() {
    if (file_ >= 0) return {};
    std::error_code ignored;  // a folder that cannot be made shows at once
    const std::filesystem::path folder = std::filesystem::path(url_.path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
    const std::string path = url_.path + "." + market_ + ".lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return cannot("write to", path, errno);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        const int cause = errno;
        const std::string process = written_in(file);
        ::close(file);
        if (cause != EWOULDBLOCK) return cannot("lock", path, cause);
        return taken(process.empty() ? "" : " (process " + process + ")");
    }
    const std::string process = std::to_string(::getpid());
    const bool is_written =
        ::ftruncate(file, 0) == 0 && ::pwrite(file, process.data(), process.size(), 0) == std::ssize(process);
    if (!is_written) {
        const int cause = errno;
        ::close(file);
        return cannot("write to", path, cause);
    }
    file_ = file;  // the open file is the lock
    return {};
}

Result<void> RunClaim::hold_connection() {
    if (connection_) {
        const std::array<Value, 0> none{};
        if (connection_->ask("SELECT 1", none)) return {};
        connection_.reset();
    }
    VT_TRY(std::unique_ptr<Database> database, open_database(url_));
    const std::array number{Value{number_of(market_)}};
    VT_TRY(const Answer answer, database->ask("SELECT CAST(pg_try_advisory_lock($1) AS INT)::BIGINT", number));
    if (answer.rows.empty() || answer.rows[0].at(0) != Value{std::int64_t{1}}) return taken("");
    connection_ = std::move(database);
    return {};
}

}  // namespace vt::records
