#include "runtime/stage_times.hpp"

#include <algorithm>

namespace vt::runtime {
namespace {

constexpr std::array<Stage, kStages> kAllStages = {Stage::socket, Stage::decode, Stage::score, Stage::view,
                                                   Stage::publish};

}  // namespace

std::string_view name(Stage stage) {
    switch (stage) {
        case Stage::socket: return "socket";
        case Stage::decode: return "decode";
        case Stage::score: return "score";
        case Stage::view: return "view";
        case Stage::publish: return "publish";
    }
    return "unknown";
}

StageTimes::StageTimes(obs::Metrics& metrics) {
    for (const Stage stage : kAllStages) {
        histograms_.push_back(
            metrics.histogram({kName,
                               "The way of a frame: socket (stamp to engine), decode (with its book), score, "
                               "view, publish (to every socket)"},
                              obs::duration_bounds_seconds(1e-6, 1), {{"stage", std::string(name(stage))}}));
    }
}

void StageTimes::took(Stage stage, Nanos time) {
    histograms_[static_cast<std::size_t>(stage)].observe(to_seconds(std::max(time, Nanos{0})));
}

}  // namespace vt::runtime
