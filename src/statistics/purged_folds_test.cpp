#include "statistics/purged_folds.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vt::statistics {
namespace {

using Indices = std::vector<std::size_t>;

TEST(PurgedFolds, EqualTheOracle) {
    std::vector<Life> lives;
    for (std::int64_t i = 0; i < 10; ++i) lives.push_back({i, i + 3});  // bars i .. i + 2
    const std::vector<Indices> purged{{4, 5, 6, 7, 8, 9}, {6, 7, 8, 9}, {0, 1, 8, 9}, {0, 1, 2, 3},
                                      {0, 1, 2, 3, 4, 5}};
    const std::vector<Indices> embargoed{{5, 6, 7, 8, 9}, {7, 8, 9}, {0, 1, 9}, {0, 1, 2, 3}, {0, 1, 2, 3, 4, 5}};
    const auto without = purged_folds(lives, 5, 0);
    const auto with = purged_folds(lives, 5, 1);
    ASSERT_EQ(with.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(without[i].train, purged[i]);
        EXPECT_EQ(with[i].train, embargoed[i]);
        EXPECT_EQ(with[i].test_begin, 2 * i);
        EXPECT_EQ(with[i].test_end, 2 * i + 2);
    }
}

TEST(PurgedFolds, NoTrainedLifeMeetsATestedOneAndEachIsTestedOnce) {
    Prng prng(2);
    for (int round = 0; round < 200; ++round) {
        std::vector<Life> lives;
        for (std::uint64_t i = 0, n = 1 + prng.below(40); i < n; ++i) {
            const auto begin = static_cast<std::int64_t>(prng.below(100));
            lives.push_back({begin, begin + 1 + static_cast<std::int64_t>(prng.below(15)),
                             static_cast<std::uint32_t>(prng.below(3))});
        }
        std::ranges::sort(lives, {}, &Life::begin);
        std::size_t tested = 0;
        for (const Fold& fold : purged_folds(lives, 5, 3)) {
            EXPECT_EQ(fold.test_begin, tested);
            tested = fold.test_end;
            for (const std::size_t i : fold.train) {
                for (std::size_t t = fold.test_begin; t < fold.test_end; ++t) {
                    ASSERT_TRUE(lives[i].end <= lives[t].begin || lives[i].begin >= lives[t].end + 3);
                }
            }
        }
        EXPECT_EQ(tested, lives.size());
    }
}

}  // namespace
}  // namespace vt::statistics
