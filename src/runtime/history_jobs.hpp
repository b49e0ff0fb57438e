#pragma once

#include "api/jobs.hpp"
#include "gateway/gateway.hpp"
#include "net/loop.hpp"
#include "runtime/history_download.hpp"
#include "runtime/job_list.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace vt::runtime {

/// Downloads histories while the program runs, one after the other, each a job. As those of `history fetch`: within
/// the same share of a venue's limits, and refused where another process downloads from the site into the folder. A
/// download that is cancelled, or cut off by the program's end, keeps its whole pages; the same order goes on there.
class HistoryJobs {
public:
    static constexpr std::size_t kWaitingMax = 16;
    struct Params {
        std::filesystem::path directory;
        std::function<Result<gateway::SiteHosts>(exchange::Site)> hosts;
        double limit_share = exchange::access::kBesideShare;
    };

    HistoryJobs(Params params, JobList& jobs);
    ~HistoryJobs();
    HistoryJobs(const HistoryJobs&) = delete;
    HistoryJobs& operator=(const HistoryJobs&) = delete;

    /// Any thread.
    ///   errors: as api::StartDownload
    [[nodiscard]] Result<api::Job> start(const api::DownloadOrder& order);
    /// Ends the one that is under way; those that wait are cancelled.
    void stop();

private:
    struct Work {
        api::DownloadOrder order;
        exchange::Site site = exchange::Site::bybit;
        JobList::Ticket ticket;
    };
    // All on the loop's thread.
    void begin_next();
    void look();
    void end_current();
    void cancel(std::uint64_t number);

    Params params_;
    JobList& jobs_;
    net::Loop loop_;
    std::mutex mutex_;         // of what follows
    std::list<Work> waiting_;  // the oldest first
    bool is_stopping_ = false;
    // Of the loop's thread.
    std::optional<Work> current_;
    std::unique_ptr<HistoryDownload> download_;
    std::thread thread_;
};

}  // namespace vt::runtime
