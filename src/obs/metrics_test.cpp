#include "obs/metrics.hpp"

#include <gtest/gtest.h>

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

TEST(Metrics, AdvanceToNeverGoesBack) {
    Metrics metrics;
    Counter counter = metrics.counter({"b_total", "B"});
    counter.advance_to(10);
    counter.advance_to(4);
    EXPECT_EQ(counter.value(), 10);
}

}  // namespace
}  // namespace vt::obs
