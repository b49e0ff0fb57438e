#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/running_program.hpp"

#include <simdjson.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace vt::app {
namespace {

using simdjson::dom::element;

/// A number of a document; "-" where it is not known.
std::string figure(element document, std::string_view member, int digits) {
    double value = 0;
    if (document[member].get(value) != simdjson::SUCCESS) return "-";
    char written[64];
    std::snprintf(written, sizeof written, "%.*f", digits, value);
    return written;
}

std::string words(element document, std::string_view member, const char* unknown = "-") {
    std::string_view value;
    return document[member].get(value) == simdjson::SUCCESS ? std::string(value) : unknown;
}

void print_tier(element tier) {
    const bool is_memory = words(tier, "name") == "l1";
    const std::string server = words(tier, "server", is_memory ? "this process" : "off");
    std::string breaker = "-";
    if (element found; tier["breaker"].get(found) == simdjson::SUCCESS && found.is_object())
        breaker = words(found, "state");
    std::printf("  %-7s %-28s %10s %10s %9s %11s %11s %11s %-8s\n", words(tier, "name").c_str(), server.c_str(),
                figure(tier, "hits", 0).c_str(), figure(tier, "misses", 0).c_str(),
                figure(tier, "hit_rate", 4).c_str(), figure(tier, "latency_p50_us", 1).c_str(),
                figure(tier, "latency_p99_us", 1).c_str(), figure(tier, "age_max_ms", 0).c_str(), breaker.c_str());
}

void print_stats(element document, bool is_shown) {
    if (!is_shown) return;
    std::printf("%s answers, %s failures\n\n", figure(document, "answers", 0).c_str(),
                figure(document, "failures", 0).c_str());
    std::printf("  %-7s %-28s %10s %10s %9s %11s %11s %11s %-8s\n", "tier", "where", "hits", "misses", "hit rate",
                "p50 us", "p99 us", "oldest ms", "breaker");
    for (const element tier : document["tiers"].get_array()) print_tier(tier);
    const element origin = document["origin"];
    std::printf("  %-7s %-28s %10s %10s %9s %11s %11s\n", "origin", "computed", figure(origin, "answers", 0).c_str(),
                "-", "-", figure(origin, "latency_p50_us", 1).c_str(), figure(origin, "latency_p99_us", 1).c_str());
    const element memory = document["tiers"].at(0);
    std::printf("\nFirst tier: %s of %s answers, %s of %s bytes, %s evicted; %s promotions\n",
                figure(memory, "items", 0).c_str(), figure(memory, "items_max", 0).c_str(),
                figure(memory, "bytes", 0).c_str(), figure(memory, "bytes_max", 0).c_str(),
                figure(memory, "evictions", 0).c_str(), figure(document, "promotions", 0).c_str());
    const element warming = document["warming"];
    std::printf("Warming: market %s, every %s s; %s cycles, %s of %s keys warmed, %s read, %s left out\n",
                words(warming, "hours").c_str(), figure(warming, "every_seconds", 0).c_str(),
                figure(warming, "cycles", 0).c_str(), figure(warming, "warmed", 0).c_str(),
                figure(warming, "attempted", 0).c_str(), figure(warming, "read", 0).c_str(),
                figure(warming, "left_out", 0).c_str());
}

/// Prints an answer of the program as it is, or has it printed by `print`, which sees it in any case.
template <class Print>
Exit show_answer(const Result<std::string>& body, bool as_json, Print print) {
    if (!body) return report(body.error());
    if (as_json) std::printf("%s\n", body->c_str());
    try {
        simdjson::dom::parser parser;
        print(parser.parse(*body), !as_json);
    } catch (const simdjson::simdjson_error& error) {
        return report(Error{
            Errc::unsupported,
            "the running program answers in a form that this version does not know: " + std::string(error.what())});
    }
    return Exit::ok;
}

}  // namespace

Exit cache_stats(const CacheCommandOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    return show_answer(ask_running_program(*loaded, "/api/cache/stats"), options.as_json, print_stats);
}

Exit cache_warm(const CacheCommandOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    // A cycle may take a minute, which is the most that its budget can be, and one answer more.
    const auto body = tell_running_program(*loaded, "/api/cache/warm", std::chrono::seconds{75});
    bool is_whole = true;
    const Exit shown = show_answer(body, options.as_json, [&](element cycle, bool is_shown) {
        is_whole = cycle["warmed"].get_uint64().value() == cycle["attempted"].get_uint64().value();
        if (!is_shown) return;
        std::printf("%s of %s keys warmed, %s left out\n", figure(cycle, "warmed", 0).c_str(),
                    figure(cycle, "attempted", 0).c_str(), figure(cycle, "left_out", 0).c_str());
    });
    return shown == Exit::ok && !is_whole ? Exit::failed : shown;
}

Exit cache_flush(const CacheCommandOptions& options) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    return show_answer(tell_running_program(*loaded, "/api/cache/flush", std::chrono::seconds{15}), options.as_json,
                       [](element, bool is_shown) {
                           if (is_shown) std::printf("Every kept answer is forgotten.\n");
                       });
}

}  // namespace vt::app
