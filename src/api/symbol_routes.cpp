#include "api/json.hpp"
#include "api/server.hpp"

#include <string>
#include <utility>

namespace vt::api {
namespace {

constexpr std::size_t kMaxLevels = views::kBookLevels;
constexpr std::size_t kMaxCandles = views::kCandlesShown + 1;

std::string pattern_of(std::string_view part) { return "/api/symbols/{symbol}/" + std::string(part); }

}  // namespace

/// What is known of one symbol. Everything is written from what the publication holds, never computed by a reader's
/// question. What moves with the minute only is in minute_routes.cpp.
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
    add_score("score", "The score and everything it is made of", "Score", write_score);
    routes_.add({.pattern = pattern_of("scores"),
                 .summary = "Scores of the past, page by page",
                 .schema = "ScoreHistory",
                 .query = score_history_parameters(),
                 .handler = [this](const Call& call) { return score_history(call); }});
    routes_.add({.pattern = pattern_of("scores/{at}"),
                 .summary = "A score of the past with everything it was made of",
                 .schema = "StoredRecord",
                 .handler = [this](const Call& call) { return score_record(call); }});
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
    add_counted("liquidations", "The last liquidations, oldest first, and an estimate of where the next may be",
                "Liquidations", count_parameter("limit", views::kLiquidationsShown, views::kLiquidationsShown),
                views::kLiquidationsShown, views::kLiquidationsShown, write_liquidations);
}

}  // namespace vt::api
