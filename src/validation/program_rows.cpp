#include "validation/program_rows.hpp"

#include "load/run.hpp"
#include "net/blocking_call.hpp"
#include "report/text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace vt::validation {

using report::Verdict;

namespace {

constexpr std::string_view kParameter = "{symbol}";
constexpr std::string_view kStart = "start the program with `virtuoso run`, or give its address with --url or --port";
constexpr std::uint64_t kLeastHits = 1'000;  ///< for a part of a hundredth

Result<net::HttpResponse> ask(const RunningProgram& program, const std::string& target,
                              net::Method method = net::Method::get) {
    net::HttpCall call{
        .url = program.base_url + target, .method = method, .headers = load::login_headers(program.token)};
    if (method == net::Method::post) call.headers.push_back({"Content-Type", "application/json"});
    return net::call_and_wait(std::move(call));
}

/// A route that is read with GET and takes a symbol at most.
struct ReadRoute {
    std::string pattern;
    bool has_limit = false;  ///< a query parameter that makes other answers of it
};

std::vector<ReadRoute> read_routes_of(const RunningProgram& program) {
    std::vector<ReadRoute> out;
    const auto answer = ask(program, "/openapi.json");
    simdjson::dom::parser parser;
    simdjson::dom::object paths;
    if (!answer || parser.parse(answer->body)["paths"].get(paths) != simdjson::SUCCESS) return out;
    for (const auto& [path, methods] : paths) {
        std::string pattern(path);
        if (const std::size_t at = pattern.find(kParameter); at != std::string::npos)
            pattern.erase(at, kParameter.size());
        if (pattern.find('{') != std::string::npos || methods["get"].error() != simdjson::SUCCESS) continue;
        ReadRoute route{.pattern = std::string(path)};
        simdjson::dom::array parameters;
        if (methods["get"]["parameters"].get(parameters) == simdjson::SUCCESS) {
            for (const auto parameter : parameters) {
                std::string_view name;
                route.has_limit =
                    route.has_limit || (parameter["name"].get(name) == simdjson::SUCCESS && name == "limit");
            }
        }
        out.push_back(std::move(route));
    }
    return out;
}

std::string path_of(std::string pattern, const std::string& instrument) {
    if (const std::size_t at = pattern.find(kParameter); at != std::string::npos)
        pattern.replace(at, kParameter.size(), instrument);
    return pattern;
}

/// Everything that these instruments' routes answer through the tiers, as they say themselves, each with its standard
/// parameters and with others that nobody warms.
std::vector<std::string> cached_paths(const RunningProgram& program, const std::vector<std::string>& instruments) {
    std::vector<std::string> out;
    for (const ReadRoute& route : read_routes_of(program)) {
        const auto answer = ask(program, path_of(route.pattern, instruments.front()));
        if (!answer || answer->status != 200 || answer->header("X-Cache").value_or("live") == "live") continue;
        const bool has_symbol = route.pattern.find(kParameter) != std::string::npos;
        for (std::size_t i = 0; i < (has_symbol ? instruments.size() : 1); ++i) {
            const std::string path = path_of(route.pattern, instruments[i]);
            out.push_back(path);
            if (!route.has_limit) continue;
            for (const char* limit : {"?limit=3", "?limit=7"}) out.push_back(path + limit);
        }
    }
    return out;
}

/// Asks for each of these several times, so that some answers are computed and most are not.
void ask_everything(const RunningProgram& program, std::vector<std::string> paths) {
    constexpr double kRate = 500;
    constexpr double kTimes = 12;
    if (paths.empty()) return;
    const double seconds = kTimes * static_cast<double>(paths.size()) / kRate;
    (void)load::run(program.base_url,
                    {.paths = std::move(paths),
                     .rate_per_second = kRate,
                     .length = std::chrono::duration_cast<Nanos>(std::chrono::duration<double>(seconds)),
                     .connections = 8,
                     .token = program.token});
}

/// Rows, each with its place even where nothing could be measured.
struct Rows {
    report::Finding hit{.name = "l1_hit_p99_in_program",
                        .definition =
                            "look-ups of real requests that the running program's first tier answered, as it "
                            "measures them itself (steps of an eighth)",
                        .wanted = "below 10 us",
                        .measured = "-"};
    report::Finding speed_up{.name = "l1_speed_up",
                             .definition =
                                 "\"253x faster\": for each cached route, how long the program takes to "
                                 "compute its answer (p50) over how long its first tier takes (p50)",
                             .measured = "-"};
    report::Finding shares{.name = "shares_of_real_requests",
                           .definition =
                               "which tier answered the real requests to the running program, those of this "
                               "validation among them",
                           .measured = "-"};
    report::Finding warming{.name = "warming_leaves_values",
                            .definition =
                                "\"100 % warming efficiency\": a cycle of the running program, now; a key is "
                                "warmed when a value that was computed is kept",
                            .wanted = "every key that was attempted is warmed",
                            .measured = "-"};
    report::Finding warming_read{.name = "warming_is_read",
                                 .definition =
                                     "of the values that were warmed since the program's start, those that "
                                     "somebody was served afterwards",
                                 .measured = "-"};

