#include "obs/log.hpp"

#include "base/assert.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <atomic>
#include <cstdlib>
#include <deque>
#include <mutex>

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

namespace {

/// The process has one standard error, so it has one log; this is its state.
struct LogState {
    std::atomic<LogLevel> level{LogLevel::info};
    std::atomic<bool> is_captured{false};
    std::mutex mutex;  // guards the two pointers
    std::shared_ptr<spdlog::logger> logger;
    std::shared_ptr<LogCapture::Impl> capture;
};

LogState& state() {
    static LogState instance;
    return instance;
}

std::shared_ptr<spdlog::logger> make_logger(bool color) {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(color ? spdlog::color_mode::automatic
                                                                            : spdlog::color_mode::never);
    auto logger = std::make_shared<spdlog::logger>("virtuoso", std::move(sink));
    logger->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
                                                                      spdlog::pattern_time_type::utc));
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    return logger;
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
    auto logger = make_logger(params.color);
    LogState& log_state = state();
    const std::scoped_lock lock(log_state.mutex);
    log_state.level = params.level;
    log_state.logger = std::move(logger);
}

bool is_logged(LogLevel level) {
    const LogState& log_state = state();
    if (level == LogLevel::off) return false;
    return log_state.is_captured || level >= log_state.level;
}

void log(LogLevel level, std::string_view component, std::string_view message) {
    if (!is_logged(level)) return;
    LogState& log_state = state();
    std::shared_ptr<spdlog::logger> logger;
    std::shared_ptr<LogCapture::Impl> capture;
    {
        const std::scoped_lock lock(log_state.mutex);
        if (!log_state.logger) log_state.logger = make_logger(true);
        logger = log_state.logger;
        capture = log_state.capture;
    }
    if (capture) {
        capture->add({level, printable(component), printable(message)});
        return;
    }
    std::string line;
    line.reserve(component.size() + message.size() + 2);
    append_printable(line, component);
    line += ": ";
    append_printable(line, message);
    logger->log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

void log_debug(std::string_view component, std::string_view message) { log(LogLevel::debug, component, message); }
void log_info(std::string_view component, std::string_view message) { log(LogLevel::info, component, message); }
void log_warning(std::string_view component, std::string_view message) { log(LogLevel::warning, component, message); }
void log_error(std::string_view component, std::string_view message) { log(LogLevel::error, component, message); }

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

}  // namespace vt::obs
