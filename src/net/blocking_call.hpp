#pragma once

#include "base/result.hpp"
#include "net/http_client.hpp"
#include "net/tls.hpp"

#include <optional>

namespace vt::net {

/// One request and its answer, for commands that have nothing else to do meanwhile. Blocks, at most for about the
/// call's timeout; on a loop of its own.
///   in:     tls: a client context; needed for https
///   errors: as of HttpClient::Callback
[[nodiscard]] Result<HttpResponse> call_and_wait(HttpCall call, std::optional<TlsContext> tls = std::nullopt);

}  // namespace vt::net
