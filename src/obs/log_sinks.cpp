#include "obs/log_sinks.hpp"

#include "base/json_writer.hpp"
#include "obs/log.hpp"

#include <fcntl.h>
#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>

namespace vt::obs {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v";

std::unique_ptr<spdlog::formatter> text_formatter() {
    return std::make_unique<spdlog::pattern_formatter>(kTextPattern, spdlog::pattern_time_type::utc);
}

std::string_view view_of(const spdlog::string_view_t& text) { return {text.data(), text.size()}; }

std::string utc_time(spdlog::log_clock::time_point at) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
    const std::time_t seconds = ms / 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    const std::string fraction = std::to_string(1000 + ms % 1000).substr(1);
    return std::string(text.data(), length) + "." + fraction + "Z";
}

/// One object to a line.
class JsonFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const std::string_view text = view_of(message.payload);
        const std::size_t colon = std::min(text.find(": "), text.size());
        const auto level = spdlog::level::to_string_view(message.level);
        JsonWriter line;
        line.begin_object().field("time", utc_time(message.time)).field("level", view_of(level));
        line.field("component", text.substr(0, colon));
        line.field("message", colon < text.size() ? text.substr(colon + 2) : std::string_view{}).end_object();
        out.append(line.text().data(), line.text().data() + line.text().size());
        out.push_back('\n');
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<JsonFormatter>();
    }
};

/// As sd-daemon(3) has it: the journal takes the priority off.
class JournalFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const char priority = message.level >= spdlog::level::err    ? '3'
                              : message.level >= spdlog::level::warn ? '4'
                              : message.level >= spdlog::level::info ? '6'
                                                                     : '7';
        const std::string_view text = view_of(message.payload);
        out.push_back('<');
        out.push_back(priority);
        out.push_back('>');
        out.append(text.data(), text.data() + text.size());
        out.push_back('\n');
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<JournalFormatter>();
    }
};

std::unique_ptr<spdlog::formatter> formatter_of(LogFormat format) {
    switch (format) {
        case LogFormat::text: return text_formatter();
        case LogFormat::json: return std::make_unique<JsonFormatter>();
        case LogFormat::journal: return std::make_unique<JournalFormatter>();
    }
    return text_formatter();
}

tl::unexpected<Error> cannot(const char* doing, const std::string& path, int cause) {
    return fail(Errc::io, "cannot " + std::string(doing) + " " + path + ": " +
                              std::generic_category().message(cause) + "; name another log.directory, or \"off\"");
}

/// The folders that this process holds. It has one log, which may be opened anew.
struct HeldFolders {
    std::mutex mutex;
    std::set<std::filesystem::path> folders;
};

HeldFolders& held_folders() {
    static HeldFolders held;
    return held;
}

/// Holds the folder for this process, as long as it lives: two that rotate one file would lose lines.
Result<void> hold_folder(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return cannot("create", folder, error.value());
    HeldFolders& held = held_folders();
    const std::scoped_lock only(held.mutex);
    const std::filesystem::path real = std::filesystem::weakly_canonical(folder, error);
    if (held.folders.contains(real)) return {};
    const std::string path = folder + "/virtuoso.lock";
    const int lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) return cannot("write to", path, errno);
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
        held.folders.insert(real);
        return {};  // the descriptor stays open: it is the lock
    }
    const int cause = errno;
    ::close(lock);
    if (cause != EWOULDBLOCK) return cannot("lock", path, cause);
    return fail(Errc::unavailable,
                "another process writes its log in " + folder +
                    ", so this one's goes to standard error only; give it a log.directory of its own");
}

spdlog::sink_ptr file_sink(const LogOutput& output, const char* name, spdlog::level::level_enum from) {
    spdlog::file_event_handlers private_files;
    private_files.after_open = [](const spdlog::filename_t& /*name*/, std::FILE* file) {
        (void)::fchmod(::fileno(file), 0600);
    };
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        output.folder + "/" + name, output.file_bytes_max, output.files_max, false, private_files);
    sink->set_level(from);
    sink->set_formatter(output.format == LogFormat::json ? formatter_of(LogFormat::json) : text_formatter());
    return sink;
}

}  // namespace

bool is_standard_error_the_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat state{};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &state) != 0) return false;
    return stream == std::to_string(state.st_dev) + ":" + std::to_string(state.st_ino);
}

Result<std::shared_ptr<spdlog::logger>> make_logger(bool color, const LogOutput& output) {
    auto to_error = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(color ? spdlog::color_mode::automatic
                                                                                : spdlog::color_mode::never);
    to_error->set_formatter(formatter_of(output.format));
    std::vector<spdlog::sink_ptr> sinks = {std::move(to_error)};
    if (!output.folder.empty()) {
        if (auto held = hold_folder(output.folder); !held) return tl::unexpected(held.error());
        try {
            sinks.push_back(file_sink(output, "virtuoso.log", spdlog::level::trace));
            sinks.push_back(file_sink(output, "error.log", spdlog::level::warn));
        } catch (const spdlog::spdlog_ex& error) {
            return fail(Errc::io, std::string(error.what()) + "; name another log.directory, or \"off\"");
        }
    }
    auto logger = std::make_shared<spdlog::logger>("virtuoso", sinks.begin(), sinks.end());
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    return logger;
}

}  // namespace vt::obs
