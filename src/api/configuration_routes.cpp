#include "api/configuration.hpp"
#include "api/server.hpp"
#include "base/whole_number.hpp"

#include <string>
#include <utility>

/// The configuration as an editor needs it: read, compared, changed, taken back.
namespace vt::api {
namespace {

net::PreparedResponsePtr configuration_response(const ConfigurationAnswer& answer) {
    if (answer.status != 200) return problem(answer.status, answer.text);
    return net::prepare(
        {.content_type = "application/json", .body = answer.text, .headers = stored_headers(), .has_etag = true});
}

std::optional<std::string> tag_of(const Call& call) {
    const auto tag = call.request.header("If-Match");
    return tag ? std::optional(std::string(*tag)) : std::nullopt;
}

}  // namespace

net::HttpReply Server::ask_configuration(ConfigurationRequest request) const {
    if (!params_.ask_configuration)
        return problem(503, "this program was started without a configuration file's place");
    return net::PendingResponse{.begin = [ask = params_.ask_configuration,
                                          request = std::move(request)](const net::PendingResponse::Done& done) {
        ask(request, [done](const ConfigurationAnswer& answer) { done(configuration_response(answer)); });
    }};
}

void Server::add_configuration_routes() {
    const auto read = [this](std::string pattern, std::string summary, std::string schema, ConfigurationWish wish) {
        routes_.add({.pattern = std::move(pattern),
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .handler = [this, wish](const Call&) { return ask_configuration({.wish = wish}); }});
    };
    read("/api/config",
         "The configuration file and every value in use, secrets hidden; its ETag is what a change names",
         "Configuration", ConfigurationWish::show);
    read("/api/config/schema", "Every key: its kind, bounds and meaning, and when a change takes effect",
         "ConfigurationSchema", ConfigurationWish::schema);
    read("/api/config/history", "The versions of the file that were replaced, the oldest first",
         "ConfigurationHistory", ConfigurationWish::history);
    routes_.add({.pattern = "/api/config/diff",
                 .summary = "What the file changes of the defaults, or of an earlier version of it",
                 .schema = "ConfigurationDifference",
                 .query = {{.name = "version",
                            .schema = R"({"type":"integer","minimum":1})",
                            .meaning = "a number of the history; without it, the defaults"}},
                 .handler = [this](const Call& call) -> net::HttpReply {
                     const auto text = call.query("version");
                     const auto version = text ? whole_number<std::uint32_t>(*text) : std::nullopt;
                     if (text && !version) return problem(400, "version must be a number of /api/config/history");
                     return ask_configuration({.wish = ConfigurationWish::diff, .version = version});
                 }});
    const auto write = [this](net::Method method, std::string pattern, std::string summary, ConfigurationWish wish,
                              std::vector<BodyMember> body) {
        routes_.add({.method = method,
                     .pattern = std::move(pattern),
                     .access = Access::write,
                     .summary = std::move(summary),
                     .schema = "ConfigurationChange",
                     .body = std::move(body),
                     .scope = login::Scope::admin,
                     .handler = [this, wish](const Call& call) {
                         return ask_configuration(
                             {.wish = wish, .body = std::string(call.request.body), .if_match = tag_of(call)});
                     }});
    };
    write(net::Method::put, "/api/config",
          "Changes keys ({\"values\": {key: value, or null for its default}}) or the whole file ({\"text\": ...}); "
          "checked as `config check` does; needs If-Match",
          ConfigurationWish::change,
          {{.name = "values", .type = BodyType::object, .meaning = "keys and their values; null: the default"},
           {.name = "text", .meaning = "the whole file"}});
    write(net::Method::post, "/api/config/rollback",
          "Puts a version of the history ({\"version\": number}), or the newest, in the file's place",
          ConfigurationWish::roll_back,
          {{.name = "version", .type = BodyType::number, .meaning = "of the history; without it the newest"}});
}

}  // namespace vt::api
