#include "api/json.hpp"
#include "api/server.hpp"

#include <string>
#include <utility>

namespace vt::api {
namespace {

constexpr std::size_t kMaxLevels = views::kBookLevels;
constexpr std::size_t kMaxCandles = views::kCandlesShown + 1;
constexpr std::size_t kMaxMinutes = 60;

std::string pattern_of(std::string_view part) { return "/api/symbols/{symbol}/" + std::string(part); }

}  // namespace

net::HttpReply Server::score_history(const Call& call) {
    if (!params_.read_scores)
        return problem(503, "no scores are kept: records.database_url (DATABASE_URL) is off, or this is a replay");
    const auto id = symbol_of(call);
    if (!id) return id.error();
    auto query = score_query_of(call);
    if (!query) return score_history_problem(query.error());
    query->market = views::name(params_.mode);
    query->instrument = instruments_[*id].path_id();
    return net::PendingResponse{[this, query = std::move(*query)](const net::PendingResponse::Done& done) {
        params_.read_scores(query, [loop = &loop_, query, done](const Result<records::ScorePage>& page) {
            net::PreparedResponsePtr answer;
            if (page) {
                JsonWriter out;
                write_score_history(out, query, *page);
                answer = net::prepare({.content_type = "application/json",
                                       .body = out.take(),
                                       .headers = stored_headers(),
                                       .has_etag = true});
            } else {
                answer = score_history_problem(page.error());
            }
            loop->post([done, answer] { done(answer); });
        });
    }};
}

/// What is known of one symbol. Everything is written from what the publication holds, never computed by a reader's
/// question; what moves with the minute is the same document until the next one closes.
void Server::add_symbol_routes() {
    using Write = void (*)(JsonWriter&, const views::Snapshot&, std::size_t row);
    const auto add_plain = [this](std::string part, std::string summary, std::string schema, Write write) {
        routes_.add({.pattern = pattern_of(part),
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .handler = [this, part, write](const Call& call) { return for_symbol(call, part, write); }});
    };
    using WriteScore = void (*)(JsonWriter&, const views::Snapshot&, std::size_t row, const confluence::Params&);
    const auto add_score = [this](std::string part, std::string summary, std::string schema, WriteScore write) {
        routes_.add({.pattern = pattern_of(part),
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .handler = [this, part, write](const Call& call) {
                         return for_symbol(call, part, [&](JsonWriter& out, const auto& snapshot, std::size_t row) {
                             write(out, snapshot, row, params_.confluence);
                         });
                     }});
    };
    using WriteNewest = void (*)(JsonWriter&, const views::Snapshot&, std::size_t row, std::size_t limit);
    const auto add_counted = [this](std::string part, std::string summary, std::string schema,
                                    const QueryParameter& parameter, std::size_t standard, std::size_t largest,
                                    WriteNewest write) {
        routes_.add({.pattern = pattern_of(part),
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .query = {parameter},
                     .handler = [this, part, name = parameter.name, standard, largest, write](const Call& call) {
                         const auto count = call.count(name, standard, largest);
                         if (!count) return count_problem(name, largest);
                         return for_symbol(call, part + " " + std::to_string(*count),
                                           [&](JsonWriter& out, const auto& snapshot, std::size_t row) {
                                               write(out, snapshot, row, *count);
                                           });
                     }});
    };
    const auto add_newest = [&](std::string part, std::string summary, std::string schema, std::size_t standard,
                                std::size_t largest, WriteNewest write) {
        add_counted(std::move(part), std::move(summary), std::move(schema),
                    count_parameter("limit", standard, largest), standard, largest, write);
    };

    add_score("score", "The score and everything it is made of", "Score", write_score);
    routes_.add({.pattern = pattern_of("scores"),
                 .summary = "Scores of the past, page by page",
                 .schema = "ScoreHistory",
                 .query = score_history_parameters(),
                 .handler = [this](const Call& call) { return score_history(call); }});
    add_score("why", "The score in words, and the gates between it and a signal", "Why", write_why);
    routes_.add({.pattern = pattern_of("candles"),
                 .summary = "Candles, oldest first",
                 .schema = "Candles",
                 .query = {timeframe_parameter(), count_parameter("limit", views::kCandlesShown, kMaxCandles)},
                 .handler = [this](const Call& call) {
                     const auto frame = call.timeframe();
                     if (!frame) return timeframe_problem();
                     const auto limit = call.count("limit", views::kCandlesShown, kMaxCandles);
                     if (!limit) return count_problem("limit", kMaxCandles);
                     return for_symbol(call,
                                       "candles " + std::string(market::name(*frame)) + " " + std::to_string(*limit),
                                       [&](JsonWriter& out, const auto& snapshot, std::size_t row) {
                                           write_candles(out, snapshot, row, *frame, *limit);
                                       });
                 }});
    add_counted("book", "Best levels of the order book", "Book",
                count_parameter("levels", kMaxLevels, kMaxLevels, "levels of each side"), kMaxLevels, kMaxLevels,
                write_book);
    add_plain("trades", "The last prints, oldest first", "Trades", write_trades);
    add_plain("markets", "The symbol's coin over all venues: its price, its markets and their bases, and who leads",
              "CoinMarkets", write_coin_markets);
    add_newest("features", "The last closed minutes as the feature file has them, and the measures of liquidity",
               "Features", 1, kMaxMinutes, write_features);
    add_plain("zones", "Support and resistance with their touches, beside prices that mean nothing (the placebo)",
              "Zones", write_zones);
    add_newest("footprint", "Volume by price and taker's side of the last closed minutes, with stacked imbalances",
               "Footprint", kFootprintMinutes, kMaxMinutes, write_footprint);
    add_plain("profile", "Volume by price of the last 24 hours, and its value area", "Profile", write_profile);
    add_newest("liquidations", "The last liquidations, oldest first, and an estimate of where the next may be",
               "Liquidations", views::kLiquidationsShown, views::kLiquidationsShown, write_liquidations);
    add_plain("events",
              "What those who move much did: breaks, gaps, blocks, sweeps, icebergs, whale clusters, absorption, "
              "vanished orders, each with the time it happened and the time it could be known",
              "Events", write_events);
    routes_.add({.pattern = pattern_of("indicators"),
                 .summary = "The technical indicators of a timeframe as of its last closed bar",
                 .schema = "Indicators",
                 .query = {timeframe_parameter()},
                 .handler = [this](const Call& call) {
                     const auto frame = call.timeframe();
                     if (!frame) return timeframe_problem();
                     return for_symbol(call, "indicators " + std::string(market::name(*frame)),
                                       [&](JsonWriter& out, const auto& snapshot, std::size_t row) {
                                           write_indicators(out, snapshot, row, *frame);
                                       });
                 }});
}

}  // namespace vt::api
