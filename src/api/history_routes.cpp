#include "api/history_pages.hpp"
#include "api/jobs.hpp"
#include "api/server.hpp"

#include <simdjson.h>

#include <string>
#include <utility>

/// Histories on this machine's disk, and how more of them come there.
namespace vt::api {
namespace {

constexpr std::size_t kUsualSeries = 100;
constexpr std::size_t kSeriesMax = 1'000;

net::PreparedResponsePtr history_json(JsonWriter& out) {
    return net::prepare({.content_type = "application/json",
                         .body = out.take(),
                         .headers = stored_headers(),
                         .has_etag = true,
                         .packs_when_asked = true});
}

net::PreparedResponsePtr history_problem(const Error& error) {
    return error.code == Errc::not_found ? problem(404, error.what) : question_problem(error);
}

/// out: the member's text, or nothing
std::string text_of_body(simdjson::dom::element body, std::string_view member) {
    std::string_view text;
    return body[member].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

/// errors: malformed, out_of_range: what of the body is wrong
Result<DownloadOrder> download_of(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::element body;
    if (parser.parse(text.data(), text.size()).get(body) != simdjson::SUCCESS)
        return fail(Errc::malformed, "the body must be {symbol, kind, from}");
    DownloadOrder order;
    VT_TRY(order.series,
           series_of(text_of_body(body, "symbol"), text_of_body(body, "kind"), text_of_body(body, "timeframe")));
    order.range.to_ms = to_ms(kLatestInstant);
    const auto from = history::parse_time_ms(text_of_body(body, "from"));
    const std::string to = text_of_body(body, "to");
    const auto until = to.empty() ? Result<std::int64_t>(order.range.to_ms) : history::parse_time_ms(to);
    if (!from || !until || *until <= *from)
        return fail(Errc::out_of_range,
                    "from and to are milliseconds since 1970, 2026-01-31 or 2026-01-31T12:30 (UTC), from before to");
    order.range = {*from, *until};
    return order;
}

}  // namespace

net::HttpReply Server::history_list(const Call& call) {
    const auto limit = call.count("limit", kUsualSeries, kSeriesMax);
    if (!limit) return count_problem("limit", kSeriesMax);
    return net::PendingResponse{
        .begin = [list = params_.list_history, limit = *limit,
                  cursor = call.query("cursor").value_or("")](net::PendingResponse::Done done) {
            list([limit, cursor, done = std::move(done)](const Result<std::vector<StoredHistory>>& all) {
                if (!all) return done(history_problem(all.error()));
                JsonWriter out;
                write_history_list(out, *all, cursor, limit);
                done(history_json(out));
            });
        }};
}

net::HttpReply Server::history_page(const Call& call) {
    std::string symbol = call.parameters.at("symbol");
    // What is followed may be named in any form; of the others only the venue's own name says which they are.
    if (const auto known = instruments_.resolve(symbol)) symbol = instruments_[*known].path_id();
    const auto series = series_of(symbol, call.parameters.at("kind"), call.query("tf").value_or(""));
    if (!series) return question_problem(series.error());
    const auto query = history_query_of(call);
    if (!query) return question_problem(query.error());
    return net::PendingResponse{
        .begin = [read = params_.read_history, series = *series, query = *query](net::PendingResponse::Done done) {
            read(series, query, [series, query, done = std::move(done)](const Result<history::Page>& page) {
                if (!page) return done(history_problem(page.error()));
                JsonWriter out;
                write_history(out, series, query, *page);
                done(history_json(out));
            });
        }};
}

net::HttpReply Server::start_download(const Call& call) {
    const auto order = download_of(call.request.body);
    if (!order) return question_problem(order.error());
    const Result<Job> job = params_.start_download(*order);
    if (!job) return question_problem(job.error());
    JsonWriter out;
    write_job(out, *job);
    return live_json(out.take());
}

void Server::add_history_routes() {
    if (params_.list_history) {
        routes_.add({.pattern = "/api/history",
                     .summary = "The histories on this machine's disk, page by page",
                     .schema = "HistoryList",
                     .query = {count_parameter("limit", kUsualSeries, kSeriesMax, "how many at most"),
                               {.name = "cursor",
                                .schema = R"({"type":"string"})",
                                .meaning = "next_cursor of the page before"}},
                     .handler = [this](const Call& call) { return history_list(call); }});
    }
    if (params_.read_history) {
        routes_.add({.pattern = "/api/history/{symbol}/{kind}",
                     .summary = "Rows of one of them, page by page: klines, mark_klines, funding, open_interest, "
                                "account_ratio, top_account_ratio, position_ratio",
                     .schema = "History",
                     .query = history_parameters(),
                     .handler = [this](const Call& call) { return history_page(call); }});
    }
    if (params_.start_download) {
        routes_.add(
            {.method = net::Method::post,
             .pattern = "/api/history",
             .access = Access::write,
             .summary = "Downloads what is missing of a series from its venue, as a job; live market only",
             .schema = "Job",
             .body = {{.name = "symbol", .meaning = "bybit-linear-BTCUSDT", .is_required = true},
                      {.name = "kind", .meaning = "klines, funding, ...", .is_required = true},
                      {.name = "timeframe", .meaning = "1m to 1d; needed for all but funding"},
                      {.name = "from", .meaning = "since when: 2026-01-31, or ms since 1970", .is_required = true},
                      {.name = "to", .meaning = "until when, not included; else until now"}},
             .scope = login::Scope::admin,
             .handler = [this](const Call& call) { return start_download(call); }});
    }
}

}  // namespace vt::api
