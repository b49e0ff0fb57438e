#include "api/server.hpp"
#include "base/time.hpp"
#include "base/whole_number.hpp"
#include "obs/recent_lines.hpp"

#include <array>
#include <chrono>
#include <string>

/// The end of the log, for who looks after the program.
namespace vt::api {
namespace {

constexpr std::size_t kUsualLines = 100;
constexpr std::size_t kLinesMax = 500;
constexpr std::array kLevels = {obs::LogLevel::debug, obs::LogLevel::info, obs::LogLevel::warning,
                                obs::LogLevel::error};

std::optional<obs::LogLevel> level_of(std::string_view text) {
    for (const obs::LogLevel level : kLevels) {
        if (obs::name(level) == text) return level;
    }
    return std::nullopt;
}

std::string page_json(const std::vector<obs::RecentLine>& lines, std::string_view run, std::size_t limit) {
    JsonWriter out;
    out.begin_object().field("run", run).key("lines").begin_array();
    for (const obs::RecentLine& line : lines) {
        out.begin_object()
            .field("number", line.number)
            .field("at", std::chrono::floor<std::chrono::milliseconds>(line.at.time_since_epoch()).count())
            .field("level", obs::name(line.level))
            .field("component", line.component)
            .field("message", line.message)
            .end_object();
    }
    out.end_array();
    const bool has_more = lines.size() == limit && lines.back().number > 1;
    out.field("next_cursor", has_more ? std::optional(std::to_string(lines.back().number)) : std::nullopt);
    out.end_object();
    return out.take();
}

}  // namespace

void Server::add_log_routes() {
    routes_.add(
        {.pattern = "/api/logs",
         .access = Access::account_read,
         .summary = "The newest lines of this run's log, the newest first, page by page",
         .schema = "Logs",
         .query = {{.name = "level",
                    .schema = R"({"type":"string","enum":["debug","info","warning","error"],"default":"debug"})",
                    .meaning = "this level and above"},
                   count_parameter("limit", kUsualLines, kLinesMax),
                   {.name = "cursor", .schema = R"({"type":"string"})", .meaning = "next_cursor of the page before"}},
         .scope = login::Scope::admin,
         .handler = [this](const Call& call) {
             const auto limit = call.count("limit", kUsualLines, kLinesMax);
             if (!limit) return count_problem("limit", kLinesMax);
             const auto level = level_of(call.query("level").value_or("debug"));
             if (!level) return problem(400, "level must be debug, info, warning or error");
             obs::RecentQuery query{.limit = *limit, .least = *level};
             if (const auto cursor = call.query("cursor")) {
                 const auto before = whole_number<std::uint64_t>(*cursor);
                 if (!before) return problem(400, "cursor must be the next_cursor of a page");
                 query.before = *before;
             }
             return net::prepare({.content_type = "application/json",
                                  .body = page_json(obs::recent_lines(query), params_.run, *limit),
                                  .headers = live_headers()});
         }});
}

}  // namespace vt::api
