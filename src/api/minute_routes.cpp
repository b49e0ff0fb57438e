#include "api/json.hpp"
#include "api/server.hpp"

#include <string>
#include <utility>

namespace vt::api {
namespace {

constexpr std::size_t kMaxMinutes = 60;
constexpr std::size_t kFootprintMinutes = 15;

QueryParameter limit_parameter(std::size_t standard, std::size_t largest) {
    return {"limit",
            R"({"type":"integer","minimum":1,"maximum":)" + std::to_string(largest) + R"(,"default":)" +
                std::to_string(standard) + "}",
            "how many of the newest"};
}

net::PreparedResponsePtr limit_problem(std::size_t largest) {
    return problem(400, "limit must be a whole number from 1 to " + std::to_string(largest));
}

}  // namespace

/// What moves with the minute: written from what the publication holds, never computed by a reader's question.
void Server::add_minute_routes() {
    using Write = void (*)(JsonWriter&, const views::Snapshot&, std::size_t row);
    const auto add_plain = [this](const char* part, std::string summary, std::string schema, Write write) {
        routes_.add({.pattern = std::string("/api/symbols/{symbol}/") + part,
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .handler = [this, part, write](const Call& call) {
                         return for_symbol(call, part, [this, write](JsonWriter& out, std::size_t row) {
                             write(out, *topics_.snapshot(), row);
                         });
                     }});
    };
    using WriteNewest = void (*)(JsonWriter&, const views::Snapshot&, std::size_t row, std::size_t limit);
    const auto add_newest = [this](const char* part, std::string summary, std::string schema, std::size_t standard,
                                   std::size_t largest, WriteNewest write) {
        routes_.add({.pattern = std::string("/api/symbols/{symbol}/") + part,
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .query = {limit_parameter(standard, largest)},
                     .handler = [this, part, standard, largest, write](const Call& call) {
                         const auto limit = call.count("limit", standard, largest);
                         if (!limit) return limit_problem(largest);
                         return for_symbol(
                             call, std::string(part) + " " + std::to_string(*limit),
                             [&](JsonWriter& out, std::size_t row) { write(out, *topics_.snapshot(), row, *limit); });
                     }});
    };
    add_newest("features", "The last closed minutes as the feature file has them, and the measures of liquidity",
               "Features", 1, kMaxMinutes, write_features);
    add_plain("zones", "Support and resistance with their touches, beside prices that mean nothing (the placebo)",
              "Zones", write_zones);
    add_newest("footprint", "Volume by price and taker's side of the last closed minutes, with stacked imbalances",
               "Footprint", kFootprintMinutes, kMaxMinutes, write_footprint);
    add_plain("profile", "Volume by price of the last 24 hours, and its value area", "Profile", write_profile);
    add_newest("liquidations", "The last liquidations, oldest first, and an estimate of where the next may be",
               "Liquidations", views::kLiquidationsShown, views::kLiquidationsShown, write_liquidations);
    routes_.add({.pattern = "/api/symbols/{symbol}/indicators",
                 .summary = "The technical indicators of a timeframe as of its last closed bar",
                 .schema = "Indicators",
                 .query = {{"tf", R"({"type":"string","enum":["1m","5m","30m","4h"],"default":"1m"})", "timeframe"}},
                 .handler = [this](const Call& call) {
                     const std::string name = call.query("tf").value_or("1m");
                     const auto frame = market::timeframe_of(std::string_view(name));
                     if (!frame) return problem(400, "tf must be 1m, 5m, 30m or 4h");
                     return for_symbol(call, "indicators " + name, [&](JsonWriter& out, std::size_t row) {
                         write_indicators(out, *topics_.snapshot(), row, *frame);
                     });
                 }});
}

}  // namespace vt::api
