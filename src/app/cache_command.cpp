#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/document_text.hpp"
#include "app/running_program.hpp"

#include <simdjson.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace vt::app {
namespace {

using simdjson::dom::element;

void print_tier(element tier) {
    const bool is_memory = text_of(tier["name"]) == "l1";
    const std::string server = text_of(tier["server"], is_memory ? "this process" : "off");
    std::string breaker = "-";
    if (element found; tier["breaker"].get(found) == simdjson::SUCCESS && found.is_object())
        breaker = text_of(found["state"]);
    std::printf("  %-7s %-28s %10s %10s %9s %11s %11s %11s %-8s\n", text_of(tier["name"]).c_str(), server.c_str(),
                number_of(tier["hits"], 0).c_str(), number_of(tier["misses"], 0).c_str(),
                number_of(tier["hit_rate"], 4).c_str(), number_of(tier["latency_p50_us"], 1).c_str(),
                number_of(tier["latency_p99_us"], 1).c_str(), number_of(tier["age_max_ms"], 0).c_str(),
                breaker.c_str());
}

void print_stats(element document, bool is_shown) {
    if (!is_shown) return;
    std::printf("%s answers, %s failures\n\n", number_of(document["answers"], 0).c_str(),
                number_of(document["failures"], 0).c_str());
    std::printf("  %-7s %-28s %10s %10s %9s %11s %11s %11s %-8s\n", "tier", "where", "hits", "misses", "hit rate",
                "p50 us", "p99 us", "oldest ms", "breaker");
    for (const element tier : document["tiers"].get_array()) print_tier(tier);
    const element origin = document["origin"];
    std::printf("  %-7s %-28s %10s %10s %9s %11s %11s\n", "origin", "computed",
                number_of(origin["answers"], 0).c_str(), "-", "-", number_of(origin["latency_p50_us"], 1).c_str(),
                number_of(origin["latency_p99_us"], 1).c_str());
    const element memory = document["tiers"].at(0);
    std::printf("\nFirst tier: %s of %s answers, %s of %s bytes, %s evicted; %s promotions\n",
                number_of(memory["items"], 0).c_str(), number_of(memory["items_max"], 0).c_str(),
                number_of(memory["bytes"], 0).c_str(), number_of(memory["bytes_max"], 0).c_str(),
                number_of(memory["evictions"], 0).c_str(), number_of(document["promotions"], 0).c_str());
    const element warming = document["warming"];
    std::printf("Warming: market %s, every %s s; %s cycles, %s of %s keys warmed, %s read, %s left out\n",
                text_of(warming["hours"]).c_str(), number_of(warming["every_seconds"], 0).c_str(),
                number_of(warming["cycles"], 0).c_str(), number_of(warming["warmed"], 0).c_str(),
                number_of(warming["attempted"], 0).c_str(), number_of(warming["read"], 0).c_str(),
                number_of(warming["left_out"], 0).c_str());
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
        return report(unknown_form(error));
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
        std::printf("%s of %s keys warmed, %s left out\n", number_of(cycle["warmed"], 0).c_str(),
                    number_of(cycle["attempted"], 0).c_str(), number_of(cycle["left_out"], 0).c_str());
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
