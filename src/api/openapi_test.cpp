#include "api/openapi.hpp"

#include "api/api_fixture.hpp"
#include "base/version.hpp"

#include <algorithm>
#include <set>

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
            EXPECT_EQ(parameters, wanted) << route.pattern;
            const auto content = operation["responses"]["200"]["content"][route.content_type];
            EXPECT_EQ(content.error(), simdjson::SUCCESS) << route.pattern;
            if (!route.schema.empty()) {
                EXPECT_EQ(content["schema"]["$ref"].get_string().value(), "#/components/schemas/" + route.schema);
            }
            EXPECT_EQ(operation["responses"]["default"]["content"]["application/problem+json"].error(),
                      simdjson::SUCCESS);
        }
    }
}

}  // namespace vt::api