    [[nodiscard]] Findings all() && {
        return {std::move(hit), std::move(speed_up), std::move(shares), std::move(warming), std::move(warming_read)};
    }
    void cannot(const std::string& remedy) {
        for (report::Finding* each : {&hit, &speed_up, &shares, &warming, &warming_read}) each->remedy = remedy;
    }
};

void read_tiers(Rows& rows, const simdjson::dom::element& metrics) {
    simdjson::dom::array tiers;
    if (metrics["tiers"].get(tiers) != simdjson::SUCCESS) return;
    std::string text;
    for (const auto tier : tiers) {
        std::string_view name;
        double share = 0, p50 = 0, p99 = 0;
        if (tier["name"].get(name) != simdjson::SUCCESS) continue;
        const bool has_share = tier["share_of_answers"].get(share) == simdjson::SUCCESS;
        text += std::string(name) + " " + (has_share ? report::percent_text(share) : std::string("-")) + ", ";
        std::uint64_t hits = 0;
        if (name != "l1" || tier["hits"].get(hits) != simdjson::SUCCESS) continue;
        if (hits < kLeastHits || tier["latency_p99_us"].get(p99) != simdjson::SUCCESS ||
            tier["latency_p50_us"].get(p50) != simdjson::SUCCESS) {
            rows.hit.remedy = "only " + std::to_string(hits) + " hits so far; ask again when there were " +
                              std::to_string(kLeastHits);
            continue;
        }
        rows.hit.measured = report::number_text(p99, 2) + " us (p50 " + report::number_text(p50, 2) + " us) of " +
                            std::to_string(hits) + " hits";
        rows.hit.value = p99;
        rows.hit.unit = "us";
        rows.hit.verdict = p99 < 10 ? Verdict::passed : Verdict::failed;
    }
    double share = 0;
    const bool has_share = metrics["origin"]["share_of_answers"].get(share) == simdjson::SUCCESS;
    if (text.empty()) return;
    rows.shares.measured = text + "origin " + (has_share ? report::percent_text(share) : std::string("-"));
    rows.shares.verdict = Verdict::information;
}

void read_routes(Rows& rows, const simdjson::dom::element& metrics) {
    simdjson::dom::array routes;
    if (metrics["routes"].get(routes) != simdjson::SUCCESS) return;
    std::string text;
    for (const auto route : routes) {
        std::string_view name;
        double ratio = 0, near = 0, far = 0;
        if (route["route"].get(name) != simdjson::SUCCESS ||
            route["origin_over_l1"].get(ratio) != simdjson::SUCCESS ||
            route["l1_p50_us"].get(near) != simdjson::SUCCESS || route["origin_p50_us"].get(far) != simdjson::SUCCESS)
            continue;
        text += (text.empty() ? "" : "; ") + std::string(name) + " " + report::number_text(ratio, 0) + "x (" +
                report::number_text(far, 1) + " over " + report::number_text(near, 2) + " us)";
    }
    if (text.empty()) {
        rows.speed_up.remedy = "no route was both computed and found in memory so far";
        return;
    }
    rows.speed_up.measured = text;
    rows.speed_up.verdict = Verdict::information;
}

void warm(Rows& rows, const RunningProgram& program) {
    const auto answer = ask(program, "/api/cache/warm", net::Method::post);
    simdjson::dom::parser parser;
    std::uint64_t attempted = 0, warmed = 0, left_out = 0;
    if (!answer || answer->status != 200 ||
        parser.parse(answer->body)["attempted"].get(attempted) != simdjson::SUCCESS ||
        parser.parse(answer->body)["warmed"].get(warmed) != simdjson::SUCCESS ||
        parser.parse(answer->body)["left_out"].get(left_out) != simdjson::SUCCESS) {
        const bool is_refused = answer && (answer->status == 401 || answer->status == 403);
        rows.warming.remedy = !answer ? answer.error().what
                                      : "POST /api/cache/warm was answered " + std::to_string(answer->status) +
                                            (is_refused ? "; " + std::string(load::kTokenRemedy) : "");
        return;
    }
    rows.warming.measured = std::to_string(warmed) + " of " + std::to_string(attempted) + " warmed, " +
                            std::to_string(left_out) + " more left out by the cycle's limits";
    rows.warming.value =
        attempted > 0 ? std::optional(static_cast<double>(warmed) / static_cast<double>(attempted)) : std::nullopt;
    rows.warming.unit = "share";
    if (attempted == 0) {
        rows.warming.remedy = "there was nothing to warm: wait until the program has market data";
    } else {
        rows.warming.verdict = warmed == attempted ? Verdict::passed : Verdict::failed;
    }
}

void read_warming(Rows& rows, const simdjson::dom::element& metrics) {
    std::uint64_t warmed = 0, read = 0;
    if (metrics["warming"]["warmed"].get(warmed) != simdjson::SUCCESS ||
        metrics["warming"]["read"].get(read) != simdjson::SUCCESS)
        return;
    rows.warming_read.measured = std::to_string(read) + " of " + std::to_string(warmed);
    rows.warming_read.verdict = Verdict::information;
    if (warmed > 0) rows.warming_read.value = static_cast<double>(read) / static_cast<double>(warmed);
    rows.warming_read.unit = "share";
}

}  // namespace

