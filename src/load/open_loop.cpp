#include "load/open_loop.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::load {

void Latencies::add(Nanos taken) {
    histogram_.add(taken);
    longest_ = std::max(longest_, taken);
}

void Latencies::add(const Latencies& other) {
    histogram_.add(other.histogram_);
    longest_ = std::max(longest_, other.longest_);
}

std::optional<Nanos> Latencies::percentile(double part) const {
    const auto upper_end = histogram_.percentile(part);
    return upper_end ? std::optional(std::min(*upper_end, longest_)) : std::nullopt;
}

std::optional<Nanos> Latencies::longest() const {
    return longest_ < Nanos{0} ? std::nullopt : std::optional(longest_);
}

std::uint64_t request_count(const Plan& plan) {
    return static_cast<std::uint64_t>(std::llround(plan.rate_per_second * to_seconds(plan.length)));
}

Nanos planned_at(const Plan& plan, std::uint64_t number) {
    return Nanos{std::llround(static_cast<double>(number) * 1e9 / plan.rate_per_second)};
}

std::string_view name(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_sent: return "not sent";
        case ErrorKind::no_connection: return "no connection";
        case ErrorKind::timeout: return "timeout";
        case ErrorKind::malformed: return "malformed";
        case ErrorKind::status: return "status";
    }
    return "status";
}

std::uint64_t Figures::error_count() const {
    std::uint64_t total = 0;
    for (const auto& [kind, count] : errors) total += count;
    return total;
}

OpenLoop::OpenLoop(Plan plan) : plan_(std::move(plan)), count_(request_count(plan_)) {
    VT_ASSERT(!plan_.paths.empty() && plan_.rate_per_second > 0 && plan_.connections > 0);
    for (const std::string& path : plan_.paths) figures_.push_back({.path = path});
    for (std::size_t i = 0; i < figures_.size(); ++i)
        figures_[i].planned = count_ / figures_.size() + (i < count_ % figures_.size() ? 1 : 0);
}

std::optional<OpenLoop::Request> OpenLoop::take(Nanos now) {
    for (; next_ < count_; ++next_) {
        const Nanos planned = planned_at(plan_, next_);
        if (planned > now) return std::nullopt;
        const auto path = static_cast<std::size_t>(next_ % plan_.paths.size());
        if (now - planned < plan_.timeout) {
            if (under_way_ == plan_.connections) return std::nullopt;
            ++under_way_;
            return Request{.number = next_++, .path = path, .planned = planned, .sent = now};
        }
        ++figures_[path].errors[std::string(name(ErrorKind::not_sent))];
        taken_ = std::max(taken_, now);
    }
    return std::nullopt;
}

void OpenLoop::ended(const Request& request, Nanos now, const Ending& ending) {
    VT_ASSERT(under_way_ > 0);
    --under_way_;
    taken_ = std::max(taken_, now);
    Figures& figures = figures_[request.path];
    if (ending.error) {
        std::string kind(name(*ending.error));
        if (*ending.error == ErrorKind::status) kind += " " + std::to_string(ending.status);
        ++figures.errors[kind];
    } else {
        ++figures.answered;
        figures.bytes += ending.bytes;
    }
    if (ending.status == 0) return;  // how long no answer took says nothing
    figures.corrected.add(now - request.planned);
    figures.uncorrected.add(now - request.sent);
}

std::optional<Nanos> OpenLoop::next_due(Nanos now) const {
    // What is due already waits for a connection: an ending, not a time, lets it go.
    auto number = next_;
    const auto passed = static_cast<std::uint64_t>(
        std::max(0.0, std::ceil(static_cast<double>(now.count()) * 1e-9 * plan_.rate_per_second)));
    number = std::max(number, passed > 0 ? passed - 1 : 0);
    while (number < count_ && planned_at(plan_, number) <= now) ++number;
    if (number >= count_) return std::nullopt;
    return planned_at(plan_, number);
}

Figures sum_of(const std::vector<Figures>& figures) {
    Figures all{.path = "all"};
    for (const Figures& each : figures) {
        all.planned += each.planned;
        all.answered += each.answered;
        all.bytes += each.bytes;
        for (const auto& [kind, count] : each.errors) all.errors[kind] += count;
        all.corrected.add(each.corrected);
        all.uncorrected.add(each.uncorrected);
    }
    return all;
}

}  // namespace vt::load
