#pragma once

#include "confluence/confluence.hpp"
#include "confluence/params.hpp"
#include "confluence/score_record.hpp"

#include <string>
#include <vector>

namespace vt::confluence {

/// A score in words. Every number in it is one of the record's: nothing is judged here that is not judged there.
struct Explanation {
    std::string headline;
    std::vector<std::string> up;       ///< what pushes the score up, largest first
    std::vector<std::string> down;     ///< what pulls it down, likewise
    std::vector<std::string> missing;  ///< what is not known, what that costs, and when it will be there
    std::vector<std::string> changed;  ///< since the score got its direction, since 5 minutes, since an hour
    std::vector<std::string> flips;    ///< what would change the verdict
};

/// The same record gives the same words.
///   out:  at most 8 lines each; components that move less than a tenth of a point are left out, and so are shadows
///   cost: O(leaves^2)
[[nodiscard]] Explanation explain(const ScoreRecord& record, const Past& past, const Params& params);

/// Writes it as a JSON object.
void write_explanation(JsonWriter& out, const Explanation& explanation);

}  // namespace vt::confluence