Result<std::vector<std::string>> instruments_at(const RunningProgram& program) {
    VT_TRY(const net::HttpResponse answer, ask(program, "/api/symbols"));
    simdjson::dom::parser parser;
    simdjson::dom::array symbols;
    if (answer.status == 401 || answer.status == 403)
        return fail(Errc::refused, program.base_url + " wants to know who asks; " + std::string(load::kTokenRemedy));
    if (answer.status != 200 || parser.parse(answer.body)["symbols"].get(symbols) != simdjson::SUCCESS)
        return fail(Errc::malformed, program.base_url + "/api/symbols lists no symbols");
    std::vector<std::string> out;
    for (const auto symbol : symbols) {
        std::string_view id;
        if (symbol["id"].get(id) == simdjson::SUCCESS) out.emplace_back(id);
    }
    if (out.empty()) return fail(Errc::malformed, program.base_url + "/api/symbols lists no symbols");
    return out;
}

Findings program_rows(const RunningProgram& program, std::size_t symbols) {
    Rows rows;
    auto instruments = instruments_at(program);
    if (!instruments) {
        rows.cannot(instruments.error().code == Errc::refused
                        ? instruments.error().what
                        : "the program does not answer at " + program.base_url + "; " + std::string(kStart));
        return std::move(rows).all();
    }
    instruments->resize(std::min(instruments->size(), symbols));
    warm(rows, program);
    ask_everything(program, cached_paths(program, *instruments));
    const auto answer = ask(program, "/cache-metrics");
    simdjson::dom::parser parser;
    simdjson::dom::element metrics;
    if (!answer || answer->status != 200 || parser.parse(answer->body).get(metrics) != simdjson::SUCCESS) {
        rows.cannot("the program at " + program.base_url + " has no /cache-metrics");
        return std::move(rows).all();
    }
    read_tiers(rows, metrics);
    read_routes(rows, metrics);
    read_warming(rows, metrics);
    return std::move(rows).all();
}

Findings claims_not_made() {
    return {
        {.name = "response_time_81_8_percent",
         .definition = "\"81.8 % faster\": one average before and after a change of an earlier version, on a machine "
                       "and a load that nobody wrote down",
         .measured = "nothing to compare with; `virtuoso loadtest` says how long answers take now",
         .verdict = Verdict::information},
        {.name = "requests_633_6_per_second",
         .definition = "\"633.6 requests a second\"",
         .measured = "`virtuoso loadtest --profile seed` holds or does not hold it, in an open loop",
         .verdict = Verdict::information},
        {.name = "uptime_99_9_percent",
         .definition = "\"99.9 % uptime\": a constant in an earlier version's source",
         .measured = "not claimed: it takes months of one installation to measure",
         .verdict = Verdict::information}};
}

}  // namespace vt::validation
