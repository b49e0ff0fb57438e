#include "history/ranges.hpp"

#include <algorithm>

namespace vt::history {

void add(Ranges& ranges, TimeRange range) {
    if (range.empty()) return;
    const auto ends_before = [](const TimeRange& one, std::int64_t at) { return one.to_ms < at; };
    const auto first = std::lower_bound(ranges.begin(), ranges.end(), range.from_ms, ends_before);
    auto last = first;
    while (last != ranges.end() && last->from_ms <= range.to_ms) {
        range.from_ms = std::min(range.from_ms, last->from_ms);
        range.to_ms = std::max(range.to_ms, last->to_ms);
        ++last;
    }
    ranges.insert(ranges.erase(first, last), range);
}

Ranges missing_from(TimeRange whole, const Ranges& ranges) {
    Ranges missing;
    std::int64_t at = whole.from_ms;
    for (const TimeRange& range : ranges) {
        if (range.to_ms <= at) continue;
        if (range.from_ms >= whole.to_ms) break;
        if (range.from_ms > at) missing.push_back({at, range.from_ms});
        at = range.to_ms;
    }
    if (at < whole.to_ms) missing.push_back({at, whole.to_ms});
    return missing;
}

bool contains(const Ranges& ranges, TimeRange range) { return missing_from(range, ranges).empty(); }

std::int64_t total_ms(const Ranges& ranges) {
    std::int64_t sum = 0;
    for (const TimeRange& range : ranges) sum += range.to_ms - range.from_ms;
    return sum;
}

}  // namespace vt::history
