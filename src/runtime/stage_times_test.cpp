#include "runtime/stage_times.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace vt::runtime {

TEST(StageTimes, EachStageIsOneHistogramAndNoTimeIsNegative) {
    obs::Metrics metrics;
    StageTimes times(metrics);
    times.took(Stage::score, std::chrono::milliseconds{2});
    times.took(Stage::score, std::chrono::milliseconds{2});
    times.took(Stage::socket, Nanos{-5});
    const auto readings = metrics.histograms(StageTimes::kName);
    ASSERT_EQ(readings.size(), kStages);
    for (const obs::HistogramReading& reading : readings) {
        const std::string& stage = reading.labels.front().second;
        EXPECT_EQ(reading.count, stage == "score" ? 2U : stage == "socket" ? 1U : 0U) << stage;
        if (stage == "score") {
            EXPECT_NEAR(*reading.quantile(0.99), 0.002, 0.0005);
        }
        if (stage == "socket") {
            EXPECT_EQ(reading.sum, 0);
        }
    }
}

}  // namespace vt::runtime
