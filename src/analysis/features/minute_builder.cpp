#include "analysis/features/minute_builder.hpp"

#include "analysis/order_flow/count_imbalance.hpp"
#include "analysis/order_flow/trade_imbalance.hpp"
#include "analysis/quality_tracker.hpp"
#include "base/math.hpp"
#include "indicators/least_squares.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace vt::analysis {
namespace {

constexpr std::size_t kSeconds = 60;
constexpr Nanos kMinValid = std::chrono::seconds{30};  // less of a whole minute gives no mean

void fill_trades(MinuteFeatures& minute, const MinuteSources& from) {
    const TradeSums& sums = from.trade_sums;
    minute.n_trades = sums.n();
    minute.n_parents = sums.parents();
    minute.volume_1m = sums.quantity();
    minute.notional_1m = sums.notional();
    minute.buy_notional_1m = sums.buy_notional;
    minute.sell_notional_1m = sums.sell_notional;
    minute.cvd_1m = sums.buy_quantity - sums.sell_quantity;
    minute.cvd_notional_1m = sums.net_notional();
    minute.tfi_1m = order_flow::notional_imbalance(sums);
    minute.tfi_count_1m = order_flow::share_imbalance(sums.n_buy, sums.n_sell);
    minute.parent_notional_max = from.parents.notional_max;
    minute.large_threshold = from.parents.threshold;
    const double large = from.parents.large_buy + from.parents.large_sell;
    if (from.parents.threshold && sums.notional() > 0) {
        minute.large_share_1m = large / sums.notional();
        if (large > 0) minute.large_imbalance_1m = (from.parents.large_buy - from.parents.large_sell) / large;
    }
    if (sums.n() == 0) return;
    minute.vwap_1m = sums.notional() / sums.quantity();
    minute.open_1m = sums.open;
    minute.high_1m = sums.high;
    minute.low_1m = sums.low;
    minute.close_1m = sums.close;
}

void fill_mids(MinuteFeatures& minute, const MinuteSources& from) {
    const auto& open = from.quotes.second_ending(from.u - kMinute).mid_end;
    const QuoteBin& end = from.quotes.second_ending(from.u);
    if (minute.is_complete) minute.mid_open = open;
    minute.mid_close = end.mid_end;
    if (end.mid_end) minute.spread_bps_close = end.spread_bps_end;
    minute.mid_high = minute.mid_low = minute.mid_open;
    from.quotes.visit(from.u, kSeconds, [&](const QuoteBin& second) {
        if (second.n == 0) return;
        minute.mid_high = std::max(minute.mid_high.value_or(second.mid_high), second.mid_high);
        minute.mid_low = std::min(minute.mid_low.value_or(second.mid_low), second.mid_low);
    });
    if (minute.mid_open && minute.mid_close) {
        minute.ret_mid_bps_1m = 1e4 * math::log(*minute.mid_close / *minute.mid_open);
        minute.amihud_bps_per_musd = amihud_bps_per_musd(*minute.ret_mid_bps_1m, minute.notional_1m);
    }
}

/// What needs the mid at all 61 seconds.
void fill_seconds(MinuteFeatures& minute, const MinuteSources& from) {
    if (!minute.mid_open) return;
    std::array<double, kSeconds> returns_bps{};
    std::array<double, kSeconds> flow_musd{};
    std::size_t known = 0;
    double before = *minute.mid_open;
    double squares = 0;
    from.quotes.visit(from.u, kSeconds, [&](const QuoteBin& second) {
        if (!second.mid_end) return;
        const double ret = math::log(*second.mid_end / before);
        before = *second.mid_end;
        squares += ret * ret;
        returns_bps[known++] = 1e4 * ret;
    });
    if (known < kSeconds) return;
    minute.rv_1s_bps_1m = 1e4 * std::sqrt(squares);
    for (std::size_t i = 0; i < kSeconds; ++i) {
        const Timestamp end = from.u - kSecond * static_cast<std::int64_t>(kSeconds - 1 - i);
        flow_musd[i] = from.trades.second_ending(end).net_notional() / 1e6;
    }
    minute.kyle_1s_bps_per_musd = indicators::least_squares_slope(flow_musd, returns_bps);
}

void fill_quotes(MinuteFeatures& minute, const MinuteSources& from) {
    const QuoteSums& sums = from.quote_sums;
    minute.n_l1 = sums.n;
    if (sums.valid == Nanos{0} || (minute.is_complete && sums.valid < kMinValid)) return;
    minute.spread_bps_mean = sums.mean_spread_bps();
    minute.l1_size_mean = sums.mean_size();
    minute.imbalance_l1_mean = sums.mean_imbalance();
    minute.ofi_1m = sums.ofi;
    if (*minute.l1_size_mean > 0) minute.ofi_norm_1m = sums.ofi / *minute.l1_size_mean;
}

void fill_book(MinuteFeatures& minute, const MinuteSources& from) {
    const BookSums& sums = from.book_sums;
    const BandMinute& bands = from.bands;
    minute.n_book = sums.frames;
    minute.book_samples = bands.samples;
    const bool is_known = minute.is_complete ? sums.valid_seconds >= kMinSamples : sums.frames > 0;
    if (is_known) {
        minute.ofi_book_1m = sums.ofi[0];
        double total = 0;
        for (const double e : sums.ofi) total += e;
        const auto size = sums.mean_rank_size();
        if (size && *size > 0) minute.ofi_book10_norm_1m = total / static_cast<double>(kRanks) / *size;
    }
    minute.depth_bid_5bps = bands.bid_depth[0];
    minute.depth_ask_5bps = bands.ask_depth[0];
    minute.depth_bid_10bps = bands.bid_depth[1];
    minute.depth_ask_10bps = bands.ask_depth[1];
    minute.depth_bid_25bps = bands.bid_depth[2];
    minute.depth_ask_25bps = bands.ask_depth[2];
    minute.imbalance_5bps = bands.imbalance[0];
    minute.imbalance_10bps = bands.imbalance[1];
    minute.imbalance_25bps = bands.imbalance[2];
    minute.cover_bid_bps = bands.cover_bid_bps;
    minute.cover_ask_bps = bands.cover_ask_bps;
    minute.impact_buy_100k_bps = bands.impact_buy_bps;
    minute.impact_sell_100k_bps = bands.impact_sell_bps;
}

}  // namespace

MinuteFeatures build_minute(const MinuteSources& from) {
    MinuteFeatures minute{.start = from.u - kMinute, .is_complete = from.is_complete};
    minute.n_late = from.n_late;
    minute.has_resync = from.quote_sums.has_new_generation || from.book_sums.has_new_generation;
    fill_trades(minute, from);
    fill_mids(minute, from);
    fill_seconds(minute, from);
    fill_quotes(minute, from);
    fill_book(minute, from);
    minute.liq_long_notional_1m = from.liquidated_long;
    minute.liq_short_notional_1m = from.liquidated_short;
    minute.mark_close = from.ticker.mark_price;
    minute.index_close = from.ticker.index_price;
    minute.funding_running = from.ticker.funding_rate;
    minute.open_interest_close = from.ticker.open_interest_base;
    // Before the first record of the instrument nothing could be alive: only a hole in a whole minute is a gap.
    const bool prints_missing = from.trade_sums.alive_seconds < kSeconds;
    const bool book_seen = from.book_sums.frames > 0 || from.book_sums.valid_seconds > 0;
    const bool book_missing = book_seen && from.book_sums.valid_seconds < kSeconds;
    minute.has_gap = minute.is_complete && (prints_missing || book_missing);
    return minute;
}

}  // namespace vt::analysis
