#include "analysis/features/minute_features.hpp"

namespace vt::analysis {
namespace {

void write_flags(JsonWriter& out, const MinuteFeatures& minute) {
    out.key("flags").begin_array();
    if (minute.is_missing) out.value("missing");
    if (minute.has_gap) out.value("gap");
    if (minute.has_resync) out.value("resync");
    if (minute.n_late > 0) out.value("late");
    out.end_array();
}

void write_counts(JsonWriter& out, const MinuteFeatures& m) {
    const auto count = [&](std::string_view key, std::uint64_t value) {
        out.field(key, m.is_missing ? std::nullopt : std::optional(value));
    };
    count("n_trades", m.n_trades);
    count("n_parents", m.n_parents);
    count("n_l1", m.n_l1);
    count("n_book", m.n_book);
    count("n_late", m.n_late);
    count("book_samples", m.book_samples);
}

void write_trades(JsonWriter& out, const MinuteFeatures& m) {
    const auto sum = [&](std::string_view key, double value) {
        out.field(key, m.is_missing ? std::nullopt : std::optional(value));
    };
    sum("volume_1m", m.volume_1m);
    sum("notional_1m", m.notional_1m);
    sum("buy_notional_1m", m.buy_notional_1m);
    sum("sell_notional_1m", m.sell_notional_1m);
    sum("cvd_1m", m.cvd_1m);
    sum("cvd_notional_1m", m.cvd_notional_1m);
    out.field("tfi_1m", m.tfi_1m).field("tfi_count_1m", m.tfi_count_1m);
    out.field("vwap_1m", m.vwap_1m).field("open_1m", m.open_1m).field("high_1m", m.high_1m);
    out.field("low_1m", m.low_1m).field("close_1m", m.close_1m);
    out.field("parent_notional_max", m.parent_notional_max).field("large_threshold", m.large_threshold);
    out.field("large_share_1m", m.large_share_1m).field("large_imbalance_1m", m.large_imbalance_1m);
}

void write_quotes(JsonWriter& out, const MinuteFeatures& m) {
    out.field("mid_open", m.mid_open).field("mid_close", m.mid_close);
    out.field("mid_high", m.mid_high).field("mid_low", m.mid_low);
    out.field("ret_mid_bps_1m", m.ret_mid_bps_1m).field("rv_1s_bps_1m", m.rv_1s_bps_1m);
    out.field("spread_bps_mean", m.spread_bps_mean).field("spread_bps_close", m.spread_bps_close);
    out.field("l1_size_mean", m.l1_size_mean).field("imbalance_l1_mean", m.imbalance_l1_mean);
    out.field("ofi_1m", m.ofi_1m).field("ofi_norm_1m", m.ofi_norm_1m);
    out.field("ofi_book_1m", m.ofi_book_1m).field("ofi_book10_norm_1m", m.ofi_book10_norm_1m);
}

void write_book(JsonWriter& out, const MinuteFeatures& m) {
    out.field("depth_bid_5bps", m.depth_bid_5bps).field("depth_ask_5bps", m.depth_ask_5bps);
    out.field("depth_bid_10bps", m.depth_bid_10bps).field("depth_ask_10bps", m.depth_ask_10bps);
    out.field("depth_bid_25bps", m.depth_bid_25bps).field("depth_ask_25bps", m.depth_ask_25bps);
    out.field("imbalance_5bps", m.imbalance_5bps).field("imbalance_10bps", m.imbalance_10bps);
    out.field("imbalance_25bps", m.imbalance_25bps);
    out.field("cover_bid_bps", m.cover_bid_bps).field("cover_ask_bps", m.cover_ask_bps);
    out.field("impact_buy_100k_bps", m.impact_buy_100k_bps).field("impact_sell_100k_bps", m.impact_sell_100k_bps);
}

}  // namespace

std::string_view feature_venue(const market::Instrument& instrument) {
    using market::Category;
    const bool is_bybit = instrument.venue == market::Venue::bybit;
    switch (instrument.category) {
        case Category::linear: return is_bybit ? "bybit_linear" : "binance_usdm";
        case Category::inverse: return is_bybit ? "bybit_inverse" : "binance_coinm";
        case Category::spot: return is_bybit ? "bybit_spot" : "binance_spot";
    }
    return "unknown";
}

void write_row(JsonWriter& out, const MinuteFeatures& m, const market::Instrument& instrument) {
    out.begin_object();
    out.field("v", 1).field("venue", feature_venue(instrument)).field("symbol", instrument.unified_symbol());
    out.field("t", to_ms(m.start)).field("complete", m.is_complete);
    write_flags(out, m);
    write_counts(out, m);
    write_trades(out, m);
    write_quotes(out, m);
    write_book(out, m);
    out.field("kyle_1s_bps_per_musd", m.kyle_1s_bps_per_musd).field("amihud_bps_per_musd", m.amihud_bps_per_musd);
    out.field("liq_long_notional_1m", m.liq_long_notional_1m).field("liq_short_notional_1m", m.liq_short_notional_1m);
    out.field("mark_close", m.mark_close).field("index_close", m.index_close);
    out.field("funding_running", m.funding_running).field("open_interest_close", m.open_interest_close);
    out.field("btc_ret_bps_1m", m.btc_ret_bps_1m).field("sigma_1m_bps", m.sigma_1m_bps);
    out.end_object();
}

}  // namespace vt::analysis
