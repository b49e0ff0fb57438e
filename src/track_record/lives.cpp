#include "track_record/lives.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::track_record {

SymbolNumbers::SymbolNumbers(std::span<const Judged* const> signals) {
    names_.reserve(signals.size());
    for (const Judged* one : signals) {
        if (names_.empty() || names_.back() != one->symbol) names_.push_back(one->symbol);
    }
    std::ranges::sort(names_);
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

std::uint32_t SymbolNumbers::of(std::string_view symbol) const {
    const auto at = std::ranges::lower_bound(names_, symbol);
    VT_ASSERT(at != names_.end());
    return static_cast<std::uint32_t>(at - names_.begin());
}

statistics::Life life_to_barrier(const Judged& judged, const SymbolNumbers& symbols) {
    const Timestamp end = std::max(judged.ended_at, judged.confirmed_at + std::chrono::seconds{1});
    return {to_ns(judged.confirmed_at), to_ns(end), symbols.of(judged.symbol)};
}

statistics::Life life_to_horizon(const Judged& judged, std::size_t horizon, const SymbolNumbers& symbols) {
    return {to_ns(judged.confirmed_at), to_ns(judged.confirmed_at + kHorizons[horizon]), symbols.of(judged.symbol)};
}

std::vector<double> weights_of(std::span<const statistics::Life> lives, double correlation) {
    std::vector<double> weights(lives.size());
    statistics::uniqueness(lives, correlation, weights);
    return weights;
}

}  // namespace vt::track_record
