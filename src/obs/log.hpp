#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vt::obs {

enum class LogLevel : std::uint8_t { debug, info, warning, error, off };

[[nodiscard]] std::string_view name(LogLevel level);

struct LogParams {
    LogLevel level = LogLevel::info;
    bool color = true;  ///< only where standard error is a terminal
};

/// What the environment asks for: DEBUG=1 lowers the level to debug, NO_COLOR (any value) turns colour off.
[[nodiscard]] LogParams log_params_from_environment();

/// Sets where and how log lines appear: standard error, one line each, `time level component: message`. Call once, at
/// start-up; until then the defaults above hold.
void configure_log(const LogParams& params);

/// One line of the log. Control characters (line ends, ESC) in either argument become `\xNN`, so that no name that
/// came from outside can forge a line or drive a terminal. Never pass secrets.
///   in:   component: the module or connection that speaks, "gateway", "net.http"
///   cost: one formatting and one write below the limit of the level, nothing otherwise; any thread
void log(LogLevel level, std::string_view component, std::string_view message);
void log_debug(std::string_view component, std::string_view message);
void log_info(std::string_view component, std::string_view message);
void log_warning(std::string_view component, std::string_view message);
void log_error(std::string_view component, std::string_view message);
[[nodiscard]] bool is_logged(LogLevel level);

struct LogLine {
    LogLevel level = LogLevel::info;
    std::string component;
    std::string message;
};

/// Takes every log line (all levels) of the process while it lives, instead of standard error. For tests: see
/// obs/fail_on_warning.hpp. At most one at a time; keeps the newest 10,000 lines.
class LogCapture {
public:
    LogCapture();
    ~LogCapture();
    LogCapture(const LogCapture&) = delete;
    LogCapture& operator=(const LogCapture&) = delete;

    [[nodiscard]] std::vector<LogLine> lines() const;
    /// The lines at `warning` and above, as "level component: message".
    [[nodiscard]] std::vector<std::string> warnings() const;
    void clear();

    struct Impl;

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace vt::obs
