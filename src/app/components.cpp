#include "analysis/symbol_analysis.hpp"
#include "app/commands.hpp"
#include "base/json_writer.hpp"
#include "confluence/component_check.hpp"
#include "market/order_book.hpp"

#include <cstdio>
#include <string>

namespace vt::app {
namespace {

/// A perpetual of which nothing was ever seen: its components say what they are and what they need.
market::Instrument unseen_instrument() {
    return {.symbol = "XYZUSDT",
            .base = "XYZ",
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = {1, 2},
            .lot_size = {1, 2}};
}

void write_component(JsonWriter& out, analysis::Dimension dimension, const analysis::Component& component) {
    out.begin_object().field("dimension", analysis::name(dimension)).field("name", component.name);
    out.field("unit", component.unit).field("weight", component.weight).field("shadow", component.is_shadow);
    out.field("map", analysis::name(component.map)).field("sign", component.sign);
    const auto test = confluence::test_of(dimension, component.name);
    out.field("test", test).key("frames").begin_array();
    for (const analysis::Leaf& leaf : component.leaves) {
        out.begin_object().field("frame", analysis::name(leaf.frame)).field("weight", leaf.weight);
        out.field("n_min", leaf.n_min).end_object();
    }
    out.end_array().end_object();
}

void print_component(const analysis::Component& component) {
    std::printf("  %-22s %6.2f  %-3s %-8s", std::string(component.name).c_str(), component.weight,
                std::string(analysis::name(component.map)).c_str(), std::string(component.unit).c_str());
    for (const analysis::Leaf& leaf : component.leaves)
        std::printf("  %s %.2f", std::string(analysis::name(leaf.frame)).c_str(), leaf.weight);
    std::printf("%s\n", component.is_shadow ? "  (shown, weight 0)" : "");
}

}  // namespace

Exit components(bool as_json) {
    // Of a venue that publishes every input: where one is missing, the others share its weight.
    analysis::SymbolAnalysis analysis(unseen_instrument(), {.has_top_traders = true});
    const market::OrderBook book{4096};
    const auto evaluation = analysis.evaluate(from_ms(60'000), book, {});
    JsonWriter out;
    out.begin_array();
    for (const analysis::DimensionScore* dimension : evaluation.dimensions) {
        if (dimension == nullptr) continue;
        if (!as_json) std::printf("%s\n", std::string(analysis::name(dimension->dimension)).c_str());
        for (const analysis::Component& component : dimension->components) {
            if (as_json)
                write_component(out, dimension->dimension, component);
            else
                print_component(component);
        }
    }
    out.end_array();
    if (as_json) std::printf("%s\n", std::string(out.text()).c_str());
    return Exit::ok;
}

}  // namespace vt::app
