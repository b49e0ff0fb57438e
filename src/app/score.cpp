#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/document_text.hpp"
#include "app/running_program.hpp"
#include "base/percent_encoding.hpp"

#include <simdjson.h>

#include <cstdio>
#include <string>

namespace vt::app {
namespace {

namespace dom = simdjson::dom;

std::string flags(dom::element leaf) {
    std::string joined;
    for (const dom::element flag : leaf["flags"].get_array()) joined += (joined.empty() ? "" : " ") + text_of(flag);
    return joined;
}

void print_leaves(dom::element component) {
    for (const dom::element leaf : component["leaves"].get_array()) {
        std::printf("      %-4s %14s  n %-6s coverage %-6s age %-8s score %-7s %+9.4f  %s\n",
                    text_of(leaf["frame"]).c_str(), number_of(leaf["value"], 6).c_str(),
                    number_of(leaf["n"], 0).c_str(), number_of(leaf["coverage"], 3).c_str(),
                    number_of(leaf["age_ms"], 0).c_str(), number_of(leaf["score"], 2).c_str(),
                    double(leaf["contribution"]), flags(leaf).c_str());
    }
}

void print_contribution(dom::element contribution, bool explain) {
    const std::string name = text_of(contribution["name"]);
    bool is_installed = true;
    if (contribution["installed"].get(is_installed) == simdjson::SUCCESS && !is_installed) {
        std::printf("  %-18s not installed\n", name.c_str());
        return;
    }
    bool is_applicable = true;
    if (contribution["applicable"].get(is_applicable) == simdjson::SUCCESS && !is_applicable) {
        std::printf("  %-18s does not apply\n", name.c_str());
        return;
    }
    std::printf("  %-18s %+8.4f", name.c_str(), double(contribution["contribution"]));
    if (text_of(contribution["kind"]) == "dimension") {
        std::printf("   score %-7s weight %-6s coverage %s", number_of(contribution["score"], 2).c_str(),
                    number_of(contribution["weight"], 3).c_str(), number_of(contribution["coverage"], 3).c_str());
    }
    std::printf("\n");
    dom::array components;
    if (!explain || contribution["components"].get(components) != simdjson::SUCCESS) return;
    for (const dom::element component : components) {
        std::printf("    %-22s %+8.4f   score %-7s weight %-6s coverage %-6s value %s %s",
                    text_of(component["name"]).c_str(), double(component["contribution"]),
                    number_of(component["score"], 2).c_str(), number_of(component["weight"], 3).c_str(),
                    number_of(component["coverage"], 3).c_str(), number_of(component["value"], 6).c_str(),
                    text_of(component["unit"]).c_str());
        std::string_view test;
        if (component["test"].get(test) == simdjson::SUCCESS)
            std::printf("   checked by %s", std::string(test).c_str());
        std::printf("\n");
        print_leaves(component);
    }
}

void print_lines(dom::element lines, const char* title) {
    dom::array list;
    if (lines.get(list) != simdjson::SUCCESS || list.size() == 0) return;
    std::printf("\n%s\n", title);
    for (const dom::element line : list) std::printf("  %s\n", text_of(line).c_str());
}

void print_words(dom::element words) {
    print_lines(words["up"], "Pushes up");
    print_lines(words["down"], "Pulls down");
    print_lines(words["missing"], "Missing");
    print_lines(words["changed"], "Changed");
    print_lines(words["flips"], "What would change the verdict");
}

void print_score(dom::element document, bool explain) {
    std::printf("%s   score %s   coverage %s   confidence %s   direction %s\n", text_of(document["symbol"]).c_str(),
                number_of(document["score"], 2).c_str(), number_of(document["coverage"], 3).c_str(),
                number_of(document["confidence"], 3).c_str(), text_of(document["direction"]).c_str());
    dom::element warming;
    if (document["warming"].get(warming) == simdjson::SUCCESS && !warming.is_null()) {
        std::printf("  %s\n", text_of(warming["text"]).c_str());
    }
    std::printf("  %-18s %8.4f\n", "neutral", 50.0);
    for (const dom::element contribution : document["contributions"].get_array())
        print_contribution(contribution, explain);
    if (explain) print_words(document["explanation"]);
}

std::string verdict_of(dom::element gate) {
    bool passes = false;
    if (gate["pass"].get(passes) != simdjson::SUCCESS) return "not known";
    return passes ? "passed" : "FAILED";
}

void print_gates(dom::element gates) {
    std::printf("\nGates before a signal\n  %-15s %-10s %14s %14s %12s  %s\n", "gate", "", "value", "threshold",
                "distance", "unit");
    for (const dom::element gate : gates.get_array()) {
        std::printf("  %-15s %-10s %14s %14s %12s  %s\n", text_of(gate["name"]).c_str(), verdict_of(gate).c_str(),
                    number_of(gate["value"], 3).c_str(), number_of(gate["threshold"], 3).c_str(),
                    number_of(gate["distance"], 3).c_str(), text_of(gate["unit"]).c_str());
    }
}

void print_why(dom::element document, bool /*explain*/) {
    std::printf("%s   %s\n", text_of(document["symbol"]).c_str(),
                text_of(document["explanation"]["headline"]).c_str());
    print_words(document["explanation"]);
    print_gates(document["gates"]);
    const dom::element gate = document["stopped_by"];
    if (gate.is_null()) {
        std::printf("\nAll gates are passed: nothing stops a signal.\n");
        return;
    }
    std::printf("\nNo signal: %s (%s).\n  %s\n", text_of(gate["text"]).c_str(), text_of(gate["name"]).c_str(),
                text_of(gate["remedy"]).c_str());
}

/// Prints one of a symbol's documents, as it is or by `print`.
Exit show(const ScoreOptions& options, std::string_view document_name, void (*print)(dom::element, bool)) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto body = ask_running_program(
        *loaded, "/api/symbols/" + percent_encoded(options.symbol) + "/" + std::string(document_name));
    if (!body) return report(body.error());
    if (options.as_json) {
        std::printf("%s\n", body->c_str());
        return Exit::ok;
    }
    try {
        dom::parser parser;
        print(parser.parse(*body), options.explain);
    } catch (const simdjson::simdjson_error& error) {
        return report(unknown_form(error));
    }
    return Exit::ok;
}

}  // namespace

Exit score(const ScoreOptions& options) { return show(options, "score", print_score); }

Exit why(const ScoreOptions& options) { return show(options, "why", print_why); }

}  // namespace vt::app
