#pragma once

#include "base/prng.hpp"
#include "sim/book.hpp"
#include "sim/laws.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace vt::sim {

struct LiquidityParams {
    double rate_per_second = 3;  ///< limit orders a second at the touch, each side; (1 + j)^-.8 of it j ticks away
    double size_scale = 1;
    double tick_bps = 1;               ///< one tick, in bps of the price
    double follow_half_life_s = 1;     ///< in which quotes on the wrong side of the efficient price give way
    double tighten_probability = .85;  ///< that a wide spread is closed within one step
};

/// Who rests in the book: limit orders by distance from the opposite best, cancellations (.10/s at the touch to .02/s
/// deep), market makers who withdraw quotes that the efficient price has passed and close a wide spread.
class Liquidity {
public:
    Liquidity(std::uint64_t seed, std::string_view symbol, const LiquidityParams& params);

    /// A book as it would be after a long time at this price.
    void fill(Book& book, double efficient_ticks, double lots_per_quote);
    /// What happens in one step of kStep.
    void step(Book& book, double efficient_ticks, double lots_per_quote);

    /// Fewer orders and a wider spread: `share` of the usual rate, no spread under `spread_ticks`.
    void thin_out(Book& book, double share, std::int64_t spread_ticks);
    /// Orders that stay until unpinned or traded: placed if they do not cross.
    void pin(Book& book, market::Side side, Ticks price, Lots quantity);
    /// Removes what is left of the pinned orders at a price.
    void unpin(Book& book, market::Side side, Ticks price);
    /// To be told of each fill against the book: unpinned orders are filled first.
    void filled(const Book& book, market::Side resting, Ticks price);
    /// While false, quotes stand although the efficient price passes them.
    void set_following(bool follows) { follows_ = follows; }
    [[nodiscard]] Lots draw_size(double lots_per_quote);
    [[nodiscard]] Lots pinned_at(market::Side side, Ticks price) const;

private:
    struct Pin {
        market::Side side;
        Ticks price;
        Lots quantity;
    };
    void place(Book& book, double efficient_ticks, double lots_per_quote);
    void cancel(Book& book, double efficient_ticks);
    void follow(Book& book, double efficient_ticks);
    void tighten(Book& book, double efficient_ticks, double lots_per_quote);
    [[nodiscard]] std::int64_t reference(const Book& book, market::Side side, double efficient_ticks) const;
    [[nodiscard]] std::int64_t draw_distance(Prng& prng) const;
    void withdraw(Book& book, market::Side side, std::int64_t ticks);

    LiquidityParams params_;
    SizeLaw sizes_;
    Prng orders_;
    Prng cancels_;
    Prng makers_;
    std::int64_t levels_;
    double lowest_root_;
    double root_span_;
    std::vector<double> weights_;        // limit orders a second at distance j
    std::vector<double> cancel_chance_;  // accepted share of a proposal, for each order at distance j
    double next_order_s_ = 0;
    double next_cancel_s_ = 0;
    double carry_ = 0;
    double depth_share_ = 1;
    std::int64_t least_spread_ = 1;
    bool follows_ = true;
    std::vector<Pin> pins_;
};

/// The number of ticks that a book of this tick size needs: 150 bps to each side of the price.
[[nodiscard]] std::size_t window_ticks(double tick_bps);

}  // namespace vt::sim
