#pragma once

namespace vt::analysis {

/// For archive(): state that was read is refused where it breaks what the code relies on. Written state is not looked
/// at. A comparison with a value that is no number is false, so such values are refused too.
template <class Archive>
void refuse_unless(Archive& a, bool holds) {
    if constexpr (Archive::kIsReader) {
        if (!holds) a.fail();
    }
}

[[nodiscard]] inline bool is_share(double value) { return value >= 0 && value <= 1; }
[[nodiscard]] inline bool is_balance(double value) { return value >= -1 && value <= 1; }

}  // namespace vt::analysis
