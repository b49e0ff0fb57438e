#pragma once

#include "base/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vt::engine {

/// The analysis state of one instrument.
struct SavedState {
    std::string path_id;
    std::string bytes;
};

/// One document of many states: the magic "VTS1", then for each instrument its path id and its bytes, each with a
/// 32-bit little-endian length before it. Appends to `out`.
void join_saved_states(const std::vector<SavedState>& states, std::string& out);

/// The states by path id.
///   errors: unsupported (not such a document), malformed (cut short)
[[nodiscard]] Result<std::map<std::string, std::string, std::less<>>> split_saved_state(std::string_view bytes);

/// The same document as one for each instrument, so that no part is large.
///   errors: those of split_saved_state
[[nodiscard]] Result<std::vector<std::string>> saved_state_parts(std::string_view bytes);

}  // namespace vt::engine
