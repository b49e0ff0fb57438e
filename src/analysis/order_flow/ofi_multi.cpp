#include "analysis/order_flow/ofi_multi.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>

namespace vt::analysis::order_flow {
namespace {

using Matrix = std::array<RankVector, kRanks>;

RankVector equal_weights() {
    RankVector weights;
    weights.fill(1.0);
    return weights;
}

Matrix covariance_sums(const Ring<std::array<float, kRanks>>& vectors) {
    RankVector mean{};
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        for (std::size_t a = 0; a < kRanks; ++a) mean[a] += static_cast<double>(vectors[i][a]);
    }
    for (double& element : mean) element /= static_cast<double>(vectors.size());
    Matrix sums{};
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        for (std::size_t a = 0; a < kRanks; ++a) {
            const double from_mean = static_cast<double>(vectors[i][a]) - mean[a];
            for (std::size_t b = 0; b < kRanks; ++b) {
                sums[a][b] += from_mean * (static_cast<double>(vectors[i][b]) - mean[b]);
            }
        }
    }
    return sums;
}

/// Rounded to 13 significant bits: enough for a direction, and a day's saved state compresses a tenth better.
float coarse(double value) {
    constexpr unsigned kDroppedBits = 11;
    constexpr std::uint32_t kHalf = 1U << (kDroppedBits - 1);
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    return std::bit_cast<float>((bits + kHalf) >> kDroppedBits << kDroppedBits);
}

double sum_of(const RankVector& vector) {
    double sum = 0;
    for (const double element : vector) sum += element;
    return sum;
}

double norm1(const RankVector& vector) {
    double sum = 0;
    for (const double element : vector) sum += std::abs(element);
    return sum;
}

/// matrix x vector, scaled to length 1. out: the length before; 0 leaves `vector` as it was
double step(const Matrix& matrix, RankVector& vector) {
    RankVector next{};
    for (std::size_t a = 0; a < kRanks; ++a) {
        for (std::size_t b = 0; b < kRanks; ++b) next[a] += matrix[a][b] * vector[b];
    }
    double squares = 0;
    for (const double element : next) squares += element * element;
    const double length = std::sqrt(squares);
    if (!(length > 0)) return 0;
    for (std::size_t a = 0; a < kRanks; ++a) vector[a] = next[a] / length;
    return length;
}

}  // namespace

std::optional<RankVector> first_principal_component(const Ring<std::array<float, kRanks>>& vectors) {
    constexpr int kMaxSteps = 1000;
    constexpr double kConverged = 1e-13;
    if (vectors.size() < 2) return std::nullopt;
    const Matrix matrix = covariance_sums(vectors);
    RankVector direction = equal_weights();
    for (int i = 0; i < kMaxSteps; ++i) {
        const RankVector before = direction;
        if (step(matrix, direction) == 0) return std::nullopt;
        double change = 0;
        for (std::size_t a = 0; a < kRanks; ++a) change += std::abs(direction[a] - before[a]);
        if (change < kConverged) break;
    }
    const double sum = sum_of(direction);
    if (sum == 0) return std::nullopt;
    if (sum < 0) {
        for (double& element : direction) element = -element;
    }
    return direction;
}

std::optional<double> weighted_ofi(const BookSums& sums, const RankVector& weights) {
    const auto mean_size = sums.mean_rank_size();
    if (!mean_size || !(*mean_size > 0)) return std::nullopt;
    double total = 0;
    for (std::size_t rank = 0; rank < kRanks; ++rank) total += weights[rank] * sums.ofi[rank];
    return total / (norm1(weights) * *mean_size);
}

OfiMulti::OfiMulti() : weights_(equal_weights()) {}

Component OfiMulti::describe() {
    Component component = {.name = "ofi_multi", .unit = "1", .weight = 0.20, .map = MapKind::z0};
    const ScoreMap map{.kind = MapKind::z0};
    component.leaves = {{.frame = Frame::m1, .weight = 0.5, .map = map},
                        {.frame = Frame::m5, .weight = 0.35, .map = map},
                        {.frame = Frame::m30, .weight = 0.15, .map = map}};
    return component;
}

void OfiMulti::close_minute(const FlowContext& context) {
    const BookSums& minute = context.books_1m;
    if (minute.valid_seconds >= 30 && minute.frames > 0 && minute.rank_size_sum > 0) {
        const double mean_size = *minute.mean_rank_size();
        std::array<float, kRanks> vector{};
        for (std::size_t rank = 0; rank < kRanks; ++rank) vector[rank] = coarse(minute.ofi[rank] / mean_size);
        minutes_.push(vector);
    }
    if (floor_to(context.u(), kDay) != context.u() || minutes_.size() < kMinMinutes) return;
    if (const auto direction = first_principal_component(minutes_)) {
        weights_ = *direction;
        has_own_weights_ = true;
    }
}

void OfiMulti::evaluate(const FlowContext& context, Component& component) {
    if (context.closes_minute()) close_minute(context);
    for (std::size_t i = 0; i < normalisers_.size(); ++i) {
        Leaf& leaf = component.leaves[i];
        const BookSums& sums = context.books_over(leaf.frame);
        Observation seen{.value = weighted_ofi(sums, weights_),
                         .events = static_cast<double>(sums.frames),
                         .events_min = kMinFrames,
                         .missing_share = missing_share(sums, leaf.frame),
                         .flags = context.book_flags,
                         .source_sequence = context.books.last_sequence()};
        if (sums.frames == 0) {
            seen.flags.set(Flag::no_event);
            seen.value = 0;
        }
        if (!has_own_weights_) seen.flags.set(Flag::equal_weights);
        judge(leaf, normalisers_[i], seen, {{Input::book, context.ages.book}}, context.second);
    }
}

}  // namespace vt::analysis::order_flow
