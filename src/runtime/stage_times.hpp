#pragma once

#include "base/time.hpp"
#include "obs/metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace vt::runtime {

/// The stretches of the way from an exchange's bytes to a browser's socket, in their order.
enum class Stage : std::uint8_t {
    socket,   ///< from the stamp at the socket until the engine's thread takes the frame
    decode,   ///< the frame decoded and applied to books and tapes: a step in which no second became due
    score,    ///< the same where one did: all that is evaluated for it
    view,     ///< a picture of the market made of the engine's state
    publish,  ///< that picture written and handed to every socket that follows it
};
inline constexpr std::size_t kStages = 5;
[[nodiscard]] std::string_view name(Stage stage);

/// How long each stage takes, as `virtuoso_stage_seconds`. Measured around the core, which has no clock.
class StageTimes {
public:
    static constexpr std::string_view kName = "virtuoso_stage_seconds";

    explicit StageTimes(obs::Metrics& metrics);
    /// A time below zero (a clock that was set) counts as none. Any thread.
    void took(Stage stage, Nanos time);

private:
    std::vector<obs::Histogram> histograms_;  ///< by stage
};

}  // namespace vt::runtime
