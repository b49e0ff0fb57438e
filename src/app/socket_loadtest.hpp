#pragma once

#include "app/commands.hpp"

namespace vt::app {

/// `virtuoso loadtest --sockets N`.
[[nodiscard]] Exit socket_loadtest(const LoadtestOptions& options);

}  // namespace vt::app
