#include "history/progress_line.hpp"

#include <gtest/gtest.h>

namespace vt::history {
namespace {

std::vector<FetchProgress> three_series() {
    return {{.series = {.symbol = "BTCUSDT"}}, {.series = {.symbol = "ETHUSDT"}}, {.series = {.symbol = "XRPUSDT"}}};
}

TEST(ProgressLine, CountsEverySeriesFromTheFirstLookOn) {
    ProgressLine line(false);
    EXPECT_EQ(line.look(three_series(), ""), "0 %, 0 of 3 series, 0 rows\n");
}

TEST(ProgressLine, ASeriesThatHasNotBegunIsNotForgotten) {
    auto progress = three_series();
    progress[0].state = FetchState::done;
    progress[0].venue_rows = 1000;
    progress[1].state = FetchState::fetching;
    progress[1].wanted_ms = 1000;
    progress[1].left_ms = 250;
    progress[1].venue_rows = 50;
    EXPECT_EQ(progress_text(progress, ""), "58 %, 1 of 3 series, 1050 rows");
    progress[1].state = FetchState::failed;
    EXPECT_EQ(progress_text(progress, ""), "66 %, 2 of 3 series, 1050 rows");
    progress[2].state = FetchState::done;
    EXPECT_EQ(percent_done(progress), 100);
}

TEST(ProgressLine, SaysWhatTheRunWaitsFor) {
    EXPECT_EQ(progress_text(three_series(), "bybit 10006, again in 4 s"),
              "0 %, 0 of 3 series, 0 rows; bybit 10006, again in 4 s");
    EXPECT_EQ(progress_text(three_series(), std::string(500, 'x')),
              "0 %, 0 of 3 series, 0 rows; " + std::string(80, 'x'));
}

TEST(ProgressLine, OnATerminalOneLineIsWrittenOver) {
    ProgressLine line(true);
    auto progress = three_series();
    EXPECT_EQ(line.look(progress, ""), "\r[........................] 0 %, 0 of 3 series, 0 rows\x1b[K");
    progress[0].state = progress[1].state = FetchState::done;
    EXPECT_EQ(line.look(progress, ""), "\r[###############.........] 66 %, 2 of 3 series, 0 rows\x1b[K");
    EXPECT_EQ(line.clear(), "\r\x1b[K");
}

TEST(ProgressLine, ElsewhereItIsAPlainLineNowAndThen) {
    ProgressLine line(false);
    int lines = 0;
    for (int look = 0; look < 21; ++look) {
        const std::string text = line.look(three_series(), "");
        EXPECT_EQ(text.find('\r'), std::string::npos);
        EXPECT_EQ(text.find('\x1b'), std::string::npos);
        if (!text.empty()) ++lines;
    }
    EXPECT_EQ(lines, 3);
    EXPECT_EQ(line.clear(), "");
}

}  // namespace
}  // namespace vt::history
