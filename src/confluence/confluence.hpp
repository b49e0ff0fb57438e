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

/// Scores of before that the newest is held against, chosen by time: none where nobody looked then.
struct Past {
    std::shared_ptr<const ScoreTerms> direction_change;  ///< the first of the direction that holds, if seen to hold
    std::shared_ptr<const ScoreTerms> five_minutes;      ///< of the 5-minute close 5 to 10 minutes ago
    std::shared_ptr<const ScoreTerms> hour;              ///< of the newest close 60 to 75 minutes ago
    std::optional<double> minute_before;  ///< the score at the minute's end a minute before the newest one
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
    [[nodiscard]] std::shared_ptr<const ScoreTerms> close_before(Timestamp at, Nanos span, Nanos tolerance) const;
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
    /// The scores at the last two minutes' ends that were evaluated, newest last.
    struct MinuteEnd {
        Timestamp at;
        std::optional<double> score;
    };
    std::array<std::optional<MinuteEnd>, 2> minute_ends_;
    std::optional<Timestamp> last_at_;  ///< of the last evaluation
    Past past_;
};

}  // namespace vt::confluence
