#pragma once

// The real databases that the tests of this module run on.

#include "records/database_url.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

namespace vt::records {

/// A folder of its own, removed with its content at the end.
class TestFolder {
public:
    TestFolder();
    ~TestFolder();
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// A PostgreSQL server of this test program: made by initdb with a password, on a socket in a folder of its own and
/// on no network, run as an unprivileged user, stopped by its process id.
class TestServer {
public:
    /// Null where Debian's postgresql-15 is not installed.
    [[nodiscard]] static TestServer* shared();
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    /// An empty database of a fresh name.
    [[nodiscard]] std::string fresh_database();
    [[nodiscard]] std::string conninfo(const std::string& database, const std::string& password = kPassword) const;
    [[nodiscard]] int process_id() const { return process_; }
    /// in: how: SIGINT ends it in order, SIGQUIT as a crash does
    void stop(int how = SIGINT);
    [[nodiscard]] bool start();

    static constexpr const char* kPassword = "correct-horse";

private:
    TestServer() = default;
    [[nodiscard]] bool initialise();
    [[nodiscard]] bool run(const std::string& command) const;

    TestFolder folder_;
    int process_ = 0;
    int databases_ = 0;
};

/// What a typed test opens: an empty database of this backend, and the same again.
struct OnSqlite {
    static constexpr Backend kBackend = Backend::sqlite;
    TestFolder folder;
    static bool is_there() { return true; }
    DatabaseUrl url{.backend = Backend::sqlite, .path = (folder.path() / "records.db").string()};
};

struct OnPostgres {
    static constexpr Backend kBackend = Backend::postgres;
    static bool is_there() { return TestServer::shared() != nullptr; }
    DatabaseUrl url{
        .backend = Backend::postgres,
        .conninfo = is_there() ? TestServer::shared()->conninfo(TestServer::shared()->fresh_database()) : ""};
};

}  // namespace vt::records
