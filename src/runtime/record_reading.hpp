#pragma once

#include "base/result.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace vt::runtime {

/// Answers questions about stored records, with a thread and a connection of its own: neither the API's thread nor
/// the keeper of records waits for a reader. A place that cannot be opened is left alone for kPause.
class RecordReading {
public:
    static constexpr std::size_t kQueueMax = 64;
    static constexpr std::chrono::seconds kPause{5};
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    explicit RecordReading(records::DatabaseUrl url, Clock clock = &std::chrono::steady_clock::now);
    ~RecordReading();
    RecordReading(const RecordReading&) = delete;
    RecordReading& operator=(const RecordReading&) = delete;

    /// Any thread.
    ///   in:     question: what is asked, on the reading thread; done: called once, on the reading thread; with
    ///           unavailable, at once, when kQueueMax others wait or after stop()
    ///   errors: those of the question; unavailable
    template <class T>
    void ask(std::function<Result<T>(records::Repository&)> question, std::function<void(const Result<T>&)> done) {
        enqueue({.answer = [question = std::move(question),
                            done](records::Repository& repository) { done(question(repository)); },
                 .refuse = [done](const Error& why) { done(tl::unexpected<Error>(why)); }});
    }
    /// Those who wait are told unavailable.
    void stop();

private:
    struct Question {
        std::function<void(records::Repository&)> answer;
        std::function<void(const Error&)> refuse;
    };
    void enqueue(Question question);
    void run();
    void answer(const Question& question);
    [[nodiscard]] Result<void> connect();

    records::DatabaseUrl url_;
    Clock clock_;
    std::optional<records::Repository> repository_;  // of the reading thread
    std::optional<Error> failure_;                   // of the last try to open it
    std::chrono::steady_clock::time_point retry_at_{};

    std::mutex mutex_;  // of what follows
    std::condition_variable has_work_;
    std::deque<Question> questions_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace vt::runtime
