#include "api/paint_times.hpp"

namespace vt::api {

void PaintTimes::published(std::uint64_t sequence, Timestamp newest_input) {
    if (!pictures_.empty() && pictures_.back().sequence == sequence) return;
    pictures_.push({sequence, newest_input});
}

std::optional<Nanos> PaintTimes::painted(Reader& reader, std::uint64_t sequence, std::uint64_t sent,
                                         Timestamp received) const {
    if (sequence <= reader.painted || sequence > sent) return std::nullopt;
    if (reader.measured_at && received - *reader.measured_at < kEvery) return std::nullopt;
    for (std::size_t i = pictures_.size(); i-- > 0;) {
        const Picture& picture = pictures_[i];
        if (picture.sequence != sequence) continue;
        if (received < picture.newest_input) return std::nullopt;  // the clock was set
        reader = {.painted = sequence, .measured_at = received};
        return received - picture.newest_input;
    }
    return std::nullopt;
}

}  // namespace vt::api
