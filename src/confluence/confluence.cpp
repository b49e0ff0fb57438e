#include "confluence/confluence.hpp"

#include "base/assert.hpp"
#include "base/version.hpp"
#include "confluence/warm_up.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace vt::confluence {
namespace {

constexpr std::size_t kHistory = 24;
constexpr Nanos kHistoryStep = std::chrono::minutes{5};
constexpr std::size_t kCloses = 16;  // somewhat more than an hour and its tolerance
constexpr Nanos kHourTolerance = std::chrono::minutes{15};
constexpr Nanos kMinute = std::chrono::minutes{1};
constexpr Nanos kDirectionHole = kMinute;
constexpr double kTolerance = 1e-9;

void set_agreement(ScoreRecord& record, double correlation) {
    double sum = 0, sum_of_sizes = 0, sum_of_squares = 0;
    for (const Part& part : record.parts) {
        sum += part.contribution;
        sum_of_sizes += std::abs(part.contribution);
        sum_of_squares += part.contribution * part.contribution;
    }
    record.agreement = std::abs(sum) / (sum_of_sizes + 1);  // one point regularises silence
    const double sides = sum_of_squares > 0 ? sum_of_sizes * sum_of_sizes / sum_of_squares : 0;
    record.independent_sides = sides > 0 ? sides / (1 + (sides - 1) * correlation) : 0;
    if (record.score)
        record.confidence = record.coverage * record.agreement * std::min(1.0, record.independent_sides / 2);
}

std::array<std::optional<double>, analysis::kDimensionCount> dimension_scores(const ScoreRecord& record) {
    std::array<std::optional<double>, analysis::kDimensionCount> scores;
    for (std::size_t d = 0; d < scores.size(); ++d) {
        if (record.parts[d].membership == analysis::Membership::member) scores[d] = record.parts[d].opinion.score;
    }
    return scores;
}

/// Wreg: the weights of each regime by how likely it is.
DimensionWeights regime_weights(const ProfileWeights& weights, const Regime& regime) {
    const auto likely = probabilities(regime);
    // Regimes that weigh alike have nothing to mix: the sum of p W would differ from W in its last bit.
    const bool is_alike = std::all_of(weights.by_regime.begin(), weights.by_regime.end(),
                                      [&](const DimensionWeights& of) { return of == weights.base; });
    if (!likely || is_alike) return weights.base;
    DimensionWeights mixed{};
    for (std::size_t d = 0; d < mixed.size(); ++d) {
        for (std::size_t r = 0; r < kRegimeCount; ++r) mixed[d] += (*likely)[r] * weights.by_regime[r][d];
    }
    return mixed;
}

void set_adjustments(ScoreRecord& record, double dimensions, double regime) {
    const analysis::MarketQuality& q = record.quality;
    const double all = dimensions + regime;
    record.adjustments.regime = regime;
    record.adjustments.data = (q.q_data - 1) * all;
    record.adjustments.liquidity = q.q_data * (q.q_liquidity - 1) * all;
    record.adjustments.toxicity = q.q_data * q.q_liquidity * (q.q_toxicity - 1) * all;
    record.sum = 50 + dimensions + record.adjustments.sum();
    VT_ASSERT(std::abs(record.sum - (50 + all * record.quality_factor())) <= kTolerance);
    // A mix of scores in 0..100, shrunk towards 50, cannot leave 0..100.
    VT_ASSERT(record.sum >= -kTolerance && record.sum <= 100 + kTolerance);
}

}  // namespace

ScoreRecord combine(const Opinions& opinions, const Regime& regime, const Params& params) {
    ScoreRecord record;
    record.at = opinions.at;
    record.quality = opinions.quality;
    record.regime = regime;
    record.first_sequences = opinions.first_sequences;
    const Profile profile = profile_for(params.weights, opinions.memberships);
    const DimensionWeights by_regime = regime_weights(profile.weights, regime);
    record.profile = profile.name;
    double sum = 0;
    double regime_sum = 0;
    for (std::size_t d = 0; d < opinions.dimensions.size(); ++d) {
        Part& part = record.parts[d];
        part.opinion.dimension = static_cast<analysis::Dimension>(d);
        part.membership = opinions.memberships[d];
        const bool is_member = part.membership == analysis::Membership::member;
        VT_ASSERT(is_member == (opinions.dimensions[d] != nullptr));
        if (!is_member) continue;
        ++record.members;
        part.weight = profile.weights.base[d];
        part.regime_weight = by_regime[d];
        part.opinion = *opinions.dimensions[d];
        part.opinion.dimension = static_cast<analysis::Dimension>(d);
        if (!part.opinion.score) continue;
        record.coverage += part.weight * part.opinion.coverage;
        part.contribution = part.weight * part.opinion.coverage * (*part.opinion.score - 50);
        sum += part.contribution;
        regime_sum += (part.regime_weight - part.weight) * part.opinion.coverage * (*part.opinion.score - 50);
    }
    set_adjustments(record, sum, regime_sum);
    if (record.members > 0 && record.coverage >= params.coverage_min - kCoverageTolerance) record.score = record.sum;
    return record;
}

