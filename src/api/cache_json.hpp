#pragma once

#include "api/cached_answers.hpp"
#include "base/json_writer.hpp"
#include "obs/metrics.hpp"

namespace vt::api {

/// The document CacheMetrics.
void write_cache_metrics(JsonWriter& out, const CachedAnswers& answers);
void write_warmed_cycle(JsonWriter& out, const WarmedCycle& cycle);
/// The same for Prometheus.
void count_cache(obs::Metrics& metrics, const CachedAnswers& answers);

}  // namespace vt::api
