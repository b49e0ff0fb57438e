#pragma once

#include "analysis/bitcoin_beta/second_returns.hpp"
#include "analysis/refuse_unless.hpp"
#include "base/time.hpp"
#include "indicators/block_shift.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis::bitcoin_beta {

/// What six hours of seconds say about whether, and how late, the instrument follows Bitcoin.
struct LeadLagEstimate {
    Timestamp at;                     ///< the end of its seconds
    std::uint32_t lag_s = 0;          ///< where the two agree most, if Bitcoin leads there; else 0
    double correlation = 0;           ///< at that lag
    double correlation_now = 0;       ///< without a lag
    double beta = 0;                  ///< HY(lag)/RV of Bitcoin, without the seconds of its jumps
    double lambda = 0;                ///< the share of the gap that closes within `lag_s`; 0 unless all tests pass
    double slope = 0;                 ///< that share as it was estimated
    double answered = 0;              ///< share of the own last return that counts as an answer
    double t_hac = 0;                 ///< of it
    std::optional<double> p;          ///< of the block shifts; absent where an earlier test failed
    double stability = 0;             ///< share of 20 parts of the window with the same lag
    double own_sd_bps = 0;            ///< of the instrument's returns over lag_s (1 s without a lag)
    std::uint32_t changes = 0;        ///< of the mid that changed less often
    std::uint32_t seconds = 0;        ///< of the window
    std::uint32_t known_seconds = 0;  ///< of them with all mids

    [[nodiscard]] bool has_lead() const { return lambda > 0; }

    template <class Archive>
    void archive(Archive& a) {
        a(at, lag_s, correlation, correlation_now, beta, lambda, slope, answered, t_hac, p, stability, own_sd_bps,
          changes, seconds, known_seconds);
        refuse_unless(a, lag_s <= 30 && known_seconds <= seconds && own_sd_bps >= 0);
    }
};

/// Once in ten minutes looks for the lag, a little each second, so that no second is slow: the contrast, its
/// stability, the slope, then the block shifts, two a second. Each test is made only if the one before was passed.
///   cost: 30 to 150 us in each of the seconds at work; the first three once, the shifts 90 us for 500 s
///   source: Hayashi and Yoshida 2005; Hoffmann, Rosenbaum and Yoshida 2013; docs/indicators/lead_lag_gap.md
class LeadLagSearch {
public:
    static constexpr std::array<std::size_t, 7> kLags{1, 2, 3, 5, 10, 20, 30};
    static constexpr Nanos kEvery = std::chrono::minutes{10};
    static constexpr std::size_t kMinSeconds = 1800;
    static constexpr std::size_t kParts = 20;
    static constexpr double kMinStability = 0.70;
    static constexpr double kJump = 10;  ///< a second's return beyond so many root mean squares is one
    static constexpr double kMinT = 3;
    static constexpr double kMaxP = 0.01;
    static constexpr std::uint32_t kShiftsPerSecond = 2;

    /// in: `offset` into the ten minutes at which this instrument's search begins
    explicit LeadLagSearch(Nanos offset) : offset_(offset) {}
    /// Does a second's share of the work. in: `returns` as of u, trimmed by this call when a search begins
    void advance(Timestamp u, SecondReturns& returns);
    /// Positions in the returns are not what they were.
    void abandon();
    [[nodiscard]] const std::optional<LeadLagEstimate>& estimate() const { return estimate_; }
    void clear();

    template <class Archive>
    void archive(Archive& a) {
        a(stage_, first_, end_, shifts_, draft_, estimate_);
        refuse_unless(
            a, stage_ <= Stage::shifts && first_ <= end_ && end_ <= SecondReturns::kKept + SecondReturns::kSlack);
    }

private:
    enum class Stage : std::uint8_t { idle, contrast, stability, slope, shifts };
    struct Window;
    void begin(Timestamp u, SecondReturns& returns);
    void find_lag(const Window& window);
    void judge_stability(const Window& window);
    void judge_slope(const Window& window);
    void finish();

    Nanos offset_;
    Stage stage_ = Stage::idle;
    std::size_t first_ = 0, end_ = 0;  // of the window, as positions in the returns
    indicators::BlockShift shifts_;
    LeadLagEstimate draft_;
    std::optional<LeadLagEstimate> estimate_;
};

}  // namespace vt::analysis::bitcoin_beta
