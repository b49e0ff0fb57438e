#include "paper/outbox.hpp"

#include <algorithm>
#include <utility>

namespace vt::paper {

void Outbox::push(trading::Report report, Way way, Timestamp due) {
    if (entries_.size() >= kHeldMax) {
        const auto oldest = std::ranges::find(entries_, Way::stream, &Entry::way);
        if (oldest != entries_.end()) {
            entries_.erase(oldest);
            ++lost_;
        }
    }
    const auto place = std::ranges::upper_bound(entries_, due, {}, &Entry::due);
    entries_.insert(place, {due, way, std::move(report)});
}

std::vector<trading::Report> Outbox::take(Timestamp now) {
    std::vector<trading::Report> taken;
    if (entries_.empty() || entries_.front().due > now) return taken;
    auto kept = entries_.begin();
    for (Entry& entry : entries_) {
        const bool is_taken = entry.due <= now && !(is_stream_down_ && entry.way == Way::stream);
        if (is_taken) {
            taken.push_back(std::move(entry.report));
        } else {
            if (&*kept != &entry) *kept = std::move(entry);
            ++kept;
        }
    }
    entries_.erase(kept, entries_.end());
    return taken;
}

}  // namespace vt::paper
