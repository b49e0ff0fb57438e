#include "base/text_difference.hpp"

#include <algorithm>

namespace vt {
namespace {

constexpr std::size_t kShownBefore = 24;  ///< bytes of a difference's surroundings
constexpr std::size_t kShown = 80;

}  // namespace

std::optional<TextDifference> first_difference(std::string_view kept, std::string_view made) {
    const auto [one, other] = std::mismatch(kept.begin(), kept.end(), made.begin(), made.end());
    if (one == kept.end() && other == made.end()) return std::nullopt;
    const auto at = static_cast<std::size_t>(one - kept.begin());
    const std::size_t from = at - std::min(at, kShownBefore);
    return TextDifference{
        .at = at, .kept = std::string(kept.substr(from, kShown)), .made = std::string(made.substr(from, kShown))};
}

}  // namespace vt
