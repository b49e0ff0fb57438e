#include "statistics/multiple_tests.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace vt::statistics {
namespace {

using P = std::vector<double>;
std::vector<std::size_t> order;

void expect_near(const P& found, const P& expected) {
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-15) << i;
}

const P kOracle{0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205};

TEST(MultipleTests, EqualsTheOracle) {
    P p = kOracle;
    benjamini_hochberg(p, order);
    expect_near(p, {0.008, 0.032, 0.06720000000000001, 0.06720000000000001, 0.06720000000000001, 0.08,
                    0.08457142857142856, 0.205});
    p = kOracle;
    benjamini_yekutieli(p, order);
    expect_near(p, {0.02174285714285714, 0.08697142857142856, 0.18264, 0.18264, 0.18264, 0.21742857142857142,
                    0.22985306122448976, 0.5571607142857142});
    p = kOracle;
    holm(p, order);
    expect_near(p, {0.008, 0.056, 0.23399999999999999, 0.23399999999999999, 0.23399999999999999, 0.23399999999999999,
                    0.23399999999999999, 0.23399999999999999});
    p = kOracle;
    bonferroni(p);
    expect_near(p, {0.008, 0.064, 0.312, 0.328, 0.336, 0.48, 0.592, 1.0});
}

TEST(MultipleTests, RejectsAsManyOfThe1995TableAsPublished) {
    const P table{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .324, .4262, .5719, .6528, .759, 1};
    const auto rejected = [](const P& p) { return std::ranges::count_if(p, [](double one) { return one <= 0.05; }); };
    P p = table;
    benjamini_hochberg(p, order);
    EXPECT_EQ(rejected(p), 4);
    p = table;
    holm(p, order);
    EXPECT_EQ(rejected(p), 3);
    p = table;
    bonferroni(p);
    EXPECT_EQ(rejected(p), 3);
}

/// By the definitions: the least level at which the procedure rejects i.
double by_definition(const P& p, std::size_t i, bool is_step_up) {
    const std::size_t n = p.size();
    P sorted = p;
    std::sort(sorted.begin(), sorted.end());
    double found = is_step_up ? 1 : 0;
    for (std::size_t k = 0; k < n; ++k) {
        if (is_step_up && sorted[k] >= p[i])
            found = std::min(found, sorted[k] * static_cast<double>(n) / static_cast<double>(k + 1));
        if (!is_step_up && sorted[k] <= p[i])
            found = std::max(found, std::min(1.0, sorted[k] * static_cast<double>(n - k)));
    }
    return found;
}

TEST(MultipleTests, EqualsTheDefinitionsOnRandomValues) {
    Prng prng(2);
    for (int round = 0; round < 1000; ++round) {
        P p;
        for (std::uint64_t i = 0, n = 1 + prng.below(40); i < n; ++i) {
            const double value = std::pow(prng.uniform(), 3);
            p.push_back(prng.below(5) == 0 && !p.empty() ? p.back() : value);  // ties too
        }
        P up = p, down = p;
        benjamini_hochberg(up, order);
        holm(down, order);
        for (std::size_t i = 0; i < p.size(); ++i) {
            ASSERT_NEAR(up[i], by_definition(p, i, true), 1e-14);
            // Of equal p-values Holm's correction is the first one's for all.
            ASSERT_NEAR(down[i], by_definition(p, i, false), 1e-14);
        }
    }
}

TEST(MultipleTests, NoneAndOne) {
    P none;
    benjamini_hochberg(none, order);
    holm(none, order);
    P one{0.03};
    benjamini_hochberg(one, order);
    EXPECT_EQ(one[0], 0.03);
}

}  // namespace
}  // namespace vt::statistics
