#include "alerts/exceedance.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace vt::alerts {
namespace {

constexpr ExceedanceTerms kTerms{.enter = 3, .leave = 2, .looks = 3, .again = 2};

std::vector<int> told_at(const std::vector<std::optional<double>>& looks) {
    Exceedance figure;
    std::vector<int> told;
    for (std::size_t i = 0; i < looks.size(); ++i)
        if (figure.see(kTerms, looks[i])) told.push_back(static_cast<int>(i));
    return told;
}

TEST(Exceedance, IsToldOnceItHasLasted) {
    EXPECT_EQ(told_at({3, 3, 3, 3, 3, 3, 3}), std::vector<int>{2});
    EXPECT_EQ(told_at({3, 3, 2.9, 3, 3}), std::vector<int>{});
    EXPECT_EQ(told_at({3, 3, std::nullopt, 3, 3, 3}), std::vector<int>{5}) << "what is not known ends the run";
}

TEST(Exceedance, IsToldAgainWhereItHasDoubledAndNotForHoveringAtTheEdge) {
    EXPECT_EQ(told_at({3, 3, 4, 7, 7.9, 8, 8, 8, 8}), (std::vector<int>{2, 7}));
    EXPECT_EQ(told_at({3, 3, 3, 2.5, 3, 3, 3, 3}), std::vector<int>{2});
    EXPECT_EQ(told_at({3, 3, 3, 1.9, 3, 3, 3}), (std::vector<int>{2, 6})) << "it was over in between";
    EXPECT_EQ(told_at({3, 3, 3, std::nullopt, 3, 3, 3}), std::vector<int>{2}) << "nobody knows that it was over";
}

}  // namespace
}  // namespace vt::alerts
