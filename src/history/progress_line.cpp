#include "history/progress_line.hpp"

#include <algorithm>

namespace vt::history {
namespace {

bool is_over(const FetchProgress& one) { return one.state == FetchState::done || one.state == FetchState::failed; }

double share_done(const FetchProgress& one) {
    if (is_over(one)) return 1;
    if (one.state != FetchState::fetching || one.wanted_ms <= 0) return 0;
    return static_cast<double>(one.wanted_ms - one.left_ms) / static_cast<double>(one.wanted_ms);
}

}  // namespace

int percent_done(std::span<const FetchProgress> progress) {
    if (progress.empty()) return 100;
    double sum = 0;
    for (const FetchProgress& one : progress) sum += share_done(one);
    return static_cast<int>(100 * sum / static_cast<double>(progress.size()));
}

std::string progress_text(std::span<const FetchProgress> progress, std::string_view waiting_for) {
    constexpr std::size_t kShown = 80;
    std::uint64_t rows = 0;
    for (const FetchProgress& one : progress) rows += one.venue_rows;
    std::string text = std::to_string(percent_done(progress)) + " %, " +
                       std::to_string(std::count_if(progress.begin(), progress.end(), is_over)) + " of " +
                       std::to_string(progress.size()) + " series, " + std::to_string(rows) + " rows";
    if (!waiting_for.empty()) text.append("; ").append(waiting_for.substr(0, kShown));
    return text;
}

std::string ProgressLine::look(std::span<const FetchProgress> progress, std::string_view waiting_for) {
    constexpr std::size_t kBar = 24;
    constexpr std::uint64_t kPlainEvery = 10;
    const bool is_due = is_terminal_ || looks_ % kPlainEvery == 0;
    ++looks_;
    if (!is_due) return {};
    const std::string text = progress_text(progress, waiting_for);
    if (!is_terminal_) return text + "\n";
    const std::size_t filled = kBar * static_cast<std::size_t>(percent_done(progress)) / 100;
    return "\r[" + std::string(filled, '#') + std::string(kBar - filled, '.') + "] " + text + "\x1b[K";
}

}  // namespace vt::history
