#include "analysis/sentiment/interest_divergence.hpp"

#include <array>

namespace vt::analysis::sentiment {
namespace {

/// The same data give the same interval, whenever they are looked at.
constexpr std::uint64_t kSeed = 1;

}  // namespace

std::optional<InterestDivergence> interest_divergence(Timestamp at, const OpenInterestPath& path) {
    std::array<double, kDivergenceSpans> price{};
    std::array<double, kDivergenceSpans> interest{};
    const InterestPoint* end = path.before(at, OpenInterestPath::kHistoryStep);
    for (std::size_t i = 0; i < kDivergenceSpans; ++i) {
        const InterestPoint* begin =
            path.before(at - static_cast<std::int64_t>(i + 1) * kDivergenceSpan, OpenInterestPath::kHistoryStep);
        if (end == nullptr || begin == nullptr) return std::nullopt;
        price[i] = end->log_price - begin->log_price;
        interest[i] = end->log_interest - begin->log_interest;
        end = begin;
    }
    const auto ranks = indicators::bootstrap_rank_correlation(price, interest, kDivergenceResamples, kSeed);
    if (!ranks) return std::nullopt;
    return InterestDivergence{.at = at, .ranks = *ranks};
}

}  // namespace vt::analysis::sentiment
