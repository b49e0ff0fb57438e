#pragma once

#include "analysis/flag.hpp"
#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "market/instrument.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace vt::analysis {

/// What a closed minute of one instrument was: the row of the feature file. Absent is "unknown", never 0.
/// Units: base and quote currency, basis points, or 1.
struct MinuteFeatures {
    Timestamp start;
    bool is_complete = true;  ///< false for the minute of the first record
    bool is_missing = false;  ///< the program did not see this minute: everything else is absent
    bool has_gap = false;     ///< prints were lost, or the book was invalid for part of it
    bool has_resync = false;  ///< a new generation of the book began in it

    std::uint64_t n_trades = 0, n_parents = 0, n_l1 = 0, n_book = 0, n_late = 0, book_samples = 0;
    double volume_1m = 0, notional_1m = 0, buy_notional_1m = 0, sell_notional_1m = 0;
    double cvd_1m = 0, cvd_notional_1m = 0;
    std::optional<double> tfi_1m, tfi_count_1m;
    std::optional<double> vwap_1m, open_1m, high_1m, low_1m, close_1m;
    std::optional<double> parent_notional_max, large_threshold, large_share_1m, large_imbalance_1m;
    std::optional<double> mid_open, mid_close, mid_high, mid_low, ret_mid_bps_1m, rv_1s_bps_1m;
    std::optional<double> spread_bps_mean, spread_bps_close, l1_size_mean, imbalance_l1_mean;
    std::optional<double> ofi_1m, ofi_norm_1m, ofi_book_1m, ofi_book10_norm_1m;
    std::optional<double> depth_bid_5bps, depth_ask_5bps, depth_bid_10bps, depth_ask_10bps, depth_bid_25bps,
        depth_ask_25bps;
    std::optional<double> imbalance_5bps, imbalance_10bps, imbalance_25bps;
    std::optional<double> cover_bid_bps, cover_ask_bps;
    std::optional<double> impact_buy_100k_bps, impact_sell_100k_bps;
    std::optional<double> kyle_1s_bps_per_musd, amihud_bps_per_musd;
    std::optional<double> liq_long_notional_1m, liq_short_notional_1m;
    std::optional<double> mark_close, index_close, funding_running, open_interest_close;
    std::optional<double> btc_ret_bps_1m, sigma_1m_bps;
};

/// "binance_usdm", "binance_spot", "bybit_linear": the venue as feature rows name it.
[[nodiscard]] std::string_view feature_venue(const market::Instrument& instrument);

/// Appends the row as one JSON object (no line end).
void write_row(JsonWriter& out, const MinuteFeatures& minute, const market::Instrument& instrument);

}  // namespace vt::analysis
