#include "runtime/record_copying.hpp"

#include "net/loop.hpp"
#include "obs/log.hpp"
#include "runtime/named_thread.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace vt::runtime {
namespace {

constexpr int kLowPriority = 10;  // of the thread; whoever answers goes first

}  // namespace

RecordCopying::RecordCopying(RecordCopyingParams params) : params_(std::move(params)) {
    if (const auto all = records::copies_of(params_.database); !all.empty()) newest_at_ = all.front().made_at;
    thread_ = named_thread("copies", [this] { run(); });
}

RecordCopying::~RecordCopying() { stop(); }

void RecordCopying::run() {
    (void)::setpriority(PRIO_PROCESS, 0, kLowPriority);  // of this thread alone, on Linux
    while (!is_stopping_.load()) {
        Nanos wait{0};
        if (const auto newest = newest_at()) {
            // A copy of the future is one of a clock that was wrong: it is not waited for.
            const Nanos age = std::max(Nanos{0}, net::wall_now() - *newest);
            wait = std::max(Nanos{0}, params_.every - age);
        }
        if (!hindrance().empty()) wait = std::min(params_.retry_after, params_.every);
        {
            std::unique_lock lock(mutex_);
            if (wake_.wait_for(lock, wait, [this] { return is_stopping_.load(); })) return;
        }
        copy_now();
    }
}

void RecordCopying::copy_now() {
    std::optional<JobList::Ticket> ticket;
    if (params_.jobs != nullptr) ticket.emplace(params_.jobs->add("record_copy", params_.database.string()));
    if (ticket) ticket->start();
    const auto copy = records::make_copy(params_.database, net::wall_now(), params_.keep, is_stopping_);
    if (is_stopping_.load()) {
        if (ticket) ticket->cancelled();
        return;
    }
    const std::lock_guard lock(mutex_);
    if (copy) {
        newest_at_ = copy->made_at;
        problem_.clear();
        if (ticket) ticket->done();
        return;
    }
    std::string problem = copy.error().what;
    if (copy.error().code == Errc::corrupt)
        problem += ". The next start of the program looks again, and restores the newest whole copy in " +
                   records::copies_folder(params_.database).string();
    if (ticket) ticket->fail(problem);
    if (problem != problem_) obs::log_error("records", "no copy of the database: " + problem);
    problem_ = std::move(problem);
}

void RecordCopying::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_.store(true);
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::string RecordCopying::hindrance() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

std::optional<Timestamp> RecordCopying::newest_at() const {
    const std::lock_guard lock(mutex_);
    return newest_at_;
}

}  // namespace vt::runtime
