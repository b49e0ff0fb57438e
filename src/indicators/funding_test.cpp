#include "indicators/funding.hpp"

#include <gtest/gtest.h>

#include <array>

namespace vt::indicators {
namespace {

using std::chrono::hours;

TEST(Funding, FromPremiumToRateEqualsTheOracle) {
    struct Case {
        double premium, rate;
    };
    for (const Case& one :
         {Case{-0.0012, -0.0006999999999999999}, Case{-0.0004, 9.999999999999999e-05}, Case{0, 0.0001},
          Case{0.0002, 0.0001}, Case{0.0006, 0.00010000000000000005}, Case{0.001, 0.0005}})
        EXPECT_NEAR(funding_rate(one.premium, usual_interest(hours{8})), one.rate, 1e-18) << one.premium;
}

TEST(Funding, TheNeutralReadingIsTheInterestOfTheInterval) {
    for (const int length : {1, 2, 4, 8}) {
        const double interest = usual_interest(hours{length});
        EXPECT_DOUBLE_EQ(interest, 1e-4 * length / 8);
        EXPECT_DOUBLE_EQ(funding_rate(interest, interest), interest);
        EXPECT_NEAR(annualised(interest, hours{length}), 0.1095, 1e-15);
    }
}

TEST(Funding, AnnualBasisEqualsTheOracle) {
    const AnnualBasis basis = annual_basis(101.2, 100, 45);
    EXPECT_NEAR(basis.simple, 0.09733333333333333, 1e-15);
    EXPECT_NEAR(basis.continuous, 0.09675396368499871, 1e-15);
    EXPECT_LT(annual_basis(99, 100, 45).simple, 0);
}

}  // namespace
}  // namespace vt::indicators
