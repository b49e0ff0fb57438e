#pragma once

#include "base/prng.hpp"
#include "base/time.hpp"
#include "market/event.hpp"
#include "sim/symbol.hpp"
#include "sim/tape.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace vt::sim {

struct DerivativesParams {
    Timestamp start;
    Nanos funding_interval = std::chrono::hours{8};
    double mean_minute_quote = 1e6;  ///< mean turnover of a minute
    double premium_half_life_h = 2;
    double premium_sd_bps = 3;
    double premium_per_crowding_bps = 5;
    double crowding_half_life_h = 6;
    double opening_share = .4;  ///< of the takers' quantity; as much closes
};

/// A position that the venue closes: a market order of the other side.
struct ForcedClose {
    market::LiquidatedSide side = market::LiquidatedSide::long_position;
    double quantity_base = 0;
    double bankruptcy_price = 0;
};

/// One sample of what a venue publishes every five minutes, or at every settlement.
struct Sample {
    Timestamp at;
    double value = 0;
};

/// A perpetual contract beside its trades: open positions by the price at which they are liquidated, premium,
/// funding, crowding and the long/short ratio that follows it.
class Derivatives {
public:
    Derivatives(std::uint64_t seed, const SymbolParams& symbol, const DerivativesParams& params, Tape& tape);

    /// A taker traded: part of it opens new positions on both sides, as much closes.
    void on_taker(double quantity_base, double price);
    /// One second went by. in: efficient price; the mark follows it with the premium
    void step_second(Timestamp now, double efficient_price);
    /// Positions whose liquidation price the mark has passed since the last call.
    [[nodiscard]] std::vector<ForcedClose> take_forced_closes();
    /// Extra longs whose liquidation prices lie between the two.
    void stack_longs(double from_price, double to_price, double quantity_base);
    /// Adds to crowding, beside its own process.
    void set_extra_crowding(double extra) { extra_crowding_ = extra; }
    /// Scales open interest: QUAD's planted drift.
    void scale_open_interest(double factor) { scale_ *= factor; }

    [[nodiscard]] double mark_price() const { return mark_; }
    [[nodiscard]] double index_price() const { return index_; }
    [[nodiscard]] double premium() const { return premium_; }
    [[nodiscard]] double crowding() const { return crowding_ + extra_crowding_; }
    [[nodiscard]] double open_interest_base() const { return total_ * scale_; }
    /// The running estimate for the current interval.
    [[nodiscard]] double funding_rate() const;
    [[nodiscard]] Timestamp next_funding() const { return next_funding_; }
    [[nodiscard]] Nanos funding_interval() const { return params_.funding_interval; }
    /// Of all accounts.
    [[nodiscard]] double long_share() const { return long_share_; }

    /// Open interest (base, one side) and long shares, every five minutes; settlements. Oldest first. All accounts
    /// lean with the crowd, those of top traders less, and their positions against it. Samples before the session are
    /// made backwards from its start, at most `limit`, the newest ones in [from, to].
    [[nodiscard]] std::vector<Sample> open_interest(Nanos step, Timestamp from, Timestamp to, std::size_t limit);
    [[nodiscard]] std::vector<Sample> long_shares(market::RatioOf of, Nanos step, Timestamp from, Timestamp to,
                                                  std::size_t limit);
    [[nodiscard]] std::vector<Sample> settlements(Timestamp from, Timestamp to, std::size_t limit);

private:
    static constexpr std::size_t kBuckets = 4096;
    struct Stack {
        std::vector<double> quantity;  // by bucket of the log of the liquidation price
    };
    enum class Kind : std::uint8_t { interest, ratio, funding };
    struct Series {
        Kind kind;
        Prng draws;
        std::int64_t step_ns;
        std::int64_t first_ns;       // of since[0]
        std::vector<double> before;  // backwards from first_ns - step_ns
        std::vector<double> since;
        double state = 0;  // of the process that makes `before`
    };
    [[nodiscard]] std::size_t bucket(double price) const;
    [[nodiscard]] double bucket_price(std::size_t index) const;
    void open(double quantity_base, double price);
    void seed_positions(Tape& tape);
    void liquidate(double lowest, double highest);
    void sample_five_minutes();
    void settle();
    double older(Series& series, std::size_t back);
    [[nodiscard]] std::vector<Sample> samples(Series& series, Nanos every, Timestamp from, Timestamp to,
                                              std::size_t limit);
    static void keep(Series& series, double value);

    DerivativesParams params_;
    double start_price_;
    double start_open_interest_;
    Prng premium_draws_;
    Prng crowding_draws_;
    std::array<Prng, market::kRatioCount> ratio_draws_;
    double mark_;
    double index_;
    double premium_ = 0;
    double crowding_ = 0;
    double extra_crowding_ = 0;
    double long_share_ = .5;
    double total_ = 0;
    double scale_ = 1;
    double premium_sum_ = 0;
    double premium_count_ = 0;
    Timestamp next_funding_;
    std::int64_t next_sample_ns_;
    Stack longs_, shorts_;
    std::vector<ForcedClose> due_;
    Series interest_, funding_;
    std::array<Series, market::kRatioCount> ratios_;
};

/// F = P + clamp(I - P, -.05 %, +.05 %), with I = .01 % for 8 hours in proportion to the interval.
[[nodiscard]] double funding_rate(double premium, Nanos interval);

}  // namespace vt::sim
