#include "net/blocking_call.hpp"

#include "net/loop.hpp"

#include <optional>
#include <utility>

namespace vt::net {

Result<HttpResponse> call_and_wait(HttpCall call, std::optional<TlsContext> tls) {
    Loop loop;
    std::optional<Result<HttpResponse>> answer;
    const std::string url = call.url;
    const Nanos limit = call.timeout + std::chrono::seconds{5};  // the client keeps the timeout; this is for the loop
    HttpClient client(loop, {.tls = std::move(tls)});
    client.send(std::move(call), [&](Result<HttpResponse> response) { answer = std::move(response); });
    (void)loop.run_until([&] { return answer.has_value(); }, limit);
    if (!answer) return fail(Errc::unavailable, "no answer from " + url);
    return std::move(*answer);
}

}  // namespace vt::net
