#include "confluence/weights.hpp"

#include <algorithm>

namespace vt::confluence {
namespace {

// order_flow, sentiment, liquidity, bitcoin_beta, smart_money, machine_learning
constexpr std::array<ProfileMembers, kProfileCount> kProfiles = {{
    {"alt", {true, true, true, true, true, false}},
    {"alt_model", {true, true, true, true, true, true}},
    {"btc", {true, true, true, false, true, false}},
    {"btc_model", {true, true, true, false, true, true}},
    {"spot", {true, false, true, true, true, false}},
    {"spot_model", {true, false, true, true, true, true}},
    {"spot_btc", {true, false, true, false, true, false}},
    {"spot_btc_model", {true, false, true, false, true, true}},
}};

std::array<bool, analysis::kDimensionCount> members_of(const analysis::Memberships& memberships) {
    std::array<bool, analysis::kDimensionCount> members{};
    for (std::size_t d = 0; d < members.size(); ++d) members[d] = memberships[d] == analysis::Membership::member;
    return members;
}

}  // namespace

std::string_view name(RegimeLabel label) {
    switch (label) {
        case RegimeLabel::calm: return "calm";
        case RegimeLabel::trending: return "trending";
        case RegimeLabel::stressed: return "stressed";
    }
    return "unknown";
}

std::size_t ProfileMembers::count() const {
    return static_cast<std::size_t>(std::count(has.begin(), has.end(), true));
}

std::span<const ProfileMembers, kProfileCount> profile_members() { return kProfiles; }

std::optional<std::size_t> profile_of(const analysis::Memberships& memberships) {
    const auto members = members_of(memberships);
    for (std::size_t i = 0; i < kProfiles.size(); ++i) {
        if (kProfiles[i].has == members) return i;
    }
    return std::nullopt;
}

ProfileWeights equal_weights(const std::array<bool, analysis::kDimensionCount>& members) {
    ProfileWeights weights;
    const auto count = static_cast<double>(std::count(members.begin(), members.end(), true));
    for (std::size_t d = 0; d < members.size(); ++d) weights.base[d] = members[d] ? 1.0 / count : 0.0;
    weights.by_regime.fill(weights.base);
    return weights;
}

std::array<ProfileWeights, kProfileCount> Weights::equal_profiles() {
    std::array<ProfileWeights, kProfileCount> profiles;
    for (std::size_t i = 0; i < profiles.size(); ++i) profiles[i] = equal_weights(kProfiles[i].has);
    return profiles;
}

Profile profile_for(const Weights& weights, const analysis::Memberships& memberships) {
    if (const auto index = profile_of(memberships)) return {kProfiles[*index].name, weights.profiles[*index]};
    return {"equal", equal_weights(members_of(memberships))};
}

}  // namespace vt::confluence
