#include "confluence/explain.hpp"

#include "analysis/symbol_analysis.hpp"
#include "confluence/confluence.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

namespace vt::confluence {
namespace {

using analysis::Component;
using analysis::Dimension;
using analysis::DimensionScore;

/// The installed dimensions as they are, before anything was seen.
struct Installed {
    market::Instrument instrument;
    analysis::SymbolAnalysis analysis;
    market::OrderBook book{4096};
    analysis::Evaluation evaluation;

    Installed()
        : instrument(made_up()), analysis(instrument, {}), evaluation(analysis.evaluate(from_ms(60'000), book, {})) {}
    static market::Instrument made_up() {
        market::Instrument of;
        of.symbol = "XYZUSDT";
        of.base = "XYZ";
        of.quote = of.settle = "USDT";
        of.tick_size = of.lot_size = {1, 2};
        return of;
    }
    [[nodiscard]] std::vector<const DimensionScore*> dimensions() const {
        return {&evaluation.order_flow, &evaluation.liquidity};
    }
};

/// All "Suite.Name" that the tests of analysis and indicators define.
std::set<std::string> defined_tests() {
    std::set<std::string> names;
    const std::string command = "grep -rhoE '^TEST(_F|_P)?\\([A-Za-z0-9]+, [A-Za-z0-9]+\\)' '" VT_SOURCE_DIR
                                "/src/analysis' '" VT_SOURCE_DIR "/src/indicators'";
    FILE* pipe = popen(command.c_str(), "r");
    char* line = nullptr;
    std::size_t capacity = 0;
    while (pipe != nullptr && getline(&line, &capacity, pipe) > 0) {
        const std::string text = line;
        const std::size_t open = text.find('(');
        const std::size_t comma = text.find(", ");
        names.insert(text.substr(open + 1, comma - open - 1) + "." +
                     text.substr(comma + 2, text.find(')') - comma - 2));
    }
    std::free(line);
    if (pipe != nullptr) pclose(pipe);
    return names;
}

TEST(Explain, EveryComponentIsInTheTableOnceAndInOrder) {
    const Installed installed;
    std::vector<std::string> registered;
    for (const DimensionScore* dimension : installed.dimensions()) {
        for (const Component& component : dimension->components) {
            registered.push_back(std::string(analysis::name(dimension->dimension)) + "." +
                                 std::string(component.name));
        }
    }
    std::vector<std::string> listed;
    for (const ComponentCheck& check : component_checks()) {
        listed.push_back(std::string(analysis::name(check.dimension)) + "." + std::string(check.component));
    }
    EXPECT_EQ(listed, registered);
    EXPECT_EQ(registered.size(), 15U);
}

TEST(Explain, EveryNamedTestExists) {
    const std::set<std::string> defined = defined_tests();
    ASSERT_GT(defined.size(), 50U);
    for (const ComponentCheck& check : component_checks()) {
        EXPECT_TRUE(defined.contains(std::string(check.test))) << check.component << " names " << check.test;
    }
    EXPECT_FALSE(test_of(Dimension::order_flow, "astrology").has_value());
}

TEST(Explain, ListsEveryLeafWithItsTest) {
    const Installed installed;
    Opinions opinions{.at = from_ms(60'000)};
    opinions.dimensions[static_cast<std::size_t>(Dimension::order_flow)] = &installed.evaluation.order_flow;
    const std::string text = explain(combine(opinions, 0.5));
    std::size_t at = 0;
    for (const Component& component : installed.evaluation.order_flow.components) {
        for (const analysis::Leaf& leaf : component.leaves) {
            at = text.find("  " + std::string(component.name), at + 1);
            ASSERT_NE(at, std::string::npos) << component.name;
            const std::string line = text.substr(at, text.find('\n', at) - at);
            EXPECT_NE(line.find(analysis::name(leaf.frame)), std::string::npos) << line;
            EXPECT_NE(line.find(*test_of(Dimension::order_flow, component.name)), std::string::npos) << line;
        }
    }
    EXPECT_NE(text.find("sentiment"), std::string::npos);
    EXPECT_NE(text.find("not installed"), std::string::npos);
}

TEST(Explain, ShowsTheNumbersThatAddUp) {
    DimensionScore flow{.dimension = Dimension::order_flow};
    flow.components.push_back({.name = "trade_imbalance", .unit = "1", .weight = 1});
    flow.components[0].leaves.push_back({.weight = 1, .score = 70.0, .value = 0.125, .coverage = 0.9, .n = 120});
    flow.components[0].leaves[0].flags = {analysis::Flag::conflated};
    analysis::combine(flow);
    Opinions opinions{.at = from_ms(60'000)};
    opinions.dimensions[0] = &flow;
    opinions.quality.q_liquidity = 0.75;
    const std::string text = explain(combine(opinions, 0.5));
    EXPECT_NE(text.find("0.125  1"), std::string::npos) << text;
    EXPECT_NE(text.find("  120     0.900    70.00   1.0000   +18.000  conflated"), std::string::npos) << text;
    EXPECT_NE(text.find("-4.500"), std::string::npos) << text;  // (0.75 - 1) 18
    EXPECT_NE(text.find("score 63.50, coverage 0.900"), std::string::npos) << text;
}

}  // namespace
}  // namespace vt::confluence
