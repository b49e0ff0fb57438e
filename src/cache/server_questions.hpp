#pragma once

#include "base/result.hpp"
#include "cache/link.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace vt::cache {

/// What is asked of a server besides its values: for measurements, not for the way of a request. Each question takes
/// a connection of its own and blocks, until the deadline at most.
///   errors of all: unavailable, malformed, refused

/// What `stats settings` says: "maxbytes", "maxconns" ...
[[nodiscard]] Result<std::map<std::string, std::string>> memcached_settings(const ServerAddress& address,
                                                                            Deadline deadline);
/// What `stats` says: "version", "limit_maxbytes", "curr_connections" ...
[[nodiscard]] Result<std::map<std::string, std::string>> memcached_statistics(const ServerAddress& address,
                                                                              Deadline deadline);
/// What INFO says: "redis_version", "maxmemory", "role" ...
[[nodiscard]] Result<std::map<std::string, std::string>> redis_information(const ServerAddress& address,
                                                                           Deadline deadline);
/// For how long the server will still have what it holds under a wire key.
///   out: nothing: it has no such key; milliseconds::max(): for ever. memcached counts in whole seconds
[[nodiscard]] Result<std::optional<std::chrono::milliseconds>> memcached_time_left(const ServerAddress& address,
                                                                                   const std::string& wire_key,
                                                                                   Deadline deadline);
[[nodiscard]] Result<std::optional<std::chrono::milliseconds>> redis_time_left(const ServerAddress& address,
                                                                               const std::string& wire_key,
                                                                               Deadline deadline);
/// What Redis calls this run of itself: another after each start.
[[nodiscard]] Result<std::string> redis_run_id(const ServerAddress& address, Deadline deadline);
/// Makes memcached forget everything, whoever it belongs to.
[[nodiscard]] Result<void> flush_memcached(const ServerAddress& address, Deadline deadline);

}  // namespace vt::cache
