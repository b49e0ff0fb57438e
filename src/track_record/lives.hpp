#pragma once

#include "statistics/effective_size.hpp"
#include "track_record/judged.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace vt::track_record {

/// The symbols of some signals, each with a number; the numbers follow the alphabet.
class SymbolNumbers {
public:
    explicit SymbolNumbers(std::span<const Judged* const> signals);

    /// Of a symbol that is there.
    [[nodiscard]] std::uint32_t of(std::string_view symbol) const;
    [[nodiscard]] std::span<const std::string_view> names() const { return names_; }

private:
    std::vector<std::string_view> names_;  ///< ascending; the signals' own text
};

/// From confirmation to the barrier; a second at least, were it met in the moment of confirmation.
[[nodiscard]] statistics::Life life_to_barrier(const Judged& judged, const SymbolNumbers& symbols);
/// From confirmation to the horizon.
[[nodiscard]] statistics::Life life_to_horizon(const Judged& judged, std::size_t horizon,
                                               const SymbolNumbers& symbols);

/// Uniqueness of each life; see statistics::uniqueness.
[[nodiscard]] std::vector<double> weights_of(std::span<const statistics::Life> lives, double correlation);

}  // namespace vt::track_record
