#pragma once

#include "analysis/features/minute_features.hpp"
#include "analysis/refuse_unless.hpp"
#include "base/time.hpp"
#include "indicators/confidence.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace vt::analysis::liquidity {

/// Levels that the price reached, and what was liquidated there.
struct LevelTrials {
    double reached = 0;
    double hits = 0;              ///< with a liquidation of the level's side within the window
    double liquidated_quote = 0;  ///< of that side, sum over the windows
    template <class Archive>
    void archive(Archive& a) {
        a(reached, hits, liquidated_quote);
        refuse_unless(a, hits >= 0 && hits <= reached && liquidated_quote >= 0);
    }
};

/// Where open positions would be liquidated, guessed from open interest and price alone. Nobody publishes at which
/// leverage a position was opened, so this is an estimate by assumption, shown with how often it was right, and never
/// scored.
///
/// Method: what open interest gains in a minute was opened at that minute's average price, half of its sides long and
/// half short (each contract has both), spread over kLeverages by kShares. A long opened at P with leverage L is
/// liquidated at P (1 - 1/L + m), a short at P (1 + 1/L - m), m the maintenance margin. What open interest loses
/// leaves all levels in proportion; positions change hands unseen, so all halve every day that passes, seen or not. A
/// level that the price has passed is gone.
///
/// Hit rate: every half hour the strongest levels of each side are announced. When the price first reaches one within
/// a day, it is a hit if a position of that side was liquidated in that minute or the next. Beside each announced
/// level one placebo is watched by the same rule, at half to one and a half times its distance and where the map says
/// little; a market in which everything is liquidated all the time gives both the same rate.
///   in:     closed minutes, in order; a hole ends what is watched
///   cost:   O(levels) a minute; at most 30 kB
///   source: docs/indicators/liquidation_map.md
class LiquidationMap {
public:
    static constexpr std::array<double, 5> kLeverages{5, 10, 25, 50, 100};
    static constexpr std::array<double, 5> kShares{0.30, 0.30, 0.20, 0.12, 0.08};
    static constexpr double kMaintenanceMargin = 0.005;
    static constexpr Nanos kHalfLife = std::chrono::hours{24};
    static constexpr double kLevelWidth = 0.001;     ///< of the logarithm of the price
    static constexpr std::size_t kMaxLevels = 1024;  ///< beyond it the smallest goes
    static constexpr std::size_t kMaxWatched = 96;   ///< beyond it the oldest goes
    static constexpr std::size_t kAnnounced = 3;     ///< of each side, every half hour
    static constexpr double kAnnouncedReach = 0.05;  ///< they lie within this of the price
    static constexpr Nanos kWatchedFor = std::chrono::hours{24};

    struct Level {
        std::int32_t bucket = 0;  ///< floor(ln(price)/kLevelWidth)
        double long_quote = 0;    ///< notional of the longs that end here, quote currency
        double short_quote = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(bucket, long_quote, short_quote);
            refuse_unless(a, long_quote >= 0 && short_quote >= 0);
        }
    };

    LiquidationMap();
    void close_minute(const MinuteFeatures& minute);
    void clear();

    /// By price, lowest first.
    [[nodiscard]] std::span<const Level> levels() const { return levels_; }
    [[nodiscard]] static double price_of(const Level& level);
    /// How much of the open interest has its opening in the map, 0..1. out: absent while open interest is not known
    [[nodiscard]] std::optional<double> explained_share() const;
    [[nodiscard]] const LevelTrials& announced() const { return announced_; }
    [[nodiscard]] const LevelTrials& placebo() const { return placebo_; }
    /// The rate of hits is in here with 90 %.
    [[nodiscard]] static indicators::Interval hit_rate(const LevelTrials& trials);

    template <class Archive>
    void archive(Archive& a) {
        a(levels_, watched_, announced_, placebo_, last_end_, last_open_interest_, last_price_, placebo_steps_);
        if constexpr (Archive::kIsReader) {
            bool is_sorted = true;
            for (std::size_t i = 1; i < levels_.size(); ++i)
                is_sorted = is_sorted && levels_[i - 1].bucket < levels_[i].bucket;
            if (!is_sorted || levels_.size() > kMaxLevels || watched_.size() > kMaxWatched) {
                clear();
                a.fail();
            }
        }
    }

private:
    struct Watched {
        std::int32_t bucket = 0;
        bool is_long = true;
        bool is_placebo = false;
        Timestamp since;
        std::optional<Timestamp> reached;  // the end of that minute
        double liquidated_quote = 0;       // since
        bool is_over = false;              // to be dropped in this minute
        template <class Archive>
        void archive(Archive& a) {
            a(bucket, is_long, is_placebo, since, reached, liquidated_quote);
        }
    };
    void judge_watched(const MinuteFeatures& minute, Timestamp end, double low, double high);
    void count(const Watched& watched);
    void remove_passed(double low, double high);
    void age(Nanos passed);
    void keep(double share);
    void follow_open_interest(const std::optional<double>& base, double price);
    void add(double price, double long_quote, double short_quote);
    void announce(Timestamp end, double price);
    void announce_side(Timestamp end, double price, bool is_long);
    void watch(const Watched& watched);

    std::vector<Level> levels_;
    std::vector<Watched> watched_;  // by age
    LevelTrials announced_, placebo_;
    std::optional<Timestamp> last_end_;
    std::optional<double> last_open_interest_;  // base currency
    std::optional<double> last_price_;
    std::uint32_t placebo_steps_ = 0;
};

}  // namespace vt::analysis::liquidity
