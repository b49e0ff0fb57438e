#include "paper/fees.hpp"

#include <algorithm>
#include <array>

namespace vt::paper {
namespace {

constexpr std::array kBybitTiers{FeeTier{"vip0", {{2, 4}, {55, 5}}},   FeeTier{"vip1", {{18, 5}, {4, 4}}},
                                 FeeTier{"vip2", {{16, 5}, {375, 6}}}, FeeTier{"vip3", {{14, 5}, {35, 5}}},
                                 FeeTier{"vip4", {{12, 5}, {32, 5}}},  FeeTier{"vip5", {{1, 4}, {32, 5}}},
                                 FeeTier{"supreme", {{0, 0}, {3, 4}}}};
constexpr std::array kBinanceTiers{FeeTier{"regular", {{2, 4}, {5, 4}}}};

}  // namespace

std::span<const FeeTier> fee_tiers(market::Venue venue) {
    switch (venue) {
        case market::Venue::bybit: return kBybitTiers;
        case market::Venue::binance: return kBinanceTiers;
    }
    return {};
}

std::optional<FeeRates> fee_rates(market::Venue venue, std::string_view tier) {
    const auto tiers = fee_tiers(venue);
    const auto found = std::ranges::find(tiers, tier, &FeeTier::name);
    if (found == tiers.end()) return std::nullopt;
    return found->rates;
}

trading::Money fee_of(const FeeRates& rates, trading::Money value, bool is_maker) {
    return trading::times(value, is_maker ? rates.maker : rates.taker).value_or(trading::Money{});
}

}  // namespace vt::paper
