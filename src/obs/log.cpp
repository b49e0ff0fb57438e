#include "obs/log.hpp"

#include "base/assert.hpp"
#include "obs/background_log.hpp"
#include "obs/log_output.hpp"
#include "obs/log_sinks.hpp"
#include "obs/recent_lines.hpp"

#include <spdlog/logger.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>

namespace vt::obs {

struct LogCapture::Impl {
    static constexpr std::size_t kMaxLines = 10'000;
    mutable std::mutex mutex;
    std::deque<LogLine> lines;

    void add(LogLine line) {
        const std::scoped_lock lock(mutex);
        lines.push_back(std::move(line));
        if (lines.size() > kMaxLines) lines.pop_front();
    }
};

struct BackgroundLog::Impl {
    struct Line {
        LogLevel level = LogLevel::info;
        std::chrono::system_clock::time_point at;
        std::string text;
    };

    explicit Impl(Write given) : write(std::move(given)) {}

    void offer(LogLevel level, std::string text) {
        const std::scoped_lock lock(mutex);
        if (lines.size() >= kLinesMax) {
            ++lost;
            return;
        }
        lines.push_back({level, std::chrono::system_clock::now(), std::move(text)});
        wake.notify_one();
    }

    /// The writing thread, until the end.
    void work() {
        std::unique_lock lock(mutex);
        while (true) {
            wake.wait(lock, [this] { return is_ending || !lines.empty(); });
            if (lines.empty()) break;
            const Line line = std::move(lines.front());
            lines.pop_front();
            const std::uint64_t missing = lines.empty() ? lost - said_lost : 0;
            said_lost += missing;
            lock.unlock();
            write(line.level, line.at, line.text);
            if (missing > 0) {
                write(LogLevel::warning, std::chrono::system_clock::now(),
                      "log: " + std::to_string(missing) +
                          " lines are lost: what reads standard error did not take them in time");
            }
            lock.lock();
        }
        has_ended = true;
        ended.notify_all();
    }

    Write write;
    std::mutex mutex;  // of what follows
    std::condition_variable wake;
    std::condition_variable ended;
    std::deque<Line> lines;
    std::uint64_t lost = 0;
    std::uint64_t said_lost = 0;
    bool is_ending = false;
    bool has_ended = false;
};

namespace {

/// The process has one standard error, so it has one log; this is its state.
struct LogState {
    std::atomic<LogLevel> level{LogLevel::info};
    std::atomic<bool> is_captured{false};
    std::mutex mutex;  // guards what follows
    bool color = true;
    bool has_output = false;  ///< set_log_output() was called: the logger stays
    std::shared_ptr<spdlog::logger> logger;
    std::shared_ptr<LogCapture::Impl> capture;
    std::shared_ptr<BackgroundLog::Impl> background;
};

LogState& state() {
    static LogState instance;
    return instance;
}

/// The newest lines, for who asks the running program.
class RecentLines {
public:
    void add(LogLevel level, std::string component, std::string message) {
        if (message.size() > kRecentBytesMax) message.resize(whole_characters(message, kRecentBytesMax));
        const std::scoped_lock lock(mutex_);
        lines_.push_back(
            {++number_, std::chrono::system_clock::now(), level, std::move(component), std::move(message)});
        if (lines_.size() > kRecentLinesMax) lines_.pop_front();
    }
    [[nodiscard]] std::vector<RecentLine> page(const RecentQuery& query) const {
        const std::scoped_lock lock(mutex_);
        std::vector<RecentLine> found;
        for (auto line = lines_.rbegin(); line != lines_.rend() && found.size() < query.limit; ++line) {
            if (line->number < query.before && line->level >= query.least) found.push_back(*line);
        }
        return found;
    }

private:
    /// The longest part of UTF-8 that ends between two characters.
    static std::size_t whole_characters(std::string_view text, std::size_t bytes_max) {
        std::size_t size = bytes_max;
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
        return size;
    }

    mutable std::mutex mutex_;  // of what follows
    std::deque<RecentLine> lines_;
    std::uint64_t number_ = 0;
};

RecentLines& recent() {
    static RecentLines instance;
    return instance;
}

/// A logger to standard error alone; that cannot fail.
std::shared_ptr<spdlog::logger> plain_logger(bool color, LogFormat format) {
    return *make_logger(color, {.format = format, .folder = {}});
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
        case LogLevel::off: return spdlog::level::off;
    }
    return spdlog::level::err;
}

void append_hex(std::string& out, unsigned char byte) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += "\\x";
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
}

void append_printable(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte < 0x20 || byte == 0x7f) {
            append_hex(out, byte);
        } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // the C1 controls, in UTF-8
            append_hex(out, static_cast<unsigned char>(next));
            ++i;
        } else {
            out += text[i];
        }
    }
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    append_printable(out, text);
    return out;
}

