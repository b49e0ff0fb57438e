#include "analysis/features/band_sampler.hpp"

#include <algorithm>

namespace vt::analysis {
namespace {

using market::Side;

struct SideBands {
    std::array<double, kBandsBps.size()> notional{};
    std::optional<double> impact_bps;
};

/// One walk outward: depth in each band, and the slippage of a market order of kImpactNotional.
SideBands walk_side(const BookFrame& frame, const BookRange& range, Side side) {
    SideBands result;
    const market::Units units(frame.instrument);
    const double mid = static_cast<double>(range.doubled_mid_ticks()) * units.tick / 2;
    double left = kImpactNotional;
    double bought = 0;
    frame.book.walk(side, [&](const market::Level& level) {
        if (!range.within(side, level.price, kBandsBps.back())) return false;
        const double price = units.price(level.price);
        const double lots = static_cast<double>(level.quantity.value());
        const double notional = units.is_inverse ? lots * units.lot : price * lots * units.lot;
        for (std::size_t band = 0; band < kBandsBps.size(); ++band) {
            if (range.within(side, level.price, kBandsBps[band])) result.notional[band] += notional;
        }
        if (left > 0) {
            const double taken = std::min(left, notional);
            bought += taken / price;
            left -= taken;
            if (left <= 0 && range.covers_price(side, level.price)) {
                const double average = kImpactNotional / bought;
                result.impact_bps = 1e4 * (side == Side::sell ? average - mid : mid - average) / mid;
            }
        }
        return true;
    });
    return result;
}

/// The mean of what was defined often enough.
class SampleMean {
public:
    void add(const std::optional<double>& value) {
        if (!value) return;
        sum_ += *value;
        ++n_;
    }
    [[nodiscard]] std::optional<double> value() const {
        if (n_ < kMinSamples) return std::nullopt;
        return sum_ / n_;
    }

private:
    double sum_ = 0;
    std::uint32_t n_ = 0;
};

void keep_least(std::optional<double>& least, const std::optional<double>& value) {
    if (value) least = std::min(least.value_or(*value), *value);
}

std::optional<double> imbalance(const std::optional<double>& bid, const std::optional<double>& ask) {
    if (!bid || !ask || !(*bid + *ask > 0)) return std::nullopt;
    return (*bid - *ask) / (*bid + *ask);
}

}  // namespace

BandSample sample_bands(const BookFrame& frame, const BookRange& range) {
    BandSample sample{.is_valid = true};
    const SideBands bids = walk_side(frame, range, Side::buy);
    const SideBands asks = walk_side(frame, range, Side::sell);
    for (std::size_t band = 0; band < kBandsBps.size(); ++band) {
        if (range.covers(Side::buy, kBandsBps[band])) sample.bid_depth[band] = bids.notional[band];
        if (range.covers(Side::sell, kBandsBps[band])) sample.ask_depth[band] = asks.notional[band];
    }
    sample.cover_bid_bps = range.edge_bps(Side::buy);
    sample.cover_ask_bps = range.edge_bps(Side::sell);
    sample.impact_buy_bps = asks.impact_bps;
    sample.impact_sell_bps = bids.impact_bps;
    return sample;
}

void BandSampler::add(Timestamp u, const BookFrame* frame, const BookRange* range) {
    BandSample* sample = samples_.at(u - kSecond);
    *sample = frame != nullptr ? sample_bands(*frame, *range) : BandSample{};
}

BandMinute BandSampler::minute(Timestamp u) const {
    BandMinute minute;
    std::array<SampleMean, kBandsBps.size()> bid;
    std::array<SampleMean, kBandsBps.size()> ask;
    std::array<SampleMean, kBandsBps.size()> balance;
    SampleMean buy;
    SampleMean sell;
    samples_.visit(u, 60, [&](const BandSample& sample) {
        if (!sample.is_valid) return;
        ++minute.samples;
        for (std::size_t band = 0; band < kBandsBps.size(); ++band) {
            bid[band].add(sample.bid_depth[band]);
            ask[band].add(sample.ask_depth[band]);
            balance[band].add(imbalance(sample.bid_depth[band], sample.ask_depth[band]));
        }
        keep_least(minute.cover_bid_bps, sample.cover_bid_bps);
        keep_least(minute.cover_ask_bps, sample.cover_ask_bps);
        buy.add(sample.impact_buy_bps);
        sell.add(sample.impact_sell_bps);
    });
    for (std::size_t band = 0; band < kBandsBps.size(); ++band) {
        minute.bid_depth[band] = bid[band].value();
        minute.ask_depth[band] = ask[band].value();
        minute.imbalance[band] = balance[band].value();
    }
    minute.impact_buy_bps = buy.value();
    minute.impact_sell_bps = sell.value();
    return minute;
}

void BandSampler::skip_to(Timestamp u) {
    samples_.clear();
    (void)samples_.at(u);
}

}  // namespace vt::analysis
