#include "config/file_check.hpp"

#include "config/credentials.hpp"
#include "net/tls.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace vt::config {
namespace {

/// What is wrong with a file of authorities; empty: nothing.
std::string authorities_problem(const std::string& path) {
    struct stat state{};
    if (::stat(path.c_str(), &state) != 0)
        return "cannot be opened (" + std::generic_category().message(errno) + "); check the path";
    if (!S_ISREG(state.st_mode)) return "is not a file";
    if (!std::ifstream(path, std::ios::binary)) return "cannot be read by this user; run: chmod u+r " + path;
    if ((state.st_mode & S_IWOTH) != 0)
        return "may be changed by every user, who could then pass for the venue; run: chmod o-w " + path;
    if (const auto tls = net::TlsContext::client({.authorities_file = path}); !tls)
        return "holds no usable certificates: " + tls.error().what;
    return {};
}

}  // namespace

std::vector<std::string> file_problems(const Config& config, const std::map<std::string, std::string>& credentials) {
    std::vector<std::string> problems;
    const auto look = [&](std::string_view knob, const std::string& path) {
        if (path.empty()) return;
        if (const std::string problem = authorities_problem(path); !problem.empty())
            problems.push_back(std::string(knob) + ": " + path + " " + problem);
    };
    look("bybit.ca_file", config.bybit.ca_file);
    look("binance.ca_file", config.binance.ca_file);
    for (const CredentialVariables& variables : kCredentialVariables) {
        if (const auto read = read_credentials(variables.venue, credentials); !read)
            problems.push_back(read.error().what);
    }
    return problems;
}

}  // namespace vt::config
