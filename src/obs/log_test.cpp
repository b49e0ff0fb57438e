#include "obs/log.hpp"

#include "obs/fail_on_warning.hpp"

#include <gtest/gtest-spi.h>

#include <cstdlib>

namespace vt::obs {
namespace {

TEST(Log, CaptureSeesEveryLevel) {
    const LogCapture capture;
    log_debug("a", "one");
    log_error("b", "two");
    const auto lines = capture.lines();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].level, LogLevel::debug);
    EXPECT_EQ(lines[1].component, "b");
    EXPECT_EQ(lines[1].message, "two");
    EXPECT_EQ(capture.warnings(), std::vector<std::string>{"error b: two"});
}

TEST(Log, ControlCharactersCannotForgeALineOrDriveATerminal) {
    const LogCapture capture;
    log_info("feed\n",
             "symbol \x1b[2J\r\nerror fake: line \xc2\x9b"
             "31m \x7f caf\xc3\xa9");
    ASSERT_EQ(capture.lines().size(), 1U);
    EXPECT_EQ(capture.lines()[0].component, "feed\\x0a");
    EXPECT_EQ(capture.lines()[0].message, "symbol \\x1b[2J\\x0d\\x0aerror fake: line \\x9b31m \\x7f caf\xc3\xa9");
}

TEST(Log, LinesGoToStandardErrorFromTheConfiguredLevelUp) {
    configure_log({.level = LogLevel::warning, .color = false});
    testing::internal::CaptureStderr();
    log_info("x", "hidden");
    log_warning("x", "{} shown\n");
    const std::string text = testing::internal::GetCapturedStderr();
    configure_log({});
    EXPECT_EQ(text.find("hidden"), std::string::npos);
    EXPECT_NE(text.find("Z warning x: {} shown\\x0a\n"), std::string::npos) << text;
}

TEST(Log, EnvironmentChoosesDebugAndColour) {
    ::setenv("DEBUG", "1", 1);
    ::setenv("NO_COLOR", "", 1);
    EXPECT_EQ(log_params_from_environment().level, LogLevel::debug);
    EXPECT_FALSE(log_params_from_environment().color);
    ::unsetenv("DEBUG");
    ::unsetenv("NO_COLOR");
    EXPECT_EQ(log_params_from_environment().level, LogLevel::info);
    EXPECT_TRUE(log_params_from_environment().color);
}

TEST(Log, FailOnWarningFailsTheTestThatWarns) {
    EXPECT_NONFATAL_FAILURE(
        {
            FailOnWarning guard;
            log_warning("x", "trouble");
        },
        "unexpected log line: warning x: trouble");
    EXPECT_NONFATAL_FAILURE(
        {
            FailOnWarning guard;
            guard.expect("other");
        },
        "no warning with \"other\"");
}

TEST(Log, ExpectedWarningPasses) {
    FailOnWarning guard;
    log_info("x", "fine");
    log_warning("x", "trouble ahead");
    guard.expect("trouble");
}

}  // namespace
}  // namespace vt::obs
