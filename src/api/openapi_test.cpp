#include "api/openapi.hpp"

#include "api/api_fixture.hpp"
#include "base/version.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace vt::api {
namespace {

namespace dom = simdjson::dom;

std::string lower(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    return made;
}

/// Every $ref below `value`, and every member that comes twice in one object.
void collect(dom::element value, std::set<std::string>& references, std::vector<std::string>& repeated) {
    if (value.is_array()) {
        for (const dom::element item : value.get_array()) collect(item, references, repeated);
    }
    if (!value.is_object()) return;
    std::set<std::string> names;
    for (const auto& [name, member] : value.get_object()) {
        if (!names.emplace(name).second) repeated.emplace_back(name);
        if (name == "$ref") references.emplace(member.get_string().value());
        collect(member, references, repeated);
    }
}

class OpenApi : public ServerTest {
protected:
    std::vector<const RouteTable*> tables{&server.routes(), &server.monitoring_routes()};
};

}  // namespace

TEST_F(OpenApi, IsServedOnBothPortsAsItIsWritten) {
    EXPECT_EQ(get("/openapi.json").body, openapi_document(server.routes()));
    EXPECT_EQ(monitoring("/openapi.json").body, openapi_document(server.monitoring_routes()));
    const Document document(get("/openapi.json").body);
    ASSERT_TRUE(document.is_valid);
    EXPECT_EQ(document.root["openapi"].get_string().value(), "3.1.0");
    EXPECT_EQ(document.root["info"]["version"].get_string().value(), kVersion);
    EXPECT_EQ(document.root["servers"].at(0)["url"].get_string().value(), ".") << "beside the document";
    EXPECT_EQ(document.root["paths"]["/api/tokens"]["get"]["tags"].at(0).get_string().value(), "login");
}

TEST_F(OpenApi, HasEveryRouteOnceAndNothingElse) {
    for (const RouteTable* table : tables) {
        const Document document(openapi_document(*table));
        ASSERT_TRUE(document.is_valid);
        std::vector<std::string> wanted, written;
        for (const Route& route : table->routes())
            wanted.push_back(lower(net::name(route.method)) + " " + route.pattern);
        for (const auto& [path, operations] : document.root["paths"].get_object()) {
            for (const auto& [method, operation] : operations.get_object())
                written.push_back(std::string(method) + " " + std::string(path));
        }
        std::sort(wanted.begin(), wanted.end());
        std::sort(written.begin(), written.end());
        EXPECT_GE(wanted.size(), 5U);
        EXPECT_EQ(wanted, written);
    }
}

TEST(OpenApiDocument, TwoMethodsOfOnePathShareItsObject) {
    RouteTable table;
    table.add({.method = net::Method::get, .pattern = "/a", .summary = "read", .schema = "Health", .handler = {}});
    table.add({.method = net::Method::post, .pattern = "/a", .summary = "write", .schema = "Health", .handler = {}});
    const Document document(openapi_document(table));
    ASSERT_TRUE(document.is_valid);
    const dom::object paths = document.root["paths"].get_object();
    ASSERT_EQ(paths.size(), 1U);
    EXPECT_EQ(paths["/a"]["get"]["summary"].get_string().value(), "read");
    EXPECT_EQ(paths["/a"]["post"]["summary"].get_string().value(), "write");
}

TEST_F(OpenApi, EveryReferenceLeadsSomewhereAndNoMemberComesTwice) {
    for (const RouteTable* table : tables) {
        const Document document(openapi_document(*table));
        ASSERT_TRUE(document.is_valid);
        std::set<std::string> references;
        std::vector<std::string> repeated;
        collect(document.root, references, repeated);
        EXPECT_GE(references.size(), 8U);
        for (const std::string& reference : references) {
            ASSERT_TRUE(reference.starts_with("#/")) << reference;
            EXPECT_EQ(document.root.at_pointer(reference.substr(1)).error(), simdjson::SUCCESS) << reference;
        }
        EXPECT_TRUE(repeated.empty()) << repeated.front();
    }
}

TEST_F(OpenApi, SaysOfEveryRouteWhoMayCallItAndWhatItTakesAndAnswers) {
    for (const RouteTable* table : tables) {
        const Document document(openapi_document(*table));
        ASSERT_TRUE(document.is_valid);
        for (const Route& route : table->routes()) {
            const auto operation = document.root["paths"][route.pattern][lower(net::name(route.method))];
            const std::string_view access = operation["x-access"].get_string().value();
            EXPECT_EQ(access, name(route.access)) << route.pattern;
            EXPECT_TRUE(access == "public" || access == "market-read" || access == "account-read" ||
                        access == "write")
                << route.pattern;
            EXPECT_FALSE(route.summary.empty()) << route.pattern;
            std::set<std::string> parameters;
            for (const dom::element parameter : operation["parameters"].get_array()) {
                EXPECT_TRUE(parameter["schema"]["type"].is_string());
                parameters.insert(std::string(parameter["in"].get_string().value()) + " " +
                                  std::string(parameter["name"].get_string().value()));
            }
            std::set<std::string> wanted;
            for (std::size_t at = 0; (at = route.pattern.find('{', at)) != std::string::npos; ++at)
                wanted.insert("path " + route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1));
            for (const QueryParameter& parameter : route.query) wanted.insert("query " + parameter.name);
            if (route.access == Access::write) wanted.insert("header Idempotency-Key");
            EXPECT_EQ(parameters, wanted) << route.pattern;
            const auto content = operation["responses"][std::to_string(route.status)]["content"][route.content_type];
            EXPECT_EQ(content.error(), simdjson::SUCCESS) << route.pattern;
            if (!route.schema.empty()) {
                EXPECT_EQ(content["schema"]["$ref"].get_string().value(), "#/components/schemas/" + route.schema);
            }
            EXPECT_EQ(operation["responses"]["default"]["content"]["application/problem+json"].error(),
                      simdjson::SUCCESS);
        }
    }
}

