#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vt {

/// Where two texts begin to differ.
struct TextDifference {
    std::size_t at = 0;      ///< byte, from 0
    std::string kept, made;  ///< what stands there, with a little before it
};

/// out:  absent: they are equal, byte for byte
/// cost: O(the shorter)
[[nodiscard]] std::optional<TextDifference> first_difference(std::string_view kept, std::string_view made);

}  // namespace vt
