#pragma once

#include "analysis/leaf.hpp"
#include "market/instrument.hpp"

#include <array>
#include <cstdint>

namespace vt::analysis {

/// Whether a dimension takes part in an instrument's score. Only a member that has nothing to say lowers the
/// coverage.
enum class Membership : std::uint8_t {
    not_installed,   ///< this program has no such dimension
    not_applicable,  ///< known before the market speaks: Bitcoin has no beta to itself
    member,
};
/// By dimension.
using Memberships = std::array<Membership, kDimensionCount>;

/// What an instrument's score is made of, known from its listing alone.
[[nodiscard]] Memberships memberships_of(const market::Instrument& instrument);

}  // namespace vt::analysis
