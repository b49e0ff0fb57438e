#include "api/json.hpp"
#include "api/server.hpp"

#include <string>
#include <utility>

namespace vt::api {
namespace {

constexpr std::size_t kMaxMinutes = 60;

std::string minute_pattern(std::string_view part) { return "/api/symbols/{symbol}/" + std::string(part); }

}  // namespace

/// What is known of a symbol by the minute: the same document until the next one closes, so that the cache answers.
void Server::add_minute_routes() {
    using Write = void (*)(JsonWriter&, const views::Snapshot&, std::size_t row);
    const auto add_plain = [this](std::string part, std::string summary, std::string schema, Write write) {
        routes_.add({.pattern = minute_pattern(part),
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .handler = [this, part, write](const Call& call) { return for_minute(call, part, "", write); }});
    };
    using WriteNewest = void (*)(JsonWriter&, const views::Snapshot&, std::size_t row, std::size_t limit);
    const auto add_newest = [this](std::string part, std::string summary, std::string schema, std::size_t standard,
                                   WriteNewest write) {
        routes_.add({.pattern = minute_pattern(part),
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .query = {count_parameter("limit", standard, kMaxMinutes)},
                     .handler = [this, part, standard, write](const Call& call) -> net::HttpReply {
                         const auto count = call.count("limit", standard, kMaxMinutes);
                         if (!count) return count_problem("limit", kMaxMinutes);
                         return for_minute(
                             call, part, std::to_string(*count),
                             [write, limit = *count](JsonWriter& out, const views::Snapshot& snapshot,
                                                     std::size_t row) { write(out, snapshot, row, limit); });
                     }});
    };
    add_newest("features", "The last closed minutes as the feature file has them, and the measures of liquidity",
               "Features", 1, write_features);
    add_plain("zones", "Support and resistance with their touches, beside prices that mean nothing (the placebo)",
              "Zones", write_zones);
    add_newest("footprint", "Volume by price and taker's side of the last closed minutes, with stacked imbalances",
               "Footprint", kFootprintMinutes, write_footprint);
    add_plain("profile", "Volume by price of the last 24 hours, and its value area", "Profile", write_profile);
    add_plain("events",
              "What those who move much did: breaks, gaps, blocks, sweeps, icebergs, whale clusters, absorption, "
              "vanished orders, each with the time it happened and the time it could be known",
              "MarketEvents", write_events);
    routes_.add({.pattern = minute_pattern("indicators"),
                 .summary = "The technical indicators of a timeframe as of its last closed bar",
                 .schema = "Indicators",
                 .query = {timeframe_parameter()},
                 .handler = [this](const Call& call) -> net::HttpReply {
                     const auto frame = call.timeframe();
                     if (!frame) return timeframe_problem();
                     return for_minute(
                         call, "indicators", std::string(market::name(*frame)),
                         [frame = *frame](JsonWriter& out, const views::Snapshot& snapshot, std::size_t row) {
                             write_indicators(out, snapshot, row, frame);
                         });
                 }});
}

}  // namespace vt::api
