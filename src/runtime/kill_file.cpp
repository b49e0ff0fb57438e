#include "runtime/kill_file.hpp"

#include "runtime/named_thread.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace vt::runtime {
namespace {

constexpr std::size_t kReasonBytes = 200;

/// The first line of at most so many bytes; control characters are left out.
std::string first_line(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, kReasonBytes> bytes{};
    file.read(bytes.data(), bytes.size());
    std::string line;
    for (std::streamsize i = 0; i < file.gcount(); ++i) {
        const char c = bytes.at(static_cast<std::size_t>(i));
        if (c == '\n') break;
        if (static_cast<unsigned char>(c) >= 0x20) line.push_back(c);
    }
    return line;
}

}  // namespace

std::optional<KillFile> read_kill_file(const std::string& path) {
    std::error_code unknown;
    const auto status = std::filesystem::symlink_status(path, unknown);
    if (!std::filesystem::exists(status)) return std::nullopt;
    constexpr std::string_view kFlatten = "flatten";
    KillFile file{.reason = "the file " + path};
    if (!std::filesystem::is_regular_file(path, unknown)) {  // a pipe would be waited for
        file.reason.resize(std::min(file.reason.size(), kReasonBytes));
        return file;
    }
    const std::string line = first_line(path);
    file.flattens = line.starts_with(kFlatten);
    if (!line.empty()) file.reason += ": " + line;
    file.reason.resize(std::min(file.reason.size(), kReasonBytes));
    return file;
}

KillFileWatch::KillFileWatch(std::string path, std::function<void(const KillFile&)> press,
                             std::function<bool()> is_halted)
    : path_(std::move(path)), press_(std::move(press)), is_halted_(std::move(is_halted)) {}

void KillFileWatch::look(std::chrono::steady_clock::time_point now) {
    const auto file = read_kill_file(path_);
    if (!file) {
        pressed_at_.reset();
        return;
    }
    const bool is_new = !pressed_at_;
    if (!is_new && (now - *pressed_at_ < kPressAgainAfter || is_halted_())) return;
    pressed_at_ = now;
    press_(*file);
}

void KillFileWatch::start() {
    thread_ = named_thread("kill-file", [this] {
        std::unique_lock lock(mutex_);
        while (!is_stopping_) {
            lock.unlock();
            look(std::chrono::steady_clock::now());
            lock.lock();
            (void)stopping_.wait_for(lock, kLookEvery, [this] { return is_stopping_; });
        }
    });
}

void KillFileWatch::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    stopping_.notify_all();
    if (thread_.joinable()) thread_.join();
}

}  // namespace vt::runtime
