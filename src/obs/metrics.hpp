#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace vt::obs {

/// Label names and values, e.g. {{"exchange", "bybit"}, {"stream", "depth"}}. Keep the set of values small and fixed.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// A number that only grows. A handle: copy freely, valid as long as its Metrics. Any thread.
class Counter {
public:
    void add(double amount = 1);
    /// Raises the counter to `total`, for modules that keep a plain counter of their own; a smaller total is ignored.
    void advance_to(double total);
    [[nodiscard]] double value() const;

private:
    friend class Metrics;
    explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
    prometheus::Counter* counter_;
};

/// A number that goes up and down. A handle, as Counter.
class Gauge {
public:
    void set(double value);
    void add(double amount);
    [[nodiscard]] double value() const;

private:
    friend class Metrics;
    explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}
    prometheus::Gauge* gauge_;
};

/// A distribution over fixed buckets. A handle, as Counter.
class Histogram {
public:
    void observe(double value);

private:
    friend class Metrics;
    explicit Histogram(prometheus::Histogram& histogram) : histogram_(&histogram) {}
    prometheus::Histogram* histogram_;
};

/// What a histogram has seen so far.
struct HistogramReading {
    Labels labels;
    std::uint64_t count = 0;
    double sum = 0;
    std::vector<std::pair<double, std::uint64_t>>
        buckets;  ///< upper bound, and how many at or below it; without +Inf

    /// The value at or below which a share `q` of what was seen lies, within its bucket by straight line; the last
    /// bound for what lies beyond it; absent where nothing was seen.
    [[nodiscard]] std::optional<double> quantile(double q) const;
};

/// What a series is called. Names follow Prometheus: snake_case, unit last, counters end in `_total`.
struct MetricName {
    std::string_view name;
    std::string_view help;
};

/// Bounds of a histogram of durations: 1, 1.5, 2, 3, 5, 7 of each decade, so that a quantile is read off to a third.
///   in: the first and the last bound; `last_seconds` is `first_seconds` times a power of ten
[[nodiscard]] std::vector<double> duration_bounds_seconds(double first_seconds, double last_seconds);

/// The registry of one process (or of one test): hands out series and writes them in Prometheus' text format. The
/// same name and labels give the same series. Any thread.
class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    [[nodiscard]] Counter counter(MetricName name, const Labels& labels = {});
    [[nodiscard]] Gauge gauge(MetricName name, const Labels& labels = {});
    /// in: upper_bounds: ascending; +Inf is added
    [[nodiscard]] Histogram histogram(MetricName name, const std::vector<double>& upper_bounds,
                                      const Labels& labels = {});
    /// Every histogram of this name, by its labels; empty: there is none.
    [[nodiscard]] std::vector<HistogramReading> histograms(std::string_view name) const;
    /// All series, text format 0.0.4 (content type `text/plain; version=0.0.4`).
    [[nodiscard]] std::string text() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vt::obs
