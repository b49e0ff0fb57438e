#include "confluence/component_check.hpp"

#include "analysis/symbol_analysis.hpp"
#include "confluence/defined_tests.hpp"

#include <gtest/gtest.h>

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
        std::vector<const DimensionScore*> result;
        for (const DimensionScore* dimension : evaluation.dimensions) {
            if (dimension != nullptr) result.push_back(dimension);
        }
        return result;
    }
};

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
    EXPECT_EQ(registered.size(), 33U);
}

TEST(ComponentChecks, EveryNamedTestExists) {
    const std::set<std::string> defined = test::defined_tests();
    ASSERT_GT(defined.size(), 50U);
    for (const ComponentCheck& check : component_checks()) {
        EXPECT_TRUE(defined.contains(std::string(check.test))) << check.component << " names " << check.test;
    }
    EXPECT_FALSE(test_of(Dimension::order_flow, "astrology").has_value());
}

}  // namespace
}  // namespace vt::confluence
