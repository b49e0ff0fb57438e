#include "analysis/liquidity/book_slope.hpp"

#include "base/math.hpp"

#include <cmath>

namespace vt::analysis::liquidity {
namespace {

/// Calls visit(distance as a fraction of the mid, size in base currency) for the known levels, best first.
template <class Visit>
void walk_known(const BookFrame& frame, const BookRange& range, market::Side side, double within_bps, Visit&& visit) {
    const market::Units units(frame.instrument);
    const double mid = static_cast<double>(range.doubled_mid_ticks()) / 2;
    frame.book.walk(side, [&](const market::Level& level) {
        if (!range.within(side, level.price, within_bps) || !range.covers_price(side, level.price)) return false;
        visit(std::abs(static_cast<double>(level.price.value()) / mid - 1),
              units.base(level.quantity, units.price(level.price)));
        return true;
    });
}

}  // namespace

std::optional<double> book_slope(const BookFrame& frame, const BookRange& range, market::Side side,
                                 double within_bps) {
    // One pass: running means and centred sums (Welford), since the levels are not kept.
    double n = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0, size = 0;
    walk_known(frame, range, side, within_bps, [&](double distance, double quantity) {
        const double x = 1e4 * distance;
        size += quantity;
        n += 1;
        const double dx = x - mean_x;
        mean_x += dx / n;
        mean_y += (size - mean_y) / n;
        xx += dx * (x - mean_x);
        xy += dx * (size - mean_y);
    });
    if (n < 2 || !(xx > 0)) return std::nullopt;
    return xy / xx;
}

std::optional<double> book_elasticity(const BookFrame& frame, const BookRange& range, market::Side side,
                                      double within_bps) {
    double n = 0, sum = 0, size = 0, last_log = 0, last_price = 1;
    bool is_measurable = true;
    walk_known(frame, range, side, within_bps, [&](double distance, double quantity) {
        const double price = side == market::Side::buy ? 1 - distance : 1 + distance;  // in mids
        size += quantity;
        const double log_size = math::log(size);
        n += 1;
        if (n == 1) {
            is_measurable = log_size > 0;
            sum = log_size / distance;
        } else if (is_measurable) {
            sum += (log_size / last_log - 1) / std::abs(price / last_price - 1);
        }
        last_log = log_size;
        last_price = price;
    });
    if (n == 0 || !is_measurable) return std::nullopt;
    return sum / n;
}

}  // namespace vt::analysis::liquidity
