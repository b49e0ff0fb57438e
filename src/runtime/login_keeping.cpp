#include "runtime/login_keeping.hpp"

#include "net/loop.hpp"
#include "obs/log.hpp"
#include "runtime/named_thread.hpp"

#include <utility>

namespace vt::runtime {

LoginKeeping::LoginKeeping(records::DatabaseUrl url, std::chrono::milliseconds look_every)
    : url_(std::move(url)), look_every_(look_every) {}

LoginKeeping::~LoginKeeping() { stop(); }

Result<void> LoginKeeping::connect() {
    if (repository_ && repository_->database().is_usable()) return {};
    repository_.reset();
    VT_TRY(std::unique_ptr<records::Database> database, records::open_database(url_));
    VT_TRY(records::LoginRepository opened, records::LoginRepository::open(std::move(database), net::wall_now()));
    repository_.emplace(std::move(opened));
    return {};
}

Result<records::LoginContent> LoginKeeping::read() {
    if (auto there = connect(); !there) return tl::unexpected<Error>(std::move(there.error()));
    VT_TRY(records::LoginContent content, repository_->content());
    seen_ = content.revision;
    return content;
}

void LoginKeeping::begin(Replaced replaced) {
    replaced_ = std::move(replaced);
    thread_ = named_thread("login", [this] { run(); });
}

void LoginKeeping::store(records::LoginChange change, Stored done) {
    ask(Change{.change = std::move(change), .done = std::move(done)});
}

void LoginKeeping::audit(std::size_t limit, std::string cursor, Audited done) {
    ask(Question{.limit = limit, .cursor = std::move(cursor), .done = std::move(done)});
}

void LoginKeeping::ask(Job job) {
    bool is_stopping = false;
    {
        const std::lock_guard lock(mutex_);
        is_stopping = is_stopping_;
        if (!is_stopping && jobs_.size() < kQueueMax) {
            jobs_.push_back(std::move(job));
            has_work_.notify_one();
            return;
        }
    }
    const Error why{Errc::unavailable, is_stopping ? "the program is stopping"
                                                   : "too many changes of the login wait already; try again soon"};
    std::visit([&](auto& one) { one.done(tl::unexpected<Error>(why)); }, job);
}

void LoginKeeping::run() {
    // By the clock, not after a silence: who is asked without a pause must still hear of what was taken back.
    auto next_look = std::chrono::steady_clock::now() + look_every_;
    while (true) {
        std::optional<Job> job;
        {
            std::unique_lock lock(mutex_);
            (void)has_work_.wait_until(lock, next_look, [this] { return is_stopping_ || !jobs_.empty(); });
            if (!jobs_.empty()) {
                job.emplace(std::move(jobs_.front()));
                jobs_.pop_front();
            } else if (is_stopping_) {
                return;
            }
        }
        if (job) carry_out(*job);
        if (const auto now = std::chrono::steady_clock::now(); now >= next_look) {
            look();
            next_look = now + look_every_;
        }
    }
}

Result<void> LoginKeeping::store_now(const records::LoginChange& change) {
    if (auto there = connect(); !there) return there;
    if (auto stored = repository_->store(change); !stored) return stored;
    if (++changes_ % kShortenEvery == 0) {
        if (auto shortened = repository_->shorten_audit(); !shortened)
            obs::log_warning("login", shortened.error().what);
    }
    return {};
}

void LoginKeeping::carry_out(Job& job) {
    if (auto* question = std::get_if<Question>(&job)) {
        auto there = connect();
        question->done(there ? repository_->audit(question->limit, question->cursor)
                             : Result<records::AuditPage>(tl::unexpected<Error>(there.error())));
        return;
    }
    Change& change = std::get<Change>(job);
    change.done(store_now(change.change));
    look();
}

void LoginKeeping::look() {
    auto there = connect();
    auto revision = there ? repository_->revision() : Result<std::int64_t>(tl::unexpected<Error>(there.error()));
    if (revision && *revision == seen_) return;
    auto content =
        revision ? repository_->content() : Result<records::LoginContent>(tl::unexpected<Error>(revision.error()));
    if (!content) {
        if (!std::exchange(has_said_failure_, true))
            obs::log_warning("login", "who may log in cannot be read: " + content.error().what);
        return;
    }
    has_said_failure_ = false;
    seen_ = content->revision;
    replaced_(std::move(*content));
}

void LoginKeeping::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        has_work_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

}  // namespace vt::runtime
