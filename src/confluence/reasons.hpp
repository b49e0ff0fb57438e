#pragma once

#include "confluence/score_record.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace vt::confluence {

/// The components that move the score most, in words: "trade imbalance +3.2". Largest first; those below a tenth of a
/// point say nothing and are left out.
[[nodiscard]] std::vector<std::string> reasons(const ScoreRecord& record, std::size_t count);

}  // namespace vt::confluence
