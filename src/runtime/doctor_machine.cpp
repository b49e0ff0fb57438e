// What the doctor looks at on this machine.

#include "net/http_client.hpp"
#include "net/loop.hpp"
#include "runtime/doctor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vt::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFilesNeeded = 1024;
constexpr std::uint64_t kFreeBytesWanted = std::uint64_t{1} << 30U;

bool is_free(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return false;
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool is_bound = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    ::close(descriptor);
    return is_bound;
}

struct ListeningProcess {
    std::string id;
    std::string name;
};

std::string first_line(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

bool is_another_of_us(const ListeningProcess& one) {
    return one.name == first_line("/proc/self/comm") && one.id != std::to_string(::getpid());
}

/// The socket that listens on a port, as its file is called in /proc/PID/fd.
std::optional<std::string> listening_socket(std::uint16_t port) {
    constexpr std::string_view kListening = "0A";
    char wanted[8];
    std::snprintf(wanted, sizeof(wanted), ":%04X", port);
    for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream in(table);
        std::string line;
        while (std::getline(in, line)) {
            std::istringstream fields(line);
            std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
            fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
            if (state == kListening && local.ends_with(wanted)) return "socket:[" + inode + "]";
        }
    }
    return std::nullopt;
}

/// Who listens on a port; absent where it belongs to another user, into whose files we may not look.
std::optional<ListeningProcess> listening_process(std::uint16_t port) {
    const auto wanted = listening_socket(port);
    if (!wanted) return std::nullopt;
    std::error_code problem;
    for (const fs::directory_entry& process : fs::directory_iterator("/proc", problem)) {
        const std::string id = process.path().filename();
        if (id.find_first_not_of("0123456789") != std::string::npos) continue;
        for (fs::directory_iterator file(process.path() / "fd", problem), end; !problem && file != end;
             file.increment(problem)) {
            if (fs::read_symlink(file->path(), problem) == *wanted)
                return ListeningProcess{id, first_line(process.path() / "comm")};
            problem.clear();
        }
        problem.clear();
    }
    return std::nullopt;
}

bool answers_as_ours(std::uint16_t port) {
    net::Loop loop;
    std::optional<Result<net::HttpResponse>> answer;
    net::HttpClient client(loop, {});
    client.send({.url = "http://127.0.0.1:" + std::to_string(port) + "/health", .timeout = std::chrono::seconds{1}},
                [&](Result<net::HttpResponse> response) { answer = std::move(response); });
    (void)loop.run_until([&] { return answer.has_value(); }, std::chrono::milliseconds{1500});
    return answer && *answer && (*answer)->body.find("\"status\":") != std::string::npos;
}

Check check_port(std::string_view key, std::uint16_t port) {
    Check check{.subject = "machine", .name = std::string(key)};
    if (port == 0 || is_free(port)) {
        check.text = port == 0 ? "any free port" : "port " + std::to_string(port) + " is free";
        return check;
    }
    const auto listener = listening_process(port);
    if (listener ? is_another_of_us(*listener) : answers_as_ours(port)) {
        check.finding = Finding::note;
        check.text = "port " + std::to_string(port) + " is used by a running virtuoso";
        return check;
    }
    check.finding = Finding::failed;
    check.text = "port " + std::to_string(port) + " is used by " +
                 (listener ? listener->name + " (process " + listener->id + ")" : "another program");
    check.remedy = "stop that program, or set " + std::string(key) + " to another port";
    return check;
}

Check check_folder(const std::string& directory) {
    Check check{.subject = "machine", .name = "recordings"};
    if (directory.empty()) {
        check.finding = Finding::note;
        check.text = "nothing is recorded (recording.directory is empty)";
        return check;
    }
    std::error_code problem;
    fs::create_directories(directory, problem);
    const fs::path probe = fs::path(directory) / (".virtuoso-doctor-" + std::to_string(::getpid()));
    const bool is_written = static_cast<bool>(std::ofstream(probe) << "x" << std::flush);
    fs::remove(probe, problem);
    if (!is_written) {
        check.finding = Finding::failed;
        check.text = directory + " cannot be written";
        check.remedy = "give this user write access, or set recording.directory to another folder";
        return check;
    }
    const fs::space_info space = fs::space(directory, problem);
    check.text = directory + " can be written, " + std::to_string(space.available >> 20U) + " MB free";
    if (!problem && space.available < kFreeBytesWanted) {
        check.finding = Finding::warning;
        check.remedy = "free some space: a day of thirty symbols takes gigabytes";
    }
    return check;
}

Check check_files() {
    Check check{.subject = "machine", .name = "open files"};
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return check;
    check.text = "at most " + std::to_string(limit.rlim_cur) + " open files";
    if (limit.rlim_cur < kFilesNeeded) {
        check.finding = Finding::failed;
        check.remedy = "raise the limit to " + std::to_string(kFilesNeeded) + " or more (ulimit -n)";
    }
    return check;
}

}  // namespace

std::vector<Check> check_machine(const config::Config& config) {
    return {check_port("server.port", config.server.port),
            check_port("server.monitoring_port", config.server.monitoring_port),
            check_folder(config.recording.directory), check_files()};
}

}  // namespace vt::runtime
