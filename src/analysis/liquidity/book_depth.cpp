#include "analysis/liquidity/book_depth.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vt::analysis::liquidity {
namespace {

using market::Level;
using market::Side;

constexpr double kMinCoveredShare = 0.5;
constexpr double kBandScales = 3;

/// The last price inside the band, by BookRange's own test, so that a level costs one integer comparison.
Ticks last_inside(const BookRange& range, Side side, double bps) {
    constexpr double kHighest = 9e18;
    const double outward = side == Side::buy ? -1 : 1;
    const double edge = static_cast<double>(range.doubled_mid_ticks()) * (10'000 + outward * bps) / 20'000;
    if (edge > kHighest) return Ticks{std::numeric_limits<std::int64_t>::max()};
    if (edge < 0) return Ticks{0};
    Ticks price{static_cast<std::int64_t>(std::llround(edge))};
    const Ticks step{side == Side::buy ? -1 : 1};
    while (range.within(side, price, bps)) price += step;
    while (!range.within(side, price, bps)) price -= step;
    return price;
}
bool is_beyond(Side side, Ticks price, Ticks last) { return side == Side::buy ? price < last : price > last; }

}  // namespace

void quotes_within(const BookFrame& frame, const BookRange& range, Side side, std::span<const double> bands_bps,
                   std::span<std::optional<double>> quotes) {
    VT_ASSERT(bands_bps.size() == quotes.size());
    VT_ASSERT(std::is_sorted(bands_bps.begin(), bands_bps.end()));
    if (bands_bps.empty()) return;
    const market::Units units(frame.instrument);
    std::size_t band = 0;
    double sum = 0;
    Ticks last = last_inside(range, side, bands_bps[0]);
    frame.book.walk(side, [&](const Level& level) {
        while (is_beyond(side, level.price, last)) {
            quotes[band] = sum;
            if (++band == bands_bps.size()) return false;
            last = last_inside(range, side, bands_bps[band]);
        }
        sum += units.quote(level.quantity, units.price(level.price));
        return true;
    });
    for (; band < bands_bps.size(); ++band) quotes[band] = sum;
    for (std::size_t i = 0; i < bands_bps.size(); ++i) {
        if (!range.covers(side, bands_bps[i])) quotes[i].reset();
    }
}

std::optional<double> imbalance_of(const std::optional<double>& bid, const std::optional<double>& ask) {
    if (!bid || !ask || !(*bid + *ask > 0)) return std::nullopt;
    return (*bid - *ask) / (*bid + *ask);
}

std::optional<double> slippage_bps(const BookFrame& frame, const BookRange& range, Side side, double quote,
                                   double within_bps) {
    VT_ASSERT(quote > 0);
    const Side resting = market::opposite(side);
    const market::Units units(frame.instrument);
    const Ticks last = last_inside(range, resting, within_bps);
    double rest = quote;
    double base = 0;
    std::optional<Ticks> last_taken;
    frame.book.walk(resting, [&](const Level& level) {
        if (is_beyond(resting, level.price, last)) return false;
        const double price = units.price(level.price);
        const double available = units.quote(level.quantity, price);
        last_taken = level.price;
        base += std::min(rest, available) / price;
        rest -= available;
        return rest > 0;
    });
    if (rest > 0 || !range.covers_price(resting, *last_taken)) return std::nullopt;
    const double mid = static_cast<double>(range.doubled_mid_ticks()) / 2 * units.tick;
    return 1e4 * market::sign(side) * (quote / base - mid) / mid;
}

double known_bps(const BookRange& range, Side side, double limit_bps) {
    if (range.covers(side, limit_bps)) return limit_bps;
    const double edge = range.edge_bps(side).value_or(kUnlimited);
    const double settled = range.covers(side, BookRange::kSettledBps) ? BookRange::kSettledBps : edge;
    return std::min(limit_bps, std::max(edge, settled));
}

std::optional<DecayedImbalance> decayed_imbalance(const BookFrame& frame, const BookRange& range, double scale_bps) {
    VT_ASSERT(scale_bps > 0);
    const double band = kBandScales * scale_bps;
    const double known = std::min(known_bps(range, Side::buy, band), known_bps(range, Side::sell, band));
    DecayedImbalance result{.covered_share = known / band};
    if (result.covered_share < kMinCoveredShare) return std::nullopt;

    const market::Units units(frame.instrument);
    const double mid = static_cast<double>(range.doubled_mid_ticks()) / 2 * units.tick;
    const double decay = 1e4 / (mid * scale_bps);
    const auto sum_side = [&](Side side, double& quote) {
        const Ticks last = last_inside(range, side, known);
        double sum = 0;
        frame.book.walk(side, [&](const Level& level) {
            if (is_beyond(side, level.price, last)) return false;
            const double price = units.price(level.price);
            const double here = units.quote(level.quantity, price);
            quote += here;
            sum += here * math::exp(-std::abs(mid - price) * decay);
            return true;
        });
        return sum;
    };
    const double bid = sum_side(Side::buy, result.bid_quote);
    const double ask = sum_side(Side::sell, result.ask_quote);
    if (!(bid + ask > 0)) return std::nullopt;
    result.value = (bid - ask) / (bid + ask);
    return result;
}

std::optional<double> rank_decayed_imbalance(const BookFrame& frame) {
    constexpr double kPerRank = 0.5;
    constexpr double kNegligible = 80;  // e^-40 of a level changes nothing
    const auto sum_side = [&](Side side) {
        double sum = 0;
        double rank = 0;
        frame.book.walk(side, [&](const Level& level) {
            sum += static_cast<double>(level.quantity.value()) * math::exp(-kPerRank * rank);
            rank += 1;
            return rank < kNegligible;
        });
        return sum;
    };
    return imbalance_of(sum_side(Side::buy), sum_side(Side::sell));
}

}  // namespace vt::analysis::liquidity
