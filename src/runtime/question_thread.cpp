#include "runtime/question_thread.hpp"

#include "runtime/named_thread.hpp"

#include <utility>

namespace vt::runtime {
namespace {

Error at_the_end() { return {Errc::unavailable, "the program is stopping"}; }

}  // namespace

QuestionThread::QuestionThread(const char* name, std::string about)
    : about_(std::move(about)), thread_(named_thread(name, [this] { run(); })) {}

QuestionThread::~QuestionThread() { stop(); }

void QuestionThread::enqueue(Question question) {
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
    question.refuse(
        is_stopping ? at_the_end()
                    : Error{Errc::unavailable, "too many wait for " + about_ + " already; try again in a moment"});
}

void QuestionThread::run() {
    while (true) {
        Question next;
        {
            std::unique_lock lock(mutex_);
            has_work_.wait(lock, [this] { return is_stopping_ || !questions_.empty(); });
            if (is_stopping_) return;
            next = std::move(questions_.front());
            questions_.pop_front();
        }
        next.answer();
    }
}

void QuestionThread::stop() {
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
