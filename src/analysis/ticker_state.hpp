#pragma once

#include "base/time.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis {

/// One ticker message, with the time that it is true from.
struct TickerUpdate {
    Timestamp time;
    std::optional<double> mark_price, index_price, funding_rate, open_interest_base, volume_24h_base;
    std::optional<Nanos> funding_interval;

    template <class Archive>
    void archive(Archive& a) {
        a(time, mark_price, index_price, funding_rate, open_interest_base, volume_24h_base, funding_interval);
    }
};
[[nodiscard]] inline TickerUpdate ticker_update(const market::Ticker& ticker, Timestamp time) {
    return {.time = time,
            .mark_price = ticker.mark_price,
            .index_price = ticker.index_price,
            .funding_rate = ticker.funding_rate,
            .open_interest_base = ticker.open_interest_base,
            .volume_24h_base = ticker.volume_24h_base,
            .funding_interval = ticker.funding_interval};
}

/// The last known value of each field.
struct TickerState {
    std::optional<Timestamp> time;
    std::optional<double> mark_price, index_price, funding_rate, open_interest_base, volume_24h_base;
    std::optional<Nanos> funding_interval;

    void apply(const TickerUpdate& update) {
        time = update.time;
        if (update.mark_price) mark_price = update.mark_price;
        if (update.index_price) index_price = update.index_price;
        if (update.funding_rate) funding_rate = update.funding_rate;
        if (update.open_interest_base) open_interest_base = update.open_interest_base;
        if (update.volume_24h_base) volume_24h_base = update.volume_24h_base;
        if (update.funding_interval) funding_interval = update.funding_interval;
    }
    template <class Archive>
    void archive(Archive& a) {
        a(time, mark_price, index_price, funding_rate, open_interest_base, volume_24h_base, funding_interval);
    }
};

/// One liquidation, converted once.
struct LiquidationPrint {
    Timestamp time;
    bool is_long = true;
    double notional = 0;

    template <class Archive>
    void archive(Archive& a) {
        a(time, is_long, notional);
    }
};

}  // namespace vt::analysis
