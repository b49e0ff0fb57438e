#pragma once

#include "base/time.hpp"
#include "records/copies.hpp"
#include "runtime/job_list.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace vt::runtime {

struct RecordCopyingParams {
    std::filesystem::path database;
    Nanos every = std::chrono::hours{1};
    std::size_t keep = 3;
    Nanos retry_after = std::chrono::minutes{5};  ///< a copying that failed
    JobList* jobs = nullptr;                      ///< where each copying is told; outlives this
};

/// Copies the file of records by the clock: a thread of its own, at a low priority, with a connection of its own. The
/// first copy is made at once where the newest is older than that, or there is none.
class RecordCopying {
public:
    explicit RecordCopying(RecordCopyingParams params);
    ~RecordCopying();
    RecordCopying(const RecordCopying&) = delete;
    RecordCopying& operator=(const RecordCopying&) = delete;

    /// Ends a copying that is under way.
    void stop();
    /// Any thread. Why the last copying failed, with the remedy; empty: it did not.
    [[nodiscard]] std::string hindrance() const;
    /// Any thread. When the newest copy was made; nothing: there is none.
    [[nodiscard]] std::optional<Timestamp> newest_at() const;

private:
    void run();
    void copy_now();

    RecordCopyingParams params_;
    mutable std::mutex mutex_;  // of what follows
    std::condition_variable wake_;
    std::optional<Timestamp> newest_at_;
    std::string problem_;
    std::atomic<bool> is_stopping_{false};
    std::thread thread_;
};

}  // namespace vt::runtime
