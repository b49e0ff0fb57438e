#pragma once

#include <cstddef>
#include <string_view>

namespace vt {

/// Levenshtein distance, for "did you mean": both texts are short names.
///   cost: O(a x b), one small allocation
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace vt
