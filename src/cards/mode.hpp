#pragma once

#include <cstdint>

namespace vt::cards {

/// Which market and whose money a picture is of; every picture says so.
enum class Mode : std::uint8_t {
    demo,   ///< not real prices
    paper,  ///< real prices, no real money
    live,
};

}  // namespace vt::cards
