#pragma once

#include "api/kept_writes.hpp"
#include "api/request_body.hpp"
#include "api/visitor.hpp"
#include "login/accounts.hpp"
#include "market/candle_frames.hpp"
#include "net/http_message.hpp"
#include "net/http_server.hpp"
#include "net/prepared_response.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::api {

/// Who may call a route: everybody; who may see the market (on this machine without a login, unless it is configured
/// otherwise); who is logged in or has a token; the same, and may change something. LoginDesk::admit decides.
enum class Access : std::uint8_t { open, market_read, account_read, write };
[[nodiscard]] std::string_view name(Access access);

/// One request that matched a route.
struct Call {
    const net::HttpRequest& request;
    std::map<std::string, std::string, std::less<>> parameters;  ///< of the path, decoded
    Visitor visitor = {};

    /// A value of the query, decoded.
    [[nodiscard]] std::optional<std::string> query(std::string_view name) const {
        return net::query_value(request.query, name);
    }
    /// A whole number of the query within 1..`largest`. out: `standard` where it is not given, absent for anything
    /// else
    [[nodiscard]] std::optional<std::size_t> count(std::string_view name, std::size_t standard,
                                                   std::size_t largest) const;
    /// The query's "tf". out: 1m where it is not given, absent for what is no timeframe
    [[nodiscard]] std::optional<market::Timeframe> timeframe() const;
};

struct QueryParameter {
    std::string name;
    std::string schema;  ///< JSON schema of the value
    std::string meaning;
};

/// A parameter that Call::count() reads, and the answer where it is not what it must be.
[[nodiscard]] QueryParameter count_parameter(std::string name, std::size_t standard, std::size_t largest,
                                             std::string meaning = "how many of the newest");
[[nodiscard]] net::PreparedResponsePtr count_problem(std::string_view name, std::size_t largest);
/// Likewise for Call::timeframe().
[[nodiscard]] QueryParameter timeframe_parameter();
[[nodiscard]] net::PreparedResponsePtr timeframe_problem();

/// One line of the table that both answers requests and writes the OpenAPI document.
struct Route {
    net::Method method = net::Method::get;
    std::string pattern;  ///< "/api/symbols/{symbol}/book"
    Access access = Access::market_read;
    std::string summary;
    std::string schema;  ///< name under components/schemas; empty: not JSON
    std::string content_type = "application/json";
    int status = 200;  ///< of what succeeds
    std::vector<QueryParameter> query = {};
    std::vector<BodyMember> body = {};                 ///< all that may be sent; anything else is refused
    std::optional<login::Scope> scope = std::nullopt;  ///< absent: read, and for a write trade
    bool needs_session = false;                        ///< not for tokens
    bool takes_code = false;                           ///< a write that needs no code of the authenticator before it
    std::function<net::HttpReply(const Call& call)> handler;
};

/// Headers of every answer.
[[nodiscard]] const std::vector<net::HttpHeader>& security_headers();
/// And of those that are true for a moment only.
[[nodiscard]] const std::vector<net::HttpHeader>& live_headers();
/// And of what was published: true for a moment, but who has it need not be sent it again.
[[nodiscard]] const std::vector<net::HttpHeader>& published_headers();
/// And of those that come from what is stored.
[[nodiscard]] const std::vector<net::HttpHeader>& stored_headers();
/// A JSON document that is true for a moment only.
[[nodiscard]] net::PreparedResponsePtr live_json(std::string body);
[[nodiscard]] net::PreparedResponsePtr problem(int status, std::string_view detail);

/// The routes of one port.
class RouteTable {
public:
    /// Who asks, if he may call the route; else the answer.
    using Admit =
        std::function<tl::expected<Visitor, net::PreparedResponsePtr>(const Route&, const net::HttpRequest&)>;

    /// From now on every call is asked about. Without it a table answers everybody, and takes changes as
    /// write_access.hpp says.
    void admit_by(Admit admit) { admit_ = std::move(admit); }
    void add(Route route);
    /// The answer to a request: the route's, or a problem document (404 with the nearest route, 405 with what is
    /// allowed, 400 for a parameter of the route whose percent escapes are broken, and for a body that the route does
    /// not take). A change that comes with an Idempotency-Key is carried out once.
    [[nodiscard]] net::HttpReply answer(const net::HttpRequest& request) const;
    [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

private:
    /// The route's answer to who may call it.
    [[nodiscard]] net::HttpReply answer_call(const Route& route, const Call& call) const;

    std::vector<Route> routes_;
    Admit admit_;
    std::unique_ptr<KeptWrites> kept_ = std::make_unique<KeptWrites>();
};

/// Matches `path` against "/a/{b}/c"; the parameters, decoded, or nothing.
[[nodiscard]] std::optional<std::map<std::string, std::string, std::less<>>> match(std::string_view pattern,
                                                                                   std::string_view path);

}  // namespace vt::api
