#pragma once

#include "base/result.hpp"
#include "net/http_client.hpp"

namespace vt::net {

/// One request over plain HTTP and its answer, for commands that have nothing else to do meanwhile. Blocks, at most
/// for about the call's timeout; on a loop of its own.
///   errors: as of HttpClient::Callback
[[nodiscard]] Result<HttpResponse> call_and_wait(HttpCall call);

}  // namespace vt::net
