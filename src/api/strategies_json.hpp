#pragma once

#include "base/json_writer.hpp"
#include "views/gate_view.hpp"
#include "views/snapshot.hpp"

#include <optional>

namespace vt::api {

/// What stops a signal, in words; null: nothing does.
void write_stopping_gate(JsonWriter& out, const std::optional<views::GateView>& gate);
/// What the strategies beside the score said at the last closed minute: an array of StrategyState.
void write_strategies(JsonWriter& out, const views::Row& row);

}  // namespace vt::api
