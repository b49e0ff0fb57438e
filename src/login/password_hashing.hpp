#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "login/password.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace vt::login {

struct PasswordHashingParams {
    HashCost cost;
    std::size_t threads = 2;     ///< each takes the memory of one hash
    std::size_t queue_max = 16;  ///< a further one is told to come again
};

/// Hashes and compares passwords on threads of its own, which begin with the first question: 64 MiB and a tenth of a
/// second each are nobody's I/O.
class PasswordHashing {
public:
    using Hashed = std::function<void(Result<std::string> phc)>;
    using Compared = std::function<void(Result<bool> is_right)>;

    explicit PasswordHashing(PasswordHashingParams params = {});
    /// Those who wait are told unavailable.
    ~PasswordHashing();
    PasswordHashing(const PasswordHashing&) = delete;
    PasswordHashing& operator=(const PasswordHashing&) = delete;

    /// Any thread.
    ///   in:     done: called once, on one of the threads; with unavailable, at once, where too many wait
    ///   errors: unavailable
    void hash(Secret password, Hashed done);
    /// in: phc: empty: of nobody; takes as long, and the answer is no
    void compare(std::string phc, Secret password, Compared done);

private:
    struct Question {
        std::optional<std::string> phc;  ///< absent: hash
        Secret password;
        Hashed hashed;
        Compared compared;
    };
    void ask(Question question);
    void run();

    PasswordHashingParams params_;
    std::mutex mutex_;  // of what follows
    std::condition_variable has_work_;
    std::deque<Question> questions_;
    std::vector<std::thread> threads_;
    bool is_stopping_ = false;
};

}  // namespace vt::login
