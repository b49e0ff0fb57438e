#include "risk/expected_shortfall.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace vt::risk {
namespace {

double loss_of(const ShortfallPart& part, double move, Netting netting) {
    if (netting == Netting::netted) return (part.shorts - part.longs) * move;
    return std::max(-part.longs * move, part.shorts * move);
}

/// The intervals that every market reaches.
struct CommonSpan {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

CommonSpan common_span(std::span<const ShortfallPart> parts) {
    CommonSpan reach{.begin = parts.front().moves->first, .end = parts.front().moves->first};
    reach.end += static_cast<std::int64_t>(parts.front().moves->moves.size());
    for (const ShortfallPart& part : parts) {
        reach.begin = std::max(reach.begin, part.moves->first);
        reach.end = std::min(reach.end, part.moves->first + static_cast<std::int64_t>(part.moves->moves.size()));
    }
    return reach;
}

}  // namespace

std::shared_ptr<const MarketMoves> filtered_moves(std::span<const PastReturn> returns) {
    if (returns.size() < kMovesToWarmUp + kMovesLeast) return nullptr;
    double variance = 0;
    for (const PastReturn& one : returns.first(kMovesToWarmUp)) variance += one.value * one.value;
    variance /= static_cast<double>(kMovesToWarmUp);
    const auto told = returns.subspan(kMovesToWarmUp);
    std::vector<double> variances;  // expected before each
    variances.reserve(told.size());
    for (const PastReturn& one : told) {
        variances.push_back(variance);
        variance = kVolatilityMemory * variance + (1 - kVolatilityMemory) * one.value * one.value;
    }
    const auto newest = told.back().interval;
    auto made = std::make_shared<MarketMoves>();
    made->first = std::max(told.front().interval, newest + 1 - static_cast<std::int64_t>(kMovesMost));
    made->moves.resize(static_cast<std::size_t>(newest + 1 - made->first));
    const double intervals = to_seconds(kShortfallHorizon) / to_seconds(kMoveInterval);
    std::size_t known = 0;
    for (std::size_t i = 0; i < told.size(); ++i) {
        if (told[i].interval < made->first || !(variances[i] > 0)) continue;
        const double scale = std::sqrt(variance / variances[i] * intervals);
        made->moves[static_cast<std::size_t>(told[i].interval - made->first)] = math::exp(told[i].value * scale) - 1;
        ++known;
    }
    return known < kMovesLeast ? nullptr : made;
}

double mean_of_largest(std::span<double> losses, double tail) {
    VT_ASSERT(!losses.empty() && tail > 0 && tail <= 1);
    const double wanted = static_cast<double>(losses.size()) * tail;
    const auto touched = static_cast<std::ptrdiff_t>(std::min(std::ceil(wanted), static_cast<double>(losses.size())));
    std::partial_sort(losses.begin(), losses.begin() + touched, losses.end(), std::greater{});
    double sum = 0, left = wanted;
    for (const double loss : losses.first(static_cast<std::size_t>(touched))) {
        sum += std::min(left, 1.0) * loss;
        left -= 1;
    }
    return sum / wanted;
}

std::optional<Shortfall> expected_shortfall(std::span<const ShortfallPart> parts, Netting netting) {
    if (parts.empty()) return Shortfall{};
    for (const ShortfallPart& part : parts)
        if (part.moves == nullptr) return std::nullopt;
    const CommonSpan reach = common_span(parts);
    std::vector<double> losses;
    losses.reserve(kMovesMost);
    for (std::int64_t interval = reach.begin; interval < reach.end; ++interval) {
        double loss = 0;
        const bool is_known = std::ranges::all_of(parts, [&](const ShortfallPart& part) {
            const auto& move = part.moves->moves[static_cast<std::size_t>(interval - part.moves->first)];
            if (move) loss += loss_of(part, *move, netting);
            return move.has_value();
        });
        if (is_known) losses.push_back(loss);
    }
    if (losses.size() < kMovesLeast) return std::nullopt;
    const auto amount = trading::money_of(std::max(0.0, mean_of_largest(losses, kShortfallTail)));
    if (!amount) return std::nullopt;
    return Shortfall{.amount = *amount,
                     .scenarios = static_cast<std::uint32_t>(losses.size()),
                     .coverage = static_cast<double>(losses.size()) / static_cast<double>(kMovesMost)};
}

}  // namespace vt::risk
