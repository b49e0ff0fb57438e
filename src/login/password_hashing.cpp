#include "login/password_hashing.hpp"

#include <utility>

namespace vt::login {
namespace {

template <class Question>
void tell(const Question& question, const Error& error) {
    if (question.phc) {
        question.compared(tl::unexpected<Error>(error));
    } else {
        question.hashed(tl::unexpected<Error>(error));
    }
}

}  // namespace

PasswordHashing::PasswordHashing(PasswordHashingParams params) : params_(params) {}

PasswordHashing::~PasswordHashing() {
    std::deque<Question> left;
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        left.swap(questions_);
        has_work_.notify_all();
    }
    for (const Question& question : left) tell(question, {Errc::unavailable, "the program is stopping"});
    for (std::thread& thread : threads_) thread.join();
}

void PasswordHashing::hash(Secret password, Hashed done) {
    ask({.phc = std::nullopt, .password = std::move(password), .hashed = std::move(done), .compared = {}});
}

void PasswordHashing::compare(std::string phc, Secret password, Compared done) {
    ask({.phc = std::move(phc), .password = std::move(password), .hashed = {}, .compared = std::move(done)});
}

void PasswordHashing::ask(Question question) {
    {
        const std::lock_guard lock(mutex_);
        if (!is_stopping_ && questions_.size() < params_.queue_max) {
            if (threads_.size() < params_.threads) threads_.emplace_back([this] { run(); });
            questions_.push_back(std::move(question));
            has_work_.notify_one();
            return;
        }
    }
    tell(question, {Errc::unavailable, "too many passwords are being checked already; try again in a moment"});
}

void PasswordHashing::run() {
    while (true) {
        Question next;
        {
            std::unique_lock lock(mutex_);
            has_work_.wait(lock, [this] { return is_stopping_ || !questions_.empty(); });
            if (is_stopping_) return;
            next = std::move(questions_.front());
            questions_.pop_front();
        }
        if (!next.phc) {
            next.hashed(hash_password(next.password.reveal(), params_.cost));
            continue;
        }
        const bool is_somebody = !next.phc->empty();
        const bool fits = verify_password(is_somebody ? *next.phc : nobody(params_.cost), next.password.reveal());
        next.compared(is_somebody && fits);
    }
}

}  // namespace vt::login
