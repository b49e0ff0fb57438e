#pragma once

#include "market/instrument_state.hpp"
#include "paper/venue.hpp"
#include "trading/test_instrument.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace vt::paper {

/// Midnight of a day: times in tests count from here, in milliseconds.
inline constexpr Timestamp kTestStart = from_ms(1'767'225'600'000);
[[nodiscard]] inline Timestamp test_time(std::int64_t ms) { return kTestStart + std::chrono::milliseconds{ms}; }

/// Nothing is late, lost or random: an order meets the market 100 ms after it was sent.
[[nodiscard]] inline Params plain_params() {
    Params params;
    params.latency = {.least = std::chrono::milliseconds{100}, .mean_above = Nanos{}, .report = Nanos{}};
    params.counts.requests_per_s = 1'000'000;
    return params;
}

/// A venue and what it sees of its markets: events reach both in the order that production keeps.
class TestMarket {
public:
    explicit TestMarket(Params params, std::vector<market::Instrument> instruments = {trading::test_perpetual()})
        : venue(std::move(params)) {
        market::InstrumentLimits limits;
        limits.book_window_ticks = 4096;
        for (auto& instrument : instruments) {
            states.push_back(std::make_unique<market::InstrumentState>(std::move(instrument), limits));
            venue.follow(*states.back());
        }
    }

    void happen(std::int64_t ms, market::EventBody body, std::uint32_t instrument = 0) {
        market::Event event;
        event.instrument = market::InstrumentId{instrument};
        event.exchange_time = event.receive_time = test_time(ms);
        event.body = std::move(body);
        venue.advance(event.receive_time);
        (void)states[instrument]->apply(event);
        venue.on_market(event);
    }
    void book(std::int64_t ms, const std::vector<market::Level>& bids, const std::vector<market::Level>& asks,
              bool is_snapshot = true) {
        happen(ms, market::BookUpdate{.is_snapshot = is_snapshot, .bids = bids, .asks = asks});
    }
    void print(std::int64_t ms, market::Side aggressor, std::int64_t ticks, std::int64_t lots) {
        happen(ms, market::Trade{
                       .id = {0, ++prints}, .price = Ticks{ticks}, .quantity = Lots{lots}, .aggressor = aggressor});
    }
    /// Asked for at `ms`, before what is asked for behind it.
    void set_leverage(std::int64_t ms, std::uint32_t leverage, std::uint32_t instrument = 0) {
        venue.submit(trading::SetLeverage{market::InstrumentId{instrument}, leverage}, test_time(ms));
    }
    void mark(std::int64_t ms, double price) { happen(ms, market::Ticker{.mark_price = price}); }

    std::vector<std::unique_ptr<market::InstrumentState>> states;
    Venue venue;
    std::uint64_t prints = 0;
};

/// A limit order, to be changed into what a test needs.
[[nodiscard]] inline trading::OrderRequest test_order(std::uint64_t number, market::Side side, std::int64_t lots,
                                                      std::optional<Ticks> price = std::nullopt) {
    trading::OrderRequest order;
    order.id = {1, number};
    order.side = side;
    order.kind = price ? trading::OrderKind::limit : trading::OrderKind::market;
    order.quantity = Lots{lots};
    order.price = price;
    return order;
}

}  // namespace vt::paper
