#include "track_record/judged.hpp"

#include "base/assert.hpp"

namespace vt::track_record {

std::string_view name(Segment segment) {
    switch (segment) {
        case Segment::in_sample: return "in_sample";
        case Segment::out_of_sample: return "out_of_sample";
        case Segment::live: return "live";
        case Segment::paper: return "paper";
        case Segment::demo: return "demo";
        case Segment::reconstructed: return "reconstructed";
    }
    VT_ASSERT(false);
    return {};
}

std::string_view name(Barrier barrier) {
    switch (barrier) {
        case Barrier::none: return "none";
        case Barrier::target: return "target";
        case Barrier::stop: return "stop";
        case Barrier::expired: return "expired";
    }
    VT_ASSERT(false);
    return {};
}

}  // namespace vt::track_record
