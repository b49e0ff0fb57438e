#pragma once

#include "base/result.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "runtime/question_thread.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace vt::runtime {

/// Answers questions about stored records, with a thread and a connection of its own: neither the API's thread nor
/// the keeper of records waits for a reader. A place that cannot be opened is left alone for kPause.
class RecordReading {
public:
    static constexpr std::chrono::seconds kPause{5};
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    explicit RecordReading(records::DatabaseUrl url, Clock clock = &std::chrono::steady_clock::now);

    /// Any thread; the rest as QuestionThread::ask.
    ///   errors: those of the question and of opening the database; unavailable
    template <class T>
    void ask(std::function<Result<T>(records::Repository&)> question, std::function<void(const Result<T>&)> done) {
        thread_.ask<T>(
            [this, question = std::move(question)]() -> Result<T> {
                if (Result<void> there = connect(); !there) return tl::unexpected<Error>(std::move(there.error()));
                Result<T> answer = question(*repository_);
                if (!repository_->database().is_usable()) repository_.reset();
                return answer;
            },
            std::move(done));
    }
    /// Those who wait are told unavailable.
    void stop() { thread_.stop(); }

private:
    [[nodiscard]] Result<void> connect();

    records::DatabaseUrl url_;
    Clock clock_;
    std::optional<records::Repository> repository_;  // of the thread
    std::optional<Error> failure_;                   // of the last try to open it
    std::chrono::steady_clock::time_point retry_at_{};
    QuestionThread thread_{"reader", "stored records"};  // the last: it ends first
};

}  // namespace vt::runtime
