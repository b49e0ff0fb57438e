#pragma once

#include "analysis/leaf.hpp"
#include "analysis/membership.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vt::confluence {

/// Kinds of market that weigh the dimensions in their own way.
enum class RegimeLabel : std::uint8_t { calm, trending, stressed };
inline constexpr std::size_t kRegimeCount = 3;
[[nodiscard]] std::string_view name(RegimeLabel label);

/// By dimension.
using DimensionWeights = std::array<double, analysis::kDimensionCount>;

/// A set of dimensions that can be the members of a score, with the name that the configuration and records use.
struct ProfileMembers {
    std::string_view name;
    std::array<bool, analysis::kDimensionCount> has{};
    [[nodiscard]] std::size_t count() const;
};
inline constexpr std::size_t kProfileCount = 8;
/// alt, btc (also other perpetuals that have no beta), spot, spot_btc; each also with a promoted model.
[[nodiscard]] std::span<const ProfileMembers, kProfileCount> profile_members();
/// out: absent where no profile has exactly these members
[[nodiscard]] std::optional<std::size_t> profile_of(const analysis::Memberships& memberships);

/// How much each member of a profile counts; adds up to 1 over the members, 0 elsewhere.
struct ProfileWeights {
    DimensionWeights base{};
    /// W^r, by RegimeLabel. Equal to `base` until a table of them was learned out of sample, so that R is 0.
    std::array<DimensionWeights, kRegimeCount> by_regime{};
    bool operator==(const ProfileWeights&) const = default;
};
/// 1/N over the members, in every regime.
[[nodiscard]] ProfileWeights equal_weights(const std::array<bool, analysis::kDimensionCount>& members);

/// The weights of all profiles. Every change of one gets a new version.
struct Weights {
    std::string version = "equal-1";
    std::array<ProfileWeights, kProfileCount> profiles = equal_profiles();
    bool operator==(const Weights&) const = default;

    [[nodiscard]] static std::array<ProfileWeights, kProfileCount> equal_profiles();
};

/// The profile that an instrument's members make, and its weights.
struct Profile {
    std::string_view name;  ///< "equal": no profile has these members, so they count the same
    ProfileWeights weights;
};
[[nodiscard]] Profile profile_for(const Weights& weights, const analysis::Memberships& memberships);

}  // namespace vt::confluence
