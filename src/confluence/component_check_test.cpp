#include "confluence/component_check.hpp"

#include "analysis/symbol_analysis.hpp"

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
        return {&evaluation[Dimension::order_flow], &evaluation[Dimension::sentiment],
                &evaluation[Dimension::liquidity]};
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

TEST(ComponentChecks, EveryComponentIsInTheTableOnceAndInOrder) {
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
    EXPECT_EQ(registered.size(), 22U);
}

TEST(ComponentChecks, EveryNamedTestExists) {
    const std::set<std::string> defined = defined_tests();
    ASSERT_GT(defined.size(), 50U);
    for (const ComponentCheck& check : component_checks()) {
        EXPECT_TRUE(defined.contains(std::string(check.test))) << check.component << " names " << check.test;
    }
    EXPECT_FALSE(test_of(Dimension::order_flow, "astrology").has_value());
}

}  // namespace
}  // namespace vt::confluence