ScoreRecord unevaluated(const analysis::Memberships& memberships, const Params& params) {
    const analysis::DimensionScore unknown{};
    Opinions opinions{.memberships = memberships};
    for (std::size_t d = 0; d < memberships.size(); ++d) {
        if (memberships[d] == analysis::Membership::member) opinions.dimensions[d] = &unknown;
    }
    ScoreRecord record = combine(opinions, {}, params);
    record.score.reset();
    return record;
}

Confluence::Confluence(const Params& params)
    : params_(params),
      versions_(std::make_shared<const Versions>(Versions{.weights = params.weights.version,
                                                          .configuration = params.configuration_hash,
                                                          .binary = std::string(kVersion)})),
      history_(kHistory),
      closes_(kCloses) {}

Direction Confluence::next_direction(double score) const {
    const double low_enter = 100 - params_.direction_enter;
    const double low_leave = 100 - params_.direction_leave;
    if (score >= params_.direction_enter) return Direction::rising;
    if (score <= low_enter) return Direction::falling;
    if (direction_ == Direction::rising && score >= params_.direction_leave) return Direction::rising;
    if (direction_ == Direction::falling && score <= low_leave) return Direction::falling;
    return Direction::neutral;
}

std::shared_ptr<const ScoreRecord> Confluence::evaluate(const Opinions& opinions) {
    auto record = std::make_shared<ScoreRecord>(combine(opinions, regime_.update(opinions.market), params_));
    record->versions = versions_;
    set_agreement(*record, correlation_.mean(params_.correlation_prior));
    if (record->score) {
        direction_ = next_direction(*record->score);
        record->direction = direction_;
    } else {
        direction_ = Direction::neutral;
        record->ready_in = ready_in(*record, params_.coverage_min);
    }
    record->causes = causes_of(*record, opinions);
    remember(*record);
    look_back(*record);
    return record;
}

Causes Confluence::causes_of(const ScoreRecord& record, const Opinions& opinions) const {
    Causes causes;
    if (floor_to(record.at, kMinute) == record.at) causes.set(Cause::minute);
    if (opinions.has_stream_change) causes.set(Cause::stream);
    if (opinions.has_resync_change) causes.set(Cause::resync);
    if (!written_) return causes;
    if (record.regime.label != written_->regime) causes.set(Cause::regime);
    if (record.profile != written_->profile) causes.set(Cause::weights);
    if (record.direction != written_->direction) causes.set(Cause::direction);
    if (record.score && written_->score && std::abs(*record.score - *written_->score) >= params_.move_score)
        causes.set(Cause::move);
    const auto scores = dimension_scores(record);
    for (std::size_t d = 0; d < scores.size(); ++d) {
        const std::optional<double>& before = written_->dimensions[d];
        if (scores[d].has_value() != before.has_value()) causes.set(Cause::dimension);
        if (scores[d] && before && std::abs(*scores[d] - *before) >= params_.move_dimension) causes.set(Cause::move);
    }
    return causes;
}

void Confluence::remember(const ScoreRecord& record) {
    if (!record.causes.empty() || !written_) {
        written_ = Written{.score = record.score,
                           .direction = record.direction,
                           .regime = record.regime.label,
                           .profile = record.profile,
                           .dimensions = dimension_scores(record)};
    }
    if (floor_to(record.at, kHistoryStep) != record.at) return;
    correlation_.add(dimension_scores(record));
    if (record.score) history_.push({record.at, *record.score});
}

/// The newest close that is at least `span` old and less than `tolerance` older than that.
std::shared_ptr<const ScoreTerms> Confluence::close_before(Timestamp at, Nanos span, Nanos tolerance) const {
    for (std::size_t i = closes_.size(); i-- > 0;) {
        const Nanos age = at - closes_[i]->at;
        if (age >= span) return age < span + tolerance ? closes_[i] : nullptr;
    }
    return nullptr;
}

void Confluence::look_back(const ScoreRecord& record) {
    std::shared_ptr<const ScoreTerms> terms;
    const auto now = [&] {
        if (!terms) terms = std::make_shared<const ScoreTerms>(terms_of(record));
        return terms;
    };
    // Where nobody looked for longer, the direction may have changed and come back.
    const bool is_hole = last_at_ && record.at - *last_at_ > kDirectionHole;
    last_at_ = record.at;
    if (record.direction != told_) {
        past_.direction_change = record.direction ? now() : nullptr;
    } else if (is_hole) {
        past_.direction_change = nullptr;
    }
    told_ = record.direction;

    const Timestamp minute = floor_to(record.at, kMinute);
    if (minute == record.at) minute_ends_ = {minute_ends_[1], MinuteEnd{record.at, record.score}};
    past_.minute_before.reset();
    for (const auto& end : minute_ends_) {
        if (end && end->at == minute - kMinute) past_.minute_before = end->score;
    }
    past_.five_minutes = close_before(record.at, kHistoryStep, kHistoryStep);
    past_.hour = close_before(record.at, std::chrono::hours{1}, kHourTolerance);
    if (floor_to(record.at, kHistoryStep) == record.at) closes_.push(now());
}

}  // namespace vt::confluence
