#pragma once

#include "base/result.hpp"
#include "config/config.hpp"
#include "engine/engine.hpp"
#include "track_record/strategy_edge.hpp"

#include <string>
#include <string_view>

namespace vt::runtime {

/// The part of the configuration that changes what the engine computes.
[[nodiscard]] engine::Params engine_params(const config::Config& config);

/// How the edge is judged by which the next signals are decided, for outcomes of one segment.
[[nodiscard]] track_record::EdgePlan edge_plan(const config::Config& config, track_record::Segment segment);

/// The keys that engine_params() reads as a TOML document, for the header of a recording; reading it back with
/// config::load gives the same engine.
[[nodiscard]] std::string engine_configuration(const config::Config& config);

/// The engine that a recording was made with.
///   errors: configuration: the header's text is not one of this program's
[[nodiscard]] Result<engine::Params> recorded_engine_params(std::string_view configuration);

}  // namespace vt::runtime
