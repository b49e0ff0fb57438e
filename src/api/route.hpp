#pragma once

#include "net/http_message.hpp"
#include "net/http_server.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::api {

/// Who may ask: everybody; who may see the market (open on loopback); who may see the account; who may change things.
enum class Access : std::uint8_t { open, market_read, account_read, write };

[[nodiscard]] std::string_view name(Access access);

/// One request, taken apart by its route. Views are valid during the handler's call.
struct RouteCall {
    struct PathValue {
        std::string_view name;
        std::string value;  ///< percent-decoded
    };
    const net::HttpRequest& request;
    std::vector<PathValue> path_values;

    /// The value of {name} in the route's pattern; the route has it: VT_ASSERTed.
    [[nodiscard]] const std::string& path(std::string_view name) const;
    /// The first query value of that name, decoded.
    [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
};

/// A parameter in the query, as /openapi.json describes it.
struct QueryParameter {
    std::string name;
    std::string description;
    std::string schema_json = R"({"type":"string"})";
};

/// One row of the route table: what is served, to whom, and how it is described.
struct Route {
    net::Method method = net::Method::get;
    std::string pattern;  ///< "/api/symbols/{symbol}/score"; {name} takes one whole segment
    Access access = Access::market_read;
    std::string summary;
    std::string response_schema;  ///< a name given to add_schema(); empty: not JSON
    std::string content_type = "application/json";
    std::vector<QueryParameter> query = {};
    std::function<net::HttpReply(const RouteCall& call)> handle;
};

struct ApiInfo {
    std::string title;
    std::string version;
    std::string description;
};

/// Finds the route of a request, and describes all routes as OpenAPI 3.1: one table for both, so they cannot differ.
class RouteTable {
public:
    /// Says no to a request before its handler runs: null lets it pass.
    using Guard = std::function<net::PreparedResponsePtr(Access access, const net::HttpRequest& request)>;

    explicit RouteTable(ApiInfo info, Guard guard = {});

    /// Two routes of one method and one shape are a programmer's error: VT_ASSERTed.
    void add(Route route);
    /// in: json_schema: a JSON Schema (2020-12) as text
    void add_schema(std::string name, std::string json_schema);

    /// The handler's reply; 404 for an unknown path, 405 with Allow for a known path and another method, 400 for a
    /// broken percent escape.
    ///   cost: O(log routes) for a pattern without parameters, else O(routes)
    [[nodiscard]] net::HttpReply answer(const net::HttpRequest& request) const;

    [[nodiscard]] std::span<const Route> routes() const { return routes_; }
    /// The OpenAPI 3.1 document. Every schema that a route names has been added: VT_ASSERTed.
    [[nodiscard]] std::string openapi() const;

private:
    [[nodiscard]] net::HttpReply run(const Route& route, RouteCall call) const;

    ApiInfo info_;
    Guard guard_;
    std::vector<Route> routes_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> exact_;  // pattern without parameters -> routes
    std::vector<std::size_t> parametric_;
    std::map<std::string, std::string> schemas_;
};

}  // namespace vt::api
