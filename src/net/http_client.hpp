#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "net/http_message.hpp"
#include "net/ip_address.hpp"
#include "net/loop.hpp"
#include "net/proxy.hpp"
#include "net/tls.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vt::net {

struct HttpClientParams {
    std::optional<TlsContext> tls;  ///< a client context; needed for https
    std::size_t connections_per_host = 4;
    std::size_t max_queued = 256;                 ///< requests that wait for a connection, over all hosts
    Nanos keep_alive = std::chrono::seconds{30};  ///< an idle connection is dropped after this
    Route route = {};
    Nanos connect_timeout = std::chrono::seconds{5};  ///< name, connection, proxy and TLS together
    /// Asked of each address before it is connected to, after the name was resolved: what it saw is what is connected
    /// to, whatever the name becomes. Empty: any. By a proxy it is asked of a host that is an address; a name is
    /// resolved by the proxy, which decides.
    AddressFilter may_connect = {};
};

struct HttpCall {
    std::string url;
    Method method = Method::get;
    std::vector<HttpHeader> headers = {};  ///< besides Host, User-Agent, Accept-Encoding and the length
    std::string body = {};
    Nanos timeout = std::chrono::seconds{10};  ///< from the call to the last byte
    std::size_t max_body_bytes = std::size_t{8} << 20U;
};

/// HTTP/1.1 requests over kept connections, plain or TLS. Asks for uncompressed bodies and refuses others. Redirects
/// are handed to the caller as they are. A GET whose kept connection turns out dead is sent once more on a new one.
/// All calls and callbacks on the loop's thread. Destroying the client drops every request without a callback.
class HttpClient {
public:
    /// errors: malformed (address, answer), unavailable (no connection, timeout, cut off), refused (certificate;
    ///         queue full), configuration (none of the host's addresses may be connected to), out_of_range (body over
    ///         the limit), unsupported (compressed body). Any status is a success here.
    using Callback = std::function<void(Result<HttpResponse>)>;

    HttpClient(Loop& loop, HttpClientParams params);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// The callback is called exactly once, never inside this call; it may destroy the client.
    void send(HttpCall call, Callback callback);
    void get(std::string url, Callback callback) { send(HttpCall{.url = std::move(url)}, std::move(callback)); }
    [[nodiscard]] std::size_t open_connections() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace vt::net
