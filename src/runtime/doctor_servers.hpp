#pragma once

#include "config/config.hpp"
#include "runtime/doctor.hpp"

#include <string>
#include <vector>

namespace vt::runtime {

/// Looks at what stands behind the program where the configuration names it: memcached, Redis, the database of
/// records, the time-series server. Is it reached, is it that, does it take the password, has it room. All at once,
/// each for at most two seconds. Changes nothing: to the time-series server it writes no line.
///   in: records_url: as records::parse_database_url takes it; empty: nothing is kept
[[nodiscard]] std::vector<Check> check_servers(const config::Config& config, const std::string& records_url);

}  // namespace vt::runtime
