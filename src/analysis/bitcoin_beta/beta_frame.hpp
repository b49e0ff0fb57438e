#pragma once

#include "analysis/coverage.hpp"
#include "analysis/frame.hpp"
#include "base/assert.hpp"

#include <array>
#include <cstddef>

namespace vt::analysis {

/// The bars over which betas are estimated, and how many of them make a window.
struct BetaFrame {
    Frame frame = Frame::m1;
    std::size_t window = 0;
    Input input = Input::beta_1m;  ///< how fast its estimates go stale
};
inline constexpr std::array kBetaFrames{
    BetaFrame{Frame::m1, 240, Input::beta_1m}, BetaFrame{Frame::m5, 288, Input::beta_5m},
    BetaFrame{Frame::m30, 336, Input::beta_30m}, BetaFrame{Frame::h4, 180, Input::beta_4h}};

/// The place of a frame in kBetaFrames. in: one of its frames
[[nodiscard]] constexpr std::size_t beta_index(Frame frame) {
    for (std::size_t i = 0; i < kBetaFrames.size(); ++i) {
        if (kBetaFrames[i].frame == frame) return i;
    }
    VT_ASSERT(false);
    return 0;
}

}  // namespace vt::analysis
