#pragma once

#include "base/time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vt::analysis {

/// The length of the window that a leaf looks back over. `h1` is used by cvd_divergence only and has no normaliser.
enum class Frame : std::uint8_t { m1, m5, m30, h1, h4 };
inline constexpr std::array<Frame, 5> kFrames = {Frame::m1, Frame::m5, Frame::m30, Frame::h1, Frame::h4};

[[nodiscard]] constexpr Nanos duration(Frame frame) {
    switch (frame) {
        case Frame::m1: return std::chrono::minutes{1};
        case Frame::m5: return std::chrono::minutes{5};
        case Frame::m30: return std::chrono::minutes{30};
        case Frame::h1: return std::chrono::hours{1};
        case Frame::h4: return std::chrono::hours{4};
    }
    return {};
}

[[nodiscard]] constexpr std::string_view name(Frame frame) {
    switch (frame) {
        case Frame::m1: return "1m";
        case Frame::m5: return "5m";
        case Frame::m30: return "30m";
        case Frame::h1: return "1h";
        case Frame::h4: return "4h";
    }
    return "unknown";
}

/// How the past of a value is kept to judge its present: one sample each `period`, aligned to 1970-01-01 00:00 UTC.
struct NormaliserPlan {
    Nanos period{};
    std::size_t n_kept = 0;  ///< samples in the ring
    std::size_t n_min = 0;   ///< below this the leaf is null; twice this is full coverage
};

[[nodiscard]] constexpr NormaliserPlan normaliser_plan(Frame frame) {
    switch (frame) {
        case Frame::m1: return {duration(frame), 1440, 60};
        case Frame::m5: return {duration(frame), 576, 36};
        case Frame::m30: return {duration(frame), 336, 24};
        case Frame::h1: return {duration(frame), 0, 0};
        case Frame::h4: return {duration(frame), 180, 18};
    }
    return {};
}

}  // namespace vt::analysis
