#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace vt::runtime {

/// A file that turns the kill switch on by being there: for whoever can write it, without a login and whatever the
/// API does. Its removal turns nothing off.
struct KillFile {
    bool flattens = false;  ///< it begins with the word "flatten": every position is closed
    std::string reason;     ///< names the file, and what it says; at most 200 bytes
};
/// out: absent where there is none; one that cannot be read counts, too
[[nodiscard]] std::optional<KillFile> read_kill_file(const std::string& path);

/// Looks for it, with a thread of its own: neither a slow disk nor a slow database stands between it and the engine.
class KillFileWatch {
public:
    static constexpr std::chrono::milliseconds kLookEvery{250};
    /// Beside a file that stays, trading that goes on all the same is halted again so often.
    static constexpr std::chrono::seconds kPressAgainAfter{1};

    /// in: press: halts trading; is_halted: false only where it is known to go on. On the thread.
    KillFileWatch(std::string path, std::function<void(const KillFile&)> press, std::function<bool()> is_halted);
    ~KillFileWatch() { stop(); }
    KillFileWatch(const KillFileWatch&) = delete;
    KillFileWatch& operator=(const KillFileWatch&) = delete;

    void start();
    void stop();
    /// One look, at this instant: what the thread does again and again.
    void look(std::chrono::steady_clock::time_point now);

private:
    std::string path_;
    std::function<void(const KillFile&)> press_;
    std::function<bool()> is_halted_;
    std::optional<std::chrono::steady_clock::time_point> pressed_at_;  ///< absent: the file is not there
    std::mutex mutex_;                                                 // of what follows
    std::condition_variable stopping_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace vt::runtime
