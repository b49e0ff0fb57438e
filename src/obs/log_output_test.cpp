#include "obs/log_output.hpp"

#include "obs/log.hpp"
#include "obs/log_sinks.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vt::obs {
namespace {

class LogOutputTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = std::filesystem::path(testing::TempDir()) /
                  ("log-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string file(const std::string& name) const {
        std::ostringstream out;
        out << std::ifstream(folder_ / name).rdbuf();
        return out.str();
    }
    /// What these lines make of standard error.
    static std::string said(const LogOutput& output) {
        testing::internal::CaptureStderr();
        const auto logger = make_logger(false, output);
        EXPECT_TRUE(logger) << logger.error().what;
        if (logger) {
            (*logger)->info("feed: it \"is\" up");
            (*logger)->warn("a.b: trouble: much");
            (*logger)->error("c: down");
            (*logger)->debug("d: x");
        }
        return testing::internal::GetCapturedStderr();
    }

    std::filesystem::path folder_;
};

}  // namespace

TEST_F(LogOutputTest, FilesHaveWhatIsSaidAndErrorsApart) {
    const std::string text = said({.folder = folder_});
    EXPECT_EQ(file("virtuoso.log"), text);
    EXPECT_NE(text.find("Z info feed: it \"is\" up\n"), std::string::npos) << text;
    const std::string errors = file("error.log");
    EXPECT_EQ(errors.find("info"), std::string::npos) << errors;
    EXPECT_NE(errors.find("Z warning a.b: trouble: much\n"), std::string::npos) << errors;
    EXPECT_NE(errors.find("Z error c: down\n"), std::string::npos) << errors;
    struct stat state{};
    ASSERT_EQ(::stat((folder_ / "virtuoso.log").c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777U, 0600U);
}

TEST_F(LogOutputTest, JsonLinesHaveTheirParts) {
    const std::string text = said({.format = LogFormat::json, .folder = folder_});
    EXPECT_EQ(file("virtuoso.log"), text);
    EXPECT_NE(text.find(R"(","level":"info","component":"feed","message":"it \"is\" up"})"), std::string::npos)
        << text;
    EXPECT_NE(text.find(R"("component":"a.b","message":"trouble: much"})"), std::string::npos) << text;
    EXPECT_TRUE(text.starts_with("{\"time\":\"20")) << text;
}

TEST_F(LogOutputTest, TheJournalIsToldThePriority) {
    EXPECT_EQ(said({.format = LogFormat::journal, .folder = {}}),
              "<6>feed: it \"is\" up\n<4>a.b: trouble: much\n<3>c: down\n<7>d: x\n");
    ::unsetenv("JOURNAL_STREAM");
    EXPECT_FALSE(is_standard_error_the_journal());
    struct stat state{};
    ASSERT_EQ(::fstat(2, &state), 0);
    ::setenv("JOURNAL_STREAM", (std::to_string(state.st_dev) + ":" + std::to_string(state.st_ino)).c_str(), 1);
    EXPECT_TRUE(is_standard_error_the_journal());
    ::setenv("JOURNAL_STREAM", "1:1", 1);
    EXPECT_FALSE(is_standard_error_the_journal());
    ::unsetenv("JOURNAL_STREAM");
}

TEST_F(LogOutputTest, FilesAreSetAsideAndTheOldestGo) {
    testing::internal::CaptureStderr();
    {
        const auto logger = make_logger(false, {.folder = folder_, .file_bytes_max = 1000, .files_max = 2});
        ASSERT_TRUE(logger);
        for (int i = 0; i < 100; ++i) (*logger)->info("x: " + std::string(90, 'y') + std::to_string(i));
    }
    (void)testing::internal::GetCapturedStderr();
    for (const char* name : {"virtuoso.log", "virtuoso.1.log", "virtuoso.2.log"}) {
        EXPECT_LE(std::filesystem::file_size(folder_ / name), 1000U) << name;
        EXPECT_GT(std::filesystem::file_size(folder_ / name), 0U) << name;
    }
    EXPECT_FALSE(std::filesystem::exists(folder_ / "virtuoso.3.log"));
    EXPECT_NE(file("virtuoso.log").find("y99\n"), std::string::npos);
}

TEST_F(LogOutputTest, AFolderThatCannotBeUsedIsNamedWithTheRemedy) {
    std::filesystem::create_directories(folder_);
    // Another process holds it by a descriptor of its own, as this one does here.
    const int held = ::open((folder_ / "virtuoso.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_EQ(::flock(held, LOCK_EX | LOCK_NB), 0);
    const auto second = make_logger(false, {.folder = folder_});
    ::close(held);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::unavailable);
    EXPECT_NE(second.error().what.find("another process writes its log in " + folder_.string()), std::string::npos);
    std::ofstream(folder_ / "file") << "x";
    const auto none = make_logger(false, {.folder = folder_ / "file"});
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().what.find("; name another log.directory, or \"off\""), std::string::npos);
}

TEST_F(LogOutputTest, TheSameProcessMayOpenItsFilesAnew) {
    for (const LogFormat format : {LogFormat::text, LogFormat::json}) {
        const auto logger = make_logger(false, {.format = format, .folder = folder_});
        ASSERT_TRUE(logger) << logger.error().what;
        (*logger)->info("part: said");
    }
    std::ifstream in(folder_ / "virtuoso.log");
    std::string first, second;
    std::getline(in, first);
    std::getline(in, second);
    EXPECT_NE(first.find("info part: said"), std::string::npos) << first;
    EXPECT_NE(second.find(R"("message":"said")"), std::string::npos) << second;
}

}  // namespace vt::obs
