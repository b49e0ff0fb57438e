#include "obs/metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vt::obs {
namespace {

TEST(Metrics, CountersGaugesAndHistogramsAreWrittenAsPrometheusText) {
    Metrics metrics;
    metrics.counter({"frames_total", "Frames received"}, {{"exchange", "bybit"}}).add(3);
    metrics.gauge({"age_seconds", "Age"}).set(1.5);
    Histogram histogram = metrics.histogram({"step_seconds", "Step"}, {0.1, 1});
    histogram.observe(0.05);
    histogram.observe(5);
    const std::string text = metrics.text();
    EXPECT_NE(text.find("# TYPE frames_total counter\nframes_total{exchange=\"bybit\"} 3\n"), std::string::npos)
        << text;
    EXPECT_NE(text.find("age_seconds 1.5\n"), std::string::npos) << text;
    EXPECT_NE(text.find("step_seconds_bucket{le=\"0.1\"} 1\n"), std::string::npos) << text;
    EXPECT_NE(text.find("step_seconds_bucket{le=\"+Inf\"} 2\n"), std::string::npos) << text;
}

TEST(Metrics, SameNameAndLabelsGiveTheSameSeries) {
    Metrics metrics;
    metrics.counter({"a_total", "A"}, {{"k", "v"}}).add();
    metrics.counter({"a_total", "A"}, {{"k", "v"}}).add();
    EXPECT_EQ(metrics.counter({"a_total", "A"}, {{"k", "v"}}).value(), 2);
    EXPECT_EQ(metrics.counter({"a_total", "A"}, {{"k", "w"}}).value(), 0);
}

TEST(Metrics, AHistogramIsReadBackWithItsQuantiles) {
    Metrics metrics;
    EXPECT_TRUE(metrics.histograms("step_seconds").empty());
    Histogram slow = metrics.histogram({"step_seconds", "Step"}, {1, 2, 4}, {{"stage", "slow"}});
    (void)metrics.histogram({"step_seconds", "Step"}, {1, 2, 4}, {{"stage", "idle"}});
    (void)metrics.histogram({"other_seconds", "Other"}, {1}, {});
    for (int i = 0; i < 10; ++i) slow.observe(1.5);
    for (int i = 0; i < 10; ++i) slow.observe(3);
    const auto readings = metrics.histograms("step_seconds");
    ASSERT_EQ(readings.size(), 2U);
    EXPECT_EQ(readings[0].labels, (Labels{{"stage", "idle"}}));
    EXPECT_EQ(readings[0].count, 0U);
    EXPECT_EQ(readings[0].quantile(0.5), std::nullopt);
    EXPECT_EQ(readings[1].count, 20U);
    EXPECT_DOUBLE_EQ(readings[1].sum, 45);
    EXPECT_DOUBLE_EQ(*readings[1].quantile(0.25), 1.5);
    EXPECT_DOUBLE_EQ(*readings[1].quantile(0.5), 2);
    EXPECT_DOUBLE_EQ(*readings[1].quantile(0.99), 2 + 2 * 0.98);
    slow.observe(100);
    EXPECT_DOUBLE_EQ(*metrics.histograms("step_seconds")[1].quantile(1), 4) << "beyond the last bound: that bound";
}

TEST(Metrics, AdvanceToNeverGoesBack) {
    Metrics metrics;
    Counter counter = metrics.counter({"b_total", "B"});
    counter.advance_to(10);
    counter.advance_to(4);
    EXPECT_EQ(counter.value(), 10);
}

TEST(Metrics, BoundsOfDurationsAscendToTheLast) {
    const std::vector<double> bounds = duration_bounds_seconds(1e-5, 1);
    EXPECT_DOUBLE_EQ(bounds.front(), 1e-5);
    EXPECT_DOUBLE_EQ(bounds[7], 1.5e-4);
    EXPECT_DOUBLE_EQ(bounds.back(), 1);
    EXPECT_EQ(bounds.size(), 31U);
    EXPECT_TRUE(std::is_sorted(bounds.begin(), bounds.end()));
    EXPECT_EQ(duration_bounds_seconds(1e-3, 10).size(), 25U);
}

}  // namespace
}  // namespace vt::obs
