#include "obs/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>

namespace vt::obs {

namespace {

std::map<std::string, std::string> as_map(const Labels& labels) { return {labels.begin(), labels.end()}; }

}  // namespace

struct Metrics::Impl {
    prometheus::Registry registry;
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
    return Histogram(family.Add(as_map(labels), upper_bounds));
}

std::string Metrics::text() const {
    const prometheus::TextSerializer serializer;
    return serializer.Serialize(impl_->registry.Collect());
}

}  // namespace vt::obs
