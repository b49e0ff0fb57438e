#include "obs/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

namespace vt::obs {

namespace {

std::map<std::string, std::string> as_map(const Labels& labels) { return {labels.begin(), labels.end()}; }

}  // namespace

struct Metrics::Impl {
    prometheus::Registry registry;
    std::mutex mutex;                                                                           // of what follows
    std::map<std::string, prometheus::Family<prometheus::Histogram>*, std::less<>> histograms;  // the registry's
};

void Counter::add(double amount) { counter_->Increment(amount); }

void Counter::advance_to(double total) {
    const double growth = total - counter_->Value();
    if (growth > 0) counter_->Increment(growth);
}

double Counter::value() const { return counter_->Value(); }

void Gauge::set(double value) { gauge_->Set(value); }

void Gauge::add(double amount) { gauge_->Increment(amount); }

double Gauge::value() const { return gauge_->Value(); }

void Histogram::observe(double value) { histogram_->Observe(value); }

std::optional<double> HistogramReading::quantile(double q) const {
    if (count == 0 || buckets.empty()) return std::nullopt;
    const double rank = q * static_cast<double>(count);
    double below_bound = 0;
    std::uint64_t below = 0;
    for (const auto& [bound, cumulative] : buckets) {
        if (static_cast<double>(cumulative) >= rank && cumulative > below) {
            const double share = (rank - static_cast<double>(below)) / static_cast<double>(cumulative - below);
            return below_bound + (bound - below_bound) * std::clamp(share, 0.0, 1.0);
        }
        below_bound = bound;
        below = cumulative;
    }
    return buckets.back().first;
}

std::vector<double> duration_bounds_seconds(double first_seconds, double last_seconds) {
    std::vector<double> bounds;
    for (double decade = first_seconds; decade < last_seconds / 2; decade *= 10) {
        for (const double step : {1.0, 1.5, 2.0, 3.0, 5.0, 7.0}) bounds.push_back(decade * step);
    }
    bounds.push_back(last_seconds);
    return bounds;
}

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::counter(MetricName name, const Labels& labels) {
    auto& family = prometheus::BuildCounter()
                       .Name(std::string(name.name))
                       .Help(std::string(name.help))
                       .Register(impl_->registry);
    return Counter(family.Add(as_map(labels)));
}

Gauge Metrics::gauge(MetricName name, const Labels& labels) {
    auto& family =
        prometheus::BuildGauge().Name(std::string(name.name)).Help(std::string(name.help)).Register(impl_->registry);
    return Gauge(family.Add(as_map(labels)));
}

Histogram Metrics::histogram(MetricName name, const std::vector<double>& upper_bounds, const Labels& labels) {
    auto& family = prometheus::BuildHistogram()
                       .Name(std::string(name.name))
                       .Help(std::string(name.help))
                       .Register(impl_->registry);
    {
        const std::scoped_lock lock(impl_->mutex);
        impl_->histograms.insert_or_assign(std::string(name.name), &family);
    }
    return Histogram(family.Add(as_map(labels), upper_bounds));
}

std::vector<HistogramReading> Metrics::histograms(std::string_view name) const {
    std::vector<prometheus::MetricFamily> families;
    {
        const std::scoped_lock lock(impl_->mutex);
        const auto found = impl_->histograms.find(name);
        if (found != impl_->histograms.end()) families = found->second->Collect();
    }
    std::vector<HistogramReading> readings;
    for (const prometheus::MetricFamily& family : families) {
        for (const prometheus::ClientMetric& metric : family.metric) {
            HistogramReading reading{.count = metric.histogram.sample_count, .sum = metric.histogram.sample_sum};
            for (const auto& label : metric.label) reading.labels.emplace_back(label.name, label.value);
            for (const auto& bucket : metric.histogram.bucket) {
                if (std::isfinite(bucket.upper_bound))
                    reading.buckets.emplace_back(bucket.upper_bound, bucket.cumulative_count);
            }
            readings.push_back(std::move(reading));
        }
    }
    std::ranges::sort(readings, {}, &HistogramReading::labels);
    return readings;
}

std::string Metrics::text() const {
    const prometheus::TextSerializer serializer;
    return serializer.Serialize(impl_->registry.Collect());
}

}  // namespace vt::obs
