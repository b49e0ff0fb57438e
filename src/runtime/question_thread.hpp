#pragma once

#include "base/result.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace vt::runtime {

/// Answers questions that take time, one after the other, on a thread of its own: whoever asks does not wait.
class QuestionThread {
public:
    static constexpr std::size_t kQueueMax = 64;

    /// in: name: of the thread, at most 15 characters; about: what is asked for, for those who are refused: "stored
    ///     records"
    QuestionThread(const char* name, std::string about);
    ~QuestionThread();
    QuestionThread(const QuestionThread&) = delete;
    QuestionThread& operator=(const QuestionThread&) = delete;

    /// Any thread.
    ///   in:     question: what is asked, on the thread; done: called once, on the thread; with unavailable, at once,
    ///           when kQueueMax others wait or after stop()
    ///   errors: those of the question; unavailable
    template <class T>
    void ask(std::function<Result<T>()> question, std::function<void(const Result<T>&)> done) {
        enqueue({.answer = [question = std::move(question), done] { done(question()); },
                 .refuse = [done](const Error& why) { done(tl::unexpected<Error>(why)); }});
    }
    /// Those who wait are told unavailable.
    void stop();

private:
    struct Question {
        std::function<void()> answer;
        std::function<void(const Error&)> refuse;
    };
    void enqueue(Question question);
    void run();

    std::string about_;
    std::mutex mutex_;  // of what follows
    std::condition_variable has_work_;
    std::deque<Question> questions_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace vt::runtime
