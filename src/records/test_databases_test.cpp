#include "records/test_databases.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace vt::records {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";

/// The server refuses to run as root; then it runs as the user that Debian's package made for it.
const passwd* unprivileged() { return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr; }

void become_unprivileged() {
    if (const passwd* user = unprivileged(); user != nullptr) {
        if (::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0) ::_exit(127);
    }
}

}  // namespace

TestFolder::TestFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "vt-records-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
}

TestFolder::~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

TestServer* TestServer::shared() {
    static const std::unique_ptr<TestServer> server = [] {
        std::unique_ptr<TestServer> made;
        if (!std::filesystem::exists(std::string(kPrograms) + "initdb")) return made;
        if (::geteuid() == 0 && unprivileged() == nullptr) return made;
        made.reset(new TestServer);
        if (!made->initialise() || !made->start()) throw std::runtime_error("the test's PostgreSQL does not start");
        return made;
    }();
    return server.get();
}

TestServer::~TestServer() { stop(); }

bool TestServer::run(const std::string& command) const {
    const pid_t child = ::fork();
    if (child == 0) {
        become_unprivileged();
        if (::chdir(folder_.path().c_str()) != 0) ::_exit(127);
        const int log = ::open((folder_.path() / "commands.log").c_str(), O_CREAT | O_APPEND | O_WRONLY, 0600);
        ::dup2(log, 1);
        ::dup2(log, 2);
        ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool TestServer::initialise() {
    if (const passwd* user = unprivileged(); user != nullptr) {
        if (::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0) return false;
    }
    return run(std::string("umask 077; echo ") + kPassword + " > password; " + kPrograms +
               "initdb -D data -U virtuoso --pwfile=password -A scram-sha-256 --no-sync --locale=C.UTF-8 -E UTF8");
}

bool TestServer::start() {
    process_ = ::fork();
    if (process_ == 0) {
        become_unprivileged();
        const int log = ::open((folder_.path() / "server.log").c_str(), O_CREAT | O_APPEND | O_WRONLY, 0600);
        ::dup2(log, 1);
        ::dup2(log, 2);
        const std::string data = (folder_.path() / "data").string();
        ::execl((std::string(kPrograms) + "postgres").c_str(), "postgres", "-D", data.c_str(), "-k",
                folder_.path().c_str(), "-c", "listen_addresses=", nullptr);
        ::_exit(127);
    }
    for (int i = 0; i < 600; ++i) {
        if (open_database({.backend = Backend::postgres, .conninfo = conninfo("postgres")})) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    return false;
}

void TestServer::stop(int how) {
    if (process_ <= 0) return;
    ::kill(process_, SIGCONT);
    ::kill(process_, how);
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = 0;
}

std::string TestServer::conninfo(const std::string& database, const std::string& password) const {
    return "host=" + folder_.path().string() + " user=virtuoso dbname=" + database + " password=" + password;
}

std::string TestServer::fresh_database() {
    const std::string name = "test" + std::to_string(++databases_);
    auto server = open_database({.backend = Backend::postgres, .conninfo = conninfo("postgres")});
    if (!server || !(*server)->run("CREATE DATABASE " + name)) throw std::runtime_error("cannot make a database");
    return name;
}

}  // namespace vt::records
