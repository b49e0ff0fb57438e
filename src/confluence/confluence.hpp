#pragma once

#include "analysis/leaf.hpp"
#include "analysis/market_quality.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"
#include "confluence/changes.hpp"
#include "confluence/dimension_correlation.hpp"
#include "confluence/params.hpp"
#include "confluence/regime.hpp"
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
    analysis::MarketState market;
    analysis::FrameSequences first_sequences{};
    bool has_stream_change = false;  ///< a stream of the instrument went stale or live since the last evaluation
    bool has_resync_change = false;  ///< its book began or ended to be fetched anew since the last evaluation
};

/// The sum itself, without memory: weights, contributions, adjustments, coverage.
///   S = 50 + Q sum Wreg_d c_d (s_d - 50), Q = q_data q_liquidity q_toxicity, weights of the members' profile.
///   Missing evidence shrinks S towards 50 and shows as coverage; it is never replaced by what is left.
[[nodiscard]] ScoreRecord combine(const Opinions& opinions, const Regime& regime, const Params& params);

/// The record before the first evaluation: the members are known, and nothing is known of them.
[[nodiscard]] ScoreRecord unevaluated(const analysis::Memberships& memberships, const Params& params);

/// Scores of before that the newest is held against; null while there is none.
struct Past {
    std::shared_ptr<const ScoreTerms> direction_change;  ///< the first of the direction that holds now
    std::shared_ptr<const ScoreTerms> five_minutes;      ///< the newest 5-minute close that is 5 minutes old or more
    std::shared_ptr<const ScoreTerms> hour;              ///< likewise of an hour
    std::optional<double> minute_before;                 ///< the score of the closed minute before the newest one
};

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
    /// As seen from the last evaluation.
    [[nodiscard]] const Past& past() const { return past_; }
    [[nodiscard]] const Params& params() const { return params_; }

private:
    [[nodiscard]] Direction next_direction(double score) const;
    void look_back(const ScoreRecord& record);
    [[nodiscard]] Causes causes_of(const ScoreRecord& record, const Opinions& opinions) const;
    void remember(const ScoreRecord& record);

    Params params_;
    std::shared_ptr<const Versions> versions_;
    RegimeFilter regime_;
    DimensionCorrelation correlation_;
    Direction direction_ = Direction::neutral;
    Ring<PastScore> history_;
    struct Written {
        std::optional<double> score;
        std::optional<Direction> direction;
        std::optional<RegimeLabel> regime;
        std::string_view profile;
        std::array<std::optional<double>, analysis::kDimensionCount> dimensions;
    };
    std::optional<Written> written_;                  ///< of the last record
    Ring<std::shared_ptr<const ScoreTerms>> closes_;  ///< at 5-minute closes, somewhat more than an hour
    std::optional<Direction> told_;                   ///< the direction of the last evaluation
    std::optional<double> minute_score_;              ///< of the newest closed minute
    Past past_;
};

}  // namespace vt::confluence