void write_to_standard_error(LogLevel level, std::chrono::system_clock::time_point at, std::string_view line) {
    LogState& log_state = state();
    std::shared_ptr<spdlog::logger> logger;
    {
        const std::scoped_lock lock(log_state.mutex);
        if (!log_state.logger) log_state.logger = plain_logger(true, LogFormat::text);
        logger = log_state.logger;
    }
    logger->log(at, spdlog::source_loc{}, to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace

std::string_view name(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warning: return "warning";
        case LogLevel::error: return "error";
        case LogLevel::off: return "off";
    }
    return "off";
}

LogParams log_params_from_environment() {
    LogParams params;
    const char* debug = std::getenv("DEBUG");
    if (debug != nullptr && std::string_view(debug) == "1") params.level = LogLevel::debug;
    params.color = std::getenv("NO_COLOR") == nullptr;
    return params;
}

void configure_log(const LogParams& params) {
    LogState& log_state = state();
    const std::scoped_lock lock(log_state.mutex);
    log_state.level = params.level;
    log_state.color = params.color;
    if (!log_state.has_output) log_state.logger = plain_logger(params.color, LogFormat::text);
}

Result<void> set_log_output(const LogOutput& output) {
    LogState& log_state = state();
    const std::scoped_lock lock(log_state.mutex);
    auto logger = make_logger(log_state.color, output);
    log_state.has_output = true;
    if (logger) {
        log_state.logger = std::move(*logger);
        return {};
    }
    log_state.logger = plain_logger(log_state.color, output.format);
    return tl::unexpected(std::move(logger.error()));
}

bool is_logged(LogLevel level) {
    const LogState& log_state = state();
    if (level == LogLevel::off) return false;
    return log_state.is_captured || level >= log_state.level;
}

void log(LogLevel level, std::string_view component, std::string_view message) {
    if (!is_logged(level)) return;
    LogState& log_state = state();
    std::shared_ptr<LogCapture::Impl> capture;
    std::shared_ptr<BackgroundLog::Impl> background;
    {
        const std::scoped_lock lock(log_state.mutex);
        capture = log_state.capture;
        background = log_state.background;
    }
    if (level >= log_state.level) recent().add(level, printable(component), printable(message));
    if (capture) {
        capture->add({level, printable(component), printable(message)});
        return;
    }
    std::string line;
    line.reserve(component.size() + message.size() + 2);
    append_printable(line, component);
    line += ": ";
    append_printable(line, message);
    if (background) return background->offer(level, std::move(line));
    write_to_standard_error(level, std::chrono::system_clock::now(), line);
}

void log_debug(std::string_view component, std::string_view message) { log(LogLevel::debug, component, message); }
void log_info(std::string_view component, std::string_view message) { log(LogLevel::info, component, message); }
void log_warning(std::string_view component, std::string_view message) { log(LogLevel::warning, component, message); }
void log_error(std::string_view component, std::string_view message) { log(LogLevel::error, component, message); }

std::vector<RecentLine> recent_lines(const RecentQuery& query) { return recent().page(query); }

LogCapture::LogCapture() : impl_(std::make_shared<Impl>()) {
    LogState& log_state = state();
    const std::scoped_lock lock(log_state.mutex);
    VT_ASSERT(!log_state.capture);
    log_state.capture = impl_;
    log_state.is_captured = true;
}

LogCapture::~LogCapture() {
    LogState& log_state = state();
    const std::scoped_lock lock(log_state.mutex);
    log_state.capture.reset();
    log_state.is_captured = false;
}

std::vector<LogLine> LogCapture::lines() const {
    const std::scoped_lock lock(impl_->mutex);
    return {impl_->lines.begin(), impl_->lines.end()};
}

std::vector<std::string> LogCapture::warnings() const {
    std::vector<std::string> found;
    for (const LogLine& line : lines()) {
        if (line.level < LogLevel::warning) continue;
        found.push_back(std::string(name(line.level)) + " " + line.component + ": " + line.message);
    }
    return found;
}

void LogCapture::clear() {
    const std::scoped_lock lock(impl_->mutex);
    impl_->lines.clear();
}

BackgroundLog::BackgroundLog() : BackgroundLog(write_to_standard_error) {}

BackgroundLog::BackgroundLog(Write write) : impl_(std::make_shared<Impl>(std::move(write))) {
    LogState& log_state = state();
    const std::scoped_lock lock(log_state.mutex);
    VT_ASSERT(!log_state.background);
    log_state.background = impl_;
    // It may outlive this object, behind a reader that never comes back: so it is nobody's to wait for.
    std::thread([impl = impl_] { impl->work(); }).detach();
}

BackgroundLog::~BackgroundLog() {
    LogState& log_state = state();
    {
        const std::scoped_lock lock(log_state.mutex);
        log_state.background.reset();
    }
    std::unique_lock lock(impl_->mutex);
    impl_->is_ending = true;
    impl_->wake.notify_all();
    impl_->ended.wait_for(lock, kEndWait, [this] { return impl_->has_ended; });
}

std::uint64_t BackgroundLog::lost() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->lost;
}

std::uint64_t BackgroundLog::lost_now() {
    LogState& log_state = state();
    std::shared_ptr<Impl> background;
    {
        const std::scoped_lock lock(log_state.mutex);
        background = log_state.background;
    }
    if (!background) return 0;
    const std::scoped_lock lock(background->mutex);
    return background->lost;
}

}  // namespace vt::obs
