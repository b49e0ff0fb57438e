#include "api/cache_json.hpp"
#include "api/json.hpp"
#include "api/server.hpp"
#include "base/digest.hpp"
#include "base/whole_number.hpp"
#include "views/beta_view.hpp"

#include <string>
#include <utility>

/// What is answered through the cache's tiers, and what the API says of them.
namespace vt::api {
namespace {

constexpr std::string_view kScoresRoute = "/api/symbols/{symbol}/scores";
constexpr std::string_view kBetaRoute = "/api/bitcoin-beta";
/// What was decided a moment ago may still be on its way into the database.
constexpr Nanos kStoredAfter = std::chrono::minutes{2};

cache::SharedBytes written(const std::function<void(JsonWriter&)>& write) {
    JsonWriter out;
    write(out);
    return cache::shared_bytes(out.take());
}

/// Parts of a key, told apart by what none of them but the last may hold.
std::string key_of(std::initializer_list<std::string_view> parts) {
    std::string key;
    for (const std::string_view part : parts) {
        if (!key.empty()) key += '\n';
        key += part;
    }
    return key;
}

std::string number_text(Timestamp at) { return std::to_string(to_ms(at)); }

cache::SharedBytes page_of(const records::ScoreQuery& query, const records::ScorePage& page) {
    return written([&](JsonWriter& out) { write_score_history(out, query, page); });
}

/// Everything that the betas of a picture are written from, in a few characters.
std::string revision_of_betas(const views::Snapshot& snapshot) {
    Digest digest;
    for (const views::Row& row : snapshot.rows) {
        std::string text = row.instrument.path_id() + (row.beta ? " beta" : "");
        if (row.beta) {
            for (const std::uint64_t revision : row.beta->revision) text += " " + std::to_string(revision);
            for (const auto& frame : row.beta->frames)
                text += frame ? " " + number_text(frame->at) + "/" + std::to_string(frame->n) : " -";
            text += row.beta->lead_lag ? " " + number_text(row.beta->lead_lag->at) : " -";
        }
        digest.update(text + "\n");
    }
    return digest.hex();
}

}  // namespace

Subject Server::score_history_subject(records::ScoreQuery query) const {
    std::string name = std::string(kScoresRoute) + " " + query.instrument + " " + number_text(query.from) + " " +
                       number_text(query.to) + " " + std::to_string(query.limit) +
                       (query.newest_first ? " newest " : " oldest ") + query.cursor;
    return {.route = std::string(kScoresRoute),
            .name = std::move(name),
            .now = [this, query = std::move(query)]() -> std::optional<CachedQuestion> {
                // What is still being added to is the answer of a minute: processes whose newest differ do not answer
                // for each other, and nobody's newest scores are older than that.
                const Timestamp now = answers_.params().clock();
                const bool is_closed = query.to < now - kStoredAfter;
                const std::string minute = is_closed ? "closed" : number_text(floor_to(now, std::chrono::minutes{1}));
                return CachedQuestion{
                    .key = key_of({"scores", answers_.params().records_identity, query.market, query.instrument,
                                   number_text(query.from), number_text(query.to), std::to_string(query.limit),
                                   query.newest_first ? "newest" : "oldest", minute, query.cursor}),
                    .ttl_class = cache::TtlClass::scores,
                    .origin = cache::TieredCache::LateOrigin(
                        [read = params_.read_scores, query](const cache::TieredCache::Finish& finish) {
                            read(query, [query, finish](const Result<records::ScorePage>& page) {
                                if (!page) {
                                    finish(tl::unexpected<Error>(page.error()));
                                    return;
                                }
                                // No scores yet is nothing that may be told for long.
                                finish(page->scores.empty() ? nullptr : page_of(query, *page));
                            });
                        }),
                    .body_of_nothing = *page_of(query, {})};
            }};
}

net::HttpReply Server::score_history(const Call& call) {
    if (!params_.read_scores)
        return problem(503, "no scores are kept: records.database_url (DATABASE_URL) is off, or this is a replay");
    const auto id = symbol_of(call);
    if (!id) return id.error();
    auto query = score_query_of(call);
    if (!query) return question_problem(query.error());
    query->market = views::name(params_.mode);
    query->instrument = instruments_[*id].path_id();
    return answers_.answer(score_history_subject(std::move(*query)));
}

net::HttpReply Server::score_record(const Call& call) {
    if (!params_.find_record)
        return problem(503, "no scores are kept: records.database_url (DATABASE_URL) is off, or this is a replay");
    const auto id = symbol_of(call);
    if (!id) return id.error();
    const auto ms = whole_number<std::int64_t>(call.parameters.at("at"));
    if (!ms || *ms < 0 || *ms > to_ms(kLatestInstant))
        return problem(400,
                       "the instant must be milliseconds since 1970, as `timestamp` of /api/symbols/{symbol}/scores");
    return net::PendingResponse{.begin = [find = params_.find_record, market = std::string(views::name(params_.mode)),
                                          instrument = instruments_[*id].path_id(),
                                          at = from_ms(*ms)](net::PendingResponse::Done done) {
        find(market, instrument, at, [done = std::move(done)](const Result<std::optional<std::string>>& found) {
            if (!found) return done(question_problem(found.error()));
            if (!*found)
                return done(problem(404,
                                    "no record is kept of that instant: /api/symbols/{symbol}/scores lists those "
                                    "there are, and records.explanations_keep_days says how long each is whole"));
            done(net::prepare({.content_type = "application/json", .body = **found, .headers = stored_headers()}));
        });
    }};
}

net::HttpReply Server::for_minute(const Call& call, const std::string& part, const std::string& parameter,
                                  const SymbolWriter& write) {
    const auto id = symbol_of(call);
    if (!id) return id.error();
    const std::string instrument = instruments_[*id].path_id();
    const std::string what = parameter.empty() ? part : part + " " + parameter;
    return answers_.answer({.route = "/api/symbols/{symbol}/" + part,
                            .name = what + " " + instrument,
                            .now = [this, instrument, what, write]() -> std::optional<CachedQuestion> {
                                const auto snapshot = topics_.snapshot();
                                const auto row = snapshot ? row_by_id(*snapshot, instrument) : std::nullopt;
                                if (!row) return std::nullopt;
                                const auto& minute = snapshot->details[*row]->minute;
                                return CachedQuestion{
                                    .key = key_of({"minute", params_.run, views::name(params_.mode), instrument, what,
                                                   minute ? number_text(minute->at) : "none yet"}),
                                    // The picture of the question: a later one may be of another minute.
                                    .origin = cache::TieredCache::Origin([snapshot, row = *row, write] {
                                        return Result<cache::SharedBytes>(
                                            written([&](JsonWriter& out) { write(out, *snapshot, row); }));
                                    })};
                            }});
}

Subject Server::beta_subject() {
    return {.route = std::string(kBetaRoute),
            .name = std::string(kBetaRoute),
            .now = [this]() -> std::optional<CachedQuestion> {
                const auto snapshot = topics_.snapshot();
                if (!snapshot) return std::nullopt;
                if (betas_revision_.empty()) betas_revision_ = revision_of_betas(*snapshot);
                return CachedQuestion{
                    .key = key_of({"beta", params_.run, views::name(params_.mode), betas_revision_}),
                    .origin = cache::TieredCache::Origin([snapshot] {
                        return Result<cache::SharedBytes>(
                            written([&](JsonWriter& out) { write_bitcoin_beta(out, *snapshot); }));
                    })};
            }};
}

std::vector<Subject> Server::always_warm() {
    std::vector<Subject> all;
    if (topics_.snapshot()) all.push_back(beta_subject());
    if (!params_.read_scores) return all;
    for (const market::Instrument& instrument : instruments_.all()) {
        records::ScoreQuery query = newest_scores();
        query.market = views::name(params_.mode);
        query.instrument = instrument.path_id();
        all.push_back(score_history_subject(std::move(query)));
    }
    return all;
}

void Server::add_cache_routes() {
    routes_.add({.pattern = std::string(kBetaRoute),
                 .summary = "Every instrument's beta to Bitcoin by every estimator and timeframe, the largest first",
                 .schema = "BitcoinBeta",
                 .handler = [this](const Call&) -> net::HttpReply {
                     if (!topics_.snapshot())
                         return problem(503, "the program has just started; try again in a moment");
                     return answers_.answer(beta_subject());
                 }});
    const auto metrics = [this](const Call&) {
        JsonWriter out;
        write_cache_metrics(out, answers_);
        return live_json(out.take());
    };
    routes_.add({.pattern = "/cache-metrics",
                 .summary = "The cache's tiers as those who asked found them, and how warming goes",
                 .schema = "CacheMetrics",
                 .handler = metrics});
    routes_.add({.pattern = "/api/cache/stats",
                 .summary = "The same as /cache-metrics",
                 .schema = "CacheMetrics",
                 .handler = metrics});
    routes_.add(
        {.method = net::Method::post,
         .pattern = "/api/cache/warm",
         .access = Access::write,
         .summary = "Computes anew what is asked for, within a cycle's number and time, and says what came of it",
         .schema = "WarmedCycle",
         .scope = login::Scope::admin,
         .handler = [this](const Call&) -> net::HttpReply {
             return net::PendingResponse{.begin =
                                             [this](const net::PendingResponse::Done& done) {
                                                 answers_.warm([done](const WarmedCycle& cycle) {
                                                     JsonWriter out;
                                                     write_warmed_cycle(out, cycle);
                                                     done(live_json(out.take()));
                                                 });
                                             },
                                         .limit = answers_.params().warm_budget + std::chrono::seconds{10}};
         }});
    routes_.add(
        {.method = net::Method::post,
         .pattern = "/api/cache/flush",
         .access = Access::write,
         .summary = "Forgets every kept answer; what the servers hold is not served any more, and not removed",
         .schema = "Flushed",
         .scope = login::Scope::admin,
         .handler = [this](const Call&) {
             answers_.flush();
             return live_json(R"({"flushed":true})");
         }});
}

}  // namespace vt::api
