#pragma once

#include "analysis/leaf.hpp"
#include "analysis/market_quality.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"
#include "confluence/dimension_correlation.hpp"
#include "confluence/params.hpp"
#include "confluence/score_record.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace vt::confluence {

/// What one evaluation brings.
struct Opinions {
    Timestamp at;  ///< a whole second
    /// By dimension; null for those that are no members.
    std::array<const analysis::DimensionScore*, analysis::kDimensionCount> dimensions{};
    analysis::Memberships memberships{};
    analysis::MarketQuality quality;
    bool has_stream_change = false;  ///< a stream of the instrument went stale or live since the last evaluation
};

/// The sum itself, without memory: weights, contributions, adjustments, coverage.
///   S = 50 + Q sum W_d c_d (s_d - 50), Q = q_data q_liquidity q_toxicity, equal weights over the members.
///   Missing evidence shrinks S towards 50 and shows as coverage; it is never replaced by what is left.
[[nodiscard]] ScoreRecord combine(const Opinions& opinions, double coverage_min);

/// The record before the first evaluation: the members are known, and nothing is known of them.
[[nodiscard]] ScoreRecord unevaluated(const analysis::Memberships& memberships);

/// Dimensions to one score, with the memory that needs: direction, records, history. One for each instrument.
class Confluence {
public:
    explicit Confluence(const Params& params);

    /// The score of one second. in: seconds ascend
    [[nodiscard]] std::shared_ptr<const ScoreRecord> evaluate(const Opinions& opinions);

    struct PastScore {
        Timestamp at;
        double score = 0;
    };
    /// The scores at the last 24 closes of 5 minutes, oldest first.
    [[nodiscard]] const Ring<PastScore>& history() const { return history_; }
    [[nodiscard]] const Params& params() const { return params_; }

private:
    [[nodiscard]] Direction next_direction(double score) const;
    [[nodiscard]] Causes causes_of(const ScoreRecord& record, const Opinions& opinions) const;
    void remember(const ScoreRecord& record);

    Params params_;
    DimensionCorrelation correlation_;
    Direction direction_ = Direction::neutral;
    Ring<PastScore> history_;
    struct Written {
        std::optional<double> score;
        std::optional<Direction> direction;
        std::array<std::optional<double>, analysis::kDimensionCount> dimensions;
    };
    std::optional<Written> written_;  ///< of the last record
};

}  // namespace vt::confluence
