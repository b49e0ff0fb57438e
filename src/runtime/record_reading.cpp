#include "runtime/record_reading.hpp"

#include "net/loop.hpp"
#include "runtime/named_thread.hpp"

#include <utility>

namespace vt::runtime {
namespace {

Error too_many() { return {Errc::unavailable, "too many wait for stored records already; try again in a moment"}; }

Error at_the_end() { return {Errc::unavailable, "the program is stopping"}; }

}  // namespace

RecordReading::RecordReading(records::DatabaseUrl url, Clock clock)
    : url_(std::move(url)), clock_(std::move(clock)), thread_(named_thread("reader", [this] { run(); })) {}

RecordReading::~RecordReading() { stop(); }

void RecordReading::enqueue(Question question) {
    bool is_stopping = false;
    {
        const std::lock_guard lock(mutex_);
        is_stopping = is_stopping_;
        if (!is_stopping && questions_.size() < kQueueMax) {
            questions_.push_back(std::move(question));
            has_work_.notify_one();
            return;
        }
    }
    question.refuse(is_stopping ? at_the_end() : too_many());
}

void RecordReading::run() {
    while (true) {
        Question next;
        {
            std::unique_lock lock(mutex_);
            has_work_.wait(lock, [this] { return is_stopping_ || !questions_.empty(); });
            if (is_stopping_) return;
            next = std::move(questions_.front());
            questions_.pop_front();
        }
        answer(next);
    }
}

Result<void> RecordReading::connect() {
    if (repository_) return {};
    if (failure_ && clock_() < retry_at_) return tl::unexpected<Error>(*failure_);
    auto database = records::open_database(url_);
    auto opened = database ? records::Repository::open(std::move(*database), net::wall_now())
                           : Result<records::Repository>(tl::unexpected<Error>(database.error()));
    if (!opened) {
        failure_ = std::move(opened.error());
        retry_at_ = clock_() + kPause;
        return tl::unexpected<Error>(*failure_);
    }
    failure_.reset();
    repository_ = std::move(*opened);
    return {};
}

void RecordReading::answer(const Question& question) {
    if (const Result<void> there = connect(); !there) {
        question.refuse(there.error());
        return;
    }
    question.answer(*repository_);
    if (!repository_->database().is_usable()) repository_.reset();
}

void RecordReading::stop() {
    std::deque<Question> left;
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        left.swap(questions_);
        has_work_.notify_one();
    }
    for (const Question& question : left) question.refuse(at_the_end());
    if (thread_.joinable()) thread_.join();
}

}  // namespace vt::runtime
