#pragma once

#include "analysis/leaf.hpp"
#include "analysis/sentiment/cascade_watch.hpp"
#include "analysis/sentiment/facts.hpp"
#include "analysis/sentiment/fear_greed.hpp"
#include "analysis/sentiment/funding_excess.hpp"
#include "analysis/sentiment/liquidation_imbalance.hpp"
#include "analysis/sentiment/long_short_accounts.hpp"
#include "analysis/sentiment/oi_price.hpp"
#include "analysis/sentiment/open_interest_path.hpp"
#include "analysis/sentiment/premium.hpp"
#include "analysis/sentiment/ratio_history.hpp"
#include "analysis/sentiment/sentiment_context.hpp"
#include "analysis/sentiment/top_vs_crowd.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::sentiment {

/// What of a perpetual's venue the dimension depends on.
struct SentimentParams {
    Flags liquidation_flags;       ///< `censored` where the venue publishes only some of them
    bool has_top_traders = false;  ///< the venue publishes the largest accounts' positions
    /// In which of the minutes of a span the divergence is looked for, so that not all instruments do so at once.
    std::uint32_t phase = 0;
};

/// The dimension "sentiment": how the holders of a perpetual are positioned, and who is forced out. Seven components,
/// four of them in the shadow. Where the venue says nothing of top traders, the others share their weight.
class Sentiment {
public:
    explicit Sentiment(const SentimentParams& params);

    /// Closed candles; those of 5 minutes are used. In order of time.
    void on_candle(const market::Candle& candle);
    /// From the venue's history, in order of time each.
    void on_open_interest(Timestamp at, double base);
    void on_long_short_ratio(Timestamp at, const market::LongShortRatio& ratio);
    /// in: the contract's own interest, as in SentimentContext
    void on_settlement(Timestamp at, double rate, std::optional<double> interest_per_8h = std::nullopt);
    /// Of a second that is about to be evaluated, in order of time.
    void on_liquidation(const LiquidationPrint& liquidation) { liquidation_imbalance_.add(liquidation); }
    void evaluate(const SentimentContext& context);

    [[nodiscard]] const DimensionScore& score() const { return score_; }
    [[nodiscard]] const Facts& facts() const { return facts_; }

    /// The contract changed: its coins are counted anew.
    void clear_prices();
    /// What comes next is of another session, at other prices.
    void join_to_next_prices() { path_.join_to_next(); }
    /// Nothing was seen for so long.
    void skip(Nanos span);

    template <class Archive>
    void archive(Archive& a) {
        a(path_, crowd_, top_, oi_price_, funding_excess_, premium_, liquidation_imbalance_, cascade_watch_,
          facts_.divergence, is_contract_new_);
    }

private:
    void take_point(const InterestPoint& point) { oi_price_.on_point(point, path_, scratch_); }
    void close_minute(const SentimentContext& context);
    void set_facts(Timestamp u);

    SentimentParams params_;
    OpenInterestPath path_;
    RatioHistory crowd_, top_;
    OiPrice oi_price_;
    FundingExcess funding_excess_;
    Premium premium_;
    LiquidationImbalance liquidation_imbalance_;
    CascadeWatch cascade_watch_;
    bool is_contract_new_ = false;  // open interest of before its change is gone
    Facts facts_;
    std::vector<float> scratch_;
    DimensionScore score_;
};

}  // namespace vt::analysis::sentiment
