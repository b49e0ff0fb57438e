#pragma once

#include "base/result.hpp"
#include "track_record/strategy_edge.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vt::track_record {

/// The binary form of what is known of strategies, in which it comes to the engine and stands in the journal: a
/// version, then its members in their order.
///   in:  at most kCodedListMax bins, symbols and strategies each
void encode_edges(const std::vector<StrategyEdge>& edges, std::string& out);
/// errors: unsupported (another version), malformed (cut short, an impossible value, not in order)
[[nodiscard]] Result<std::vector<StrategyEdge>> decode_edges(std::string_view bytes);

}  // namespace vt::track_record
