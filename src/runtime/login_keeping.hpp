#pragma once

#include "base/result.hpp"
#include "records/database_url.hpp"
#include "records/login_repository.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

namespace vt::runtime {

/// Keeps who may log in, with a thread and a connection of its own, and looks every now and then whether somebody
/// else changed it: `virtuoso user` and `virtuoso token` work on the database of the running program.
class LoginKeeping {
public:
    using Stored = std::function<void(Result<void>)>;
    using Audited = std::function<void(Result<records::AuditPage>)>;
    using Replaced = std::function<void(records::LoginContent)>;
    static constexpr std::size_t kQueueMax = 256;
    static constexpr std::int64_t kShortenEvery = 500;  ///< changes

    explicit LoginKeeping(records::DatabaseUrl url, std::chrono::milliseconds look_every = std::chrono::seconds{2});
    ~LoginKeeping();
    LoginKeeping(const LoginKeeping&) = delete;
    LoginKeeping& operator=(const LoginKeeping&) = delete;

    /// All that is stored. Before begin(), on the caller's thread.
    ///   errors: as records::LoginRepository
    [[nodiscard]] Result<records::LoginContent> read();
    /// Starts the thread. in: replaced: called on it with what is stored, whenever somebody else changed it, and once
    /// it can be read where read() failed
    void begin(Replaced replaced);
    /// Any thread.
    ///   in:     done: called once, on the keeping thread; with unavailable, at once, when kQueueMax others wait or
    ///           after stop()
    ///   errors: as records::LoginRepository; unavailable
    void store(records::LoginChange change, Stored done);
    void audit(std::size_t limit, std::string cursor, Audited done);
    /// What waits is stored first.
    void stop();

private:
    struct Change {
        records::LoginChange change;
        Stored done;
    };
    struct Question {
        std::size_t limit = 0;
        std::string cursor;
        Audited done;
    };
    using Job = std::variant<Change, Question>;
    void ask(Job job);
    void run();
    void carry_out(Job& job);
    void look();
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<void> store_now(const records::LoginChange& change);

    records::DatabaseUrl url_;
    std::chrono::milliseconds look_every_;
    Replaced replaced_;
    std::optional<records::LoginRepository> repository_;  // of the keeping thread, once it runs
    std::int64_t seen_ = 0;                               // the revision that was told
    std::int64_t changes_ = 0;
    bool has_said_failure_ = false;

    std::mutex mutex_;  // of what follows
    std::condition_variable has_work_;
    std::deque<Job> jobs_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace vt::runtime
