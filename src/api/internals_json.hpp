#pragma once

#include "base/json_writer.hpp"
#include "views/snapshot.hpp"

#include <optional>
#include <string_view>

namespace vt::api {

/// "extreme fear" below 25, "fear" below 45, "neutral" up to 55, "greed" up to 75, "extreme greed".
[[nodiscard]] std::string_view mood_label(double fear_greed);

/// {value, label, coverage}, or null while nothing of it is known.
void write_fear_greed(JsonWriter& out, const views::MarketOverview& overview);

/// The market as a whole over the coins that are followed: breadth, dispersion, dominance, what fear and greed are
/// made of, cascades and divergences.
void write_internals(JsonWriter& out, const views::Snapshot& snapshot);

}  // namespace vt::api
