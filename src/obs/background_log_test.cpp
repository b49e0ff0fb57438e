#include "obs/background_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace vt::obs {
namespace {

/// A reader that stands still until it is let go.
struct Reader {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_still = true;
    bool has_begun = false;
    std::vector<std::string> lines;

    void take(std::string_view line) {
        std::unique_lock lock(mutex);
        has_begun = true;
        changed.notify_all();
        changed.wait(lock, [this] { return !is_still; });
        lines.emplace_back(line);
        changed.notify_all();
    }
    void await_begin() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return has_begun; });
    }
    void go_on_until(std::size_t count) {
        std::unique_lock lock(mutex);
        is_still = false;
        changed.notify_all();
        changed.wait(lock, [&] { return lines.size() >= count; });
    }
};

TEST(BackgroundLog, AReaderThatStandsStillHoldsNobodyUpAndIsToldWhatIsLost) {
    const auto reader = std::make_shared<Reader>();
    std::chrono::nanoseconds longest{0};
    {
        BackgroundLog log([reader](LogLevel, auto, std::string_view line) { reader->take(line); });
        log_info("a", "0");
        reader->await_begin();  // it holds the first line, and the queue is empty
        for (int i = 1; i <= 10'000; ++i) {
            const auto begun = std::chrono::steady_clock::now();
            log_info("a", std::to_string(i));
            longest = std::max<std::chrono::nanoseconds>(longest, std::chrono::steady_clock::now() - begun);
        }
        EXPECT_EQ(log.lost(), 10'000 - BackgroundLog::kLinesMax);
        reader->go_on_until(BackgroundLog::kLinesMax + 2);
    }
    EXPECT_LT(longest, std::chrono::seconds{2});
    std::printf("the longest of 10,000 lines before a reader that stands still took %.3f ms\n",
                std::chrono::duration<double, std::milli>(longest).count());
    ASSERT_EQ(reader->lines.size(), BackgroundLog::kLinesMax + 2);
    for (std::size_t i = 0; i <= BackgroundLog::kLinesMax; ++i)
        EXPECT_EQ(reader->lines[i], "a: " + std::to_string(i));
    EXPECT_EQ(reader->lines.back(), "log: 5904 lines are lost: what reads standard error did not take them in time");
}

TEST(BackgroundLog, WritesWhatWaitsBeforeItEnds) {
    std::vector<std::string> lines;  // the writing thread's until the end
    {
        BackgroundLog log([&](LogLevel, auto, std::string_view line) { lines.emplace_back(line); });
        for (int i = 0; i < 100; ++i) log_warning("b", std::to_string(i));
    }
    ASSERT_EQ(lines.size(), 100U);
    EXPECT_EQ(lines.back(), "b: 99");
}

TEST(BackgroundLog, EndsThoughItsReaderNeverComesBack) {
    const auto reader = std::make_shared<Reader>();
    {
        BackgroundLog log([reader](LogLevel, auto, std::string_view line) { reader->take(line); });
        log_info("c", "1");
        reader->await_begin();
    }
    reader->go_on_until(1);  // so that its thread ends with this test
}

TEST(BackgroundLog, ATestStillSeesItsLines) {
    BackgroundLog log([](LogLevel, auto, std::string_view) { ADD_FAILURE() << "captured lines are not written"; });
    const LogCapture capture;
    log_error("d", "seen");
    ASSERT_EQ(capture.lines().size(), 1U);
}

}  // namespace
}  // namespace vt::obs
