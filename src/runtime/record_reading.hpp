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
    using Done = std::function<void(const Result<records::ScorePage>&)>;
    static constexpr std::size_t kQueueMax = 64;
    static constexpr std::chrono::seconds kPause{5};
    using Clock = std::function<std::chrono::steady_clock::time_point()>;

    explicit RecordReading(records::DatabaseUrl url, Clock clock = &std::chrono::steady_clock::now);
    ~RecordReading();
    RecordReading(const RecordReading&) = delete;
    RecordReading& operator=(const RecordReading&) = delete;

    /// Any thread.
    ///   in:     done: called once, on the reading thread; with unavailable, at once, when kQueueMax others wait or
    ///           after stop()
    ///   errors: as Repository::scores; unavailable
    void ask(records::ScoreQuery query, Done done);
    /// Those who wait are told unavailable.
    void stop();

private:
    struct Question {
        records::ScoreQuery query;
        Done done;
    };
    void run();
    [[nodiscard]] Result<records::ScorePage> answer(const records::ScoreQuery& query);
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