TEST_F(OpenApi, EveryChangeIsOfAClassThatIsCheckedAndNoReadChangesAnything) {
    std::set<std::string> ids;
    for (const RouteTable* table : tables) {
        for (const Route& route : table->routes()) {
            SCOPED_TRACE(std::string(net::name(route.method)) + " " + route.pattern);
            if (route.method == net::Method::get) {
                EXPECT_NE(route.access, Access::write) << "a GET must change nothing";
                EXPECT_TRUE(route.body.empty());
                continue;
            }
            const bool is_login = route.pattern == "/api/auth/login" || route.pattern == "/api/auth/setup";
            EXPECT_EQ(route.access, is_login ? Access::open : Access::write);
        }
        const Document document(openapi_document(*table));
        ASSERT_TRUE(document.is_valid);
        ids.clear();
        for (const auto& [path, operations] : document.root["paths"].get_object()) {
            for (const auto& [method, operation] : operations.get_object())
                EXPECT_TRUE(ids.emplace(operation["operationId"].get_string().value()).second) << path;
        }
    }
}

namespace {

/// A value of the type that a body's member has in the document, and one of another.
std::pair<std::string, std::string> values_of(std::string_view type) {
    if (type == "string") return {R"("x")", "1"};
    if (type == "integer") return {"1", R"("1")"};
    if (type == "boolean") return {"true", R"("true")"};
    return {"{}", "[]"};
}

/// The object of these members, as JSON.
std::string object_of(const std::map<std::string, std::string>& members) {
    std::string text;
    for (const auto& [name, value] : members) text += (text.empty() ? "\"" : ",\"") + name + "\":" + value;
    return "{" + text + "}";
}

}  // namespace

TEST_F(OpenApi, ARouteTakesWhatIsWrittenOfItAndNothingElse) {
    const Document document(openapi_document(server.routes()));
    ASSERT_TRUE(document.is_valid);
    std::size_t changes = 0;
    for (const Route& route : server.routes().routes()) {
        if (route.method == net::Method::get) continue;
        SCOPED_TRACE(std::string(net::name(route.method)) + " " + route.pattern);
        ++changes;
        RouteTable alone;  // with the route's own checks, and without the login
        Route taken = route;
        taken.access = Access::open;
        std::size_t calls = 0;
        taken.handler = [&](const Call&) -> net::HttpReply {
            ++calls;
            return problem(204, "");
        };
        alone.add(taken);
        const auto status = [&](const std::string& body) {
            const auto reply = alone.answer({.method = route.method, .path = route.pattern, .body = body});
            return std::get<net::PreparedResponsePtr>(reply)->status;
        };
        const auto schema = document.root["paths"][route.pattern][lower(net::name(route.method))]["requestBody"]
                                         ["content"]["application/json"]["schema"];
        EXPECT_FALSE(schema["additionalProperties"].get_bool().value());
        std::map<std::string, std::string> all;
        for (const auto& [name, member] : schema["properties"].get_object())
            all[std::string(name)] = values_of(member["type"].get_string().value()).first;
        EXPECT_EQ(status(object_of(all)), 204) << object_of(all);
        for (const auto& [name, member] : schema["properties"].get_object()) {
            auto wrong = all;
            wrong[std::string(name)] = values_of(member["type"].get_string().value()).second;
            EXPECT_EQ(status(object_of(wrong)), 400) << object_of(wrong);
        }
        const std::size_t before = calls;
        for (const char* extra : {"role", "scope_", "is_admin", "__proto__", "id"}) {
            auto more = all;
            more[extra] = R"("admin")";
            EXPECT_EQ(status(object_of(more)), 400) << extra;
        }
        auto required = schema["required"].get_array();
        const bool may_be_empty = required.error() != simdjson::SUCCESS;
        if (!may_be_empty) {
            for (const dom::element name : required.value()) {
                auto fewer = all;
                fewer.erase(std::string(name.get_string().value()));
                EXPECT_EQ(status(object_of(fewer)), 400) << name;
            }
        } else {
            EXPECT_EQ(status(""), 204) << "nothing is required, so nothing need be sent";
        }
        EXPECT_EQ(calls, before + (may_be_empty ? 1 : 0)) << "what is refused does not reach the handler";
    }
    EXPECT_GE(changes, 12U);
}

}  // namespace vt::api
