// What the doctor looks at on this machine.

#include "net/http_client.hpp"
#include "net/loop.hpp"
#include "runtime/doctor.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

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

bool is_ours(std::uint16_t port) {
    net::Loop loop;
    std::optional<Result<net::HttpResponse>> answer;
    net::HttpClient client(loop, {});
    client.send({.url = "http://127.0.0.1:" + std::to_string(port) + "/health", .timeout = std::chrono::seconds{2}},
                [&](Result<net::HttpResponse> response) { answer = std::move(response); });
    (void)loop.run_until([&] { return answer.has_value(); }, std::chrono::seconds{3});
    return answer && *answer && (*answer)->body.find("\"status\":") != std::string::npos;
}

Check check_port(std::string_view key, std::uint16_t port) {
    Check check{.subject = "machine", .name = std::string(key)};
    if (port == 0 || is_free(port)) {
        check.text = port == 0 ? "any free port" : "port " + std::to_string(port) + " is free";
        return check;
    }
    if (is_ours(port)) {
        check.finding = Finding::note;
        check.text = "port " + std::to_string(port) + " is used by a running virtuoso";
        return check;
    }
    check.finding = Finding::failed;
    check.text = "port " + std::to_string(port) + " is used by another program";
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
