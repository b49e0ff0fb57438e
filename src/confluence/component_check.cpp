#include "confluence/component_check.hpp"

#include <array>

namespace vt::confluence {
namespace {

using analysis::Dimension;

constexpr std::array kChecks = {
    ComponentCheck{Dimension::order_flow, "trade_imbalance", "TradeImbalance.EqualsTheOracle"},
    ComponentCheck{Dimension::order_flow, "count_imbalance", "CountImbalance.EqualsTheOracle"},
    ComponentCheck{Dimension::order_flow, "ofi_best", "OfiBest.EqualsTheOracle"},
    ComponentCheck{Dimension::order_flow, "ofi_multi", "OfiMulti.ItsFirstRankIsTheBestOfTheBook"},
    ComponentCheck{Dimension::order_flow, "absorption", "AbsorptionTest.SellersWhoDoNotMoveThePriceSpeakForTheBid"},
    ComponentCheck{Dimension::order_flow, "cvd_divergence", "CvdDivergence.EqualsV2"},
    ComponentCheck{Dimension::order_flow, "footprint_stack", "FootprintStack.FindsThreeDominatedBucketsInARow"},
    ComponentCheck{Dimension::order_flow, "vpin", "Vpin.EqualsTheOracle"},
    ComponentCheck{Dimension::order_flow, "kyle_lambda", "KyleLambda.EqualsTheOracle"},
    ComponentCheck{Dimension::sentiment, "oi_price", "OiPrice.EqualsPlainLoopsOverTheMinutes"},
    ComponentCheck{Dimension::sentiment, "long_short_accounts", "LongShortAccounts.IsReadAgainstTheCrowdAtHalfGain"},
    ComponentCheck{Dimension::sentiment, "top_vs_crowd", "TopVsCrowd.ComparesTwoZsWhereTheVenueHasTopTraders"},
    ComponentCheck{Dimension::sentiment, "funding_excess", "FundingExcess.IsWhatIsPaidBeyondInterestByTheHour"},
    ComponentCheck{Dimension::sentiment, "premium", "Premium.IsTheMeanOfTheSecondsOfFiveMinutes"},
    ComponentCheck{Dimension::sentiment, "liquidation_imbalance",
                   "LiquidationImbalance.EqualsTheDirectDecayOfEveryEvent"},
    ComponentCheck{Dimension::sentiment, "fear_greed", "FearGreed.SpeaksAsTheIndexDoesWithItsCoverageAndAge"},
    ComponentCheck{Dimension::liquidity, "book_imbalance", "Liquidity.StreamingEqualsBatch"},
    ComponentCheck{Dimension::liquidity, "queue_imbalance", "Liquidity.StreamingEqualsBatch"},
    ComponentCheck{Dimension::liquidity, "impact_asymmetry", "Liquidity.StreamingEqualsBatch"},
    ComponentCheck{Dimension::liquidity, "sr_zones", "ZoneMap.AFloorThatHoldsIsProvenAndPullsTheBalanceUp"},
    ComponentCheck{Dimension::liquidity, "profile_location", "ProfileLocation.PlacesTheCloseInTheValueAreaOfTheDay"},
    ComponentCheck{Dimension::liquidity, "liquidity_sweep", "LiquiditySweep.AHighThatIsSweptAndLostPointsDown"},
    ComponentCheck{Dimension::bitcoin_beta, "btc_pull", "BtcPull.IsBitcoinsOpinionTimesTheSurePartOfTheCorrelation"},
    ComponentCheck{Dimension::bitcoin_beta, "lead_lag_gap", "LeadLagSearch.FindsALagAndWhatIsStillOwed"},
    ComponentCheck{Dimension::bitcoin_beta, "residual_return", "ResidualReturn.EqualsItsDefinition"},
    ComponentCheck{Dimension::bitcoin_beta, "alpha_drift", "AlphaDrift.StandsOnlyAmongAllThatWereTested"},
    ComponentCheck{Dimension::smart_money, "large_trade_imbalance", "LargeTradeImbalance.EqualsASlowCount"},
    ComponentCheck{Dimension::smart_money, "accumulation", "TwelveHours.SellersWhoAreAbsorbedAreAccumulation"},
    ComponentCheck{Dimension::smart_money, "iceberg", "PlantedTruths.AnIcebergIsFoundByItsRefills"},
    ComponentCheck{Dimension::smart_money, "whale_cluster", "PlantedTruths.ThreeWhalesAreACluster"},
    ComponentCheck{Dimension::smart_money, "structure_break", "BarPatterns.EqualsASlowReadingOfTheWholeSeries"},
    ComponentCheck{Dimension::smart_money, "fair_value_gap", "BarPatterns.EqualsASlowReadingOfTheWholeSeries"},
    ComponentCheck{Dimension::smart_money, "order_block", "BarPatterns.EqualsASlowReadingOfTheWholeSeries"},
};

}  // namespace

std::span<const ComponentCheck> component_checks() { return kChecks; }

std::optional<std::string_view> test_of(analysis::Dimension dimension, std::string_view component) {
    for (const ComponentCheck& check : kChecks) {
        if (check.dimension == dimension && check.component == component) return check.test;
    }
    return std::nullopt;
}

}  // namespace vt::confluence
