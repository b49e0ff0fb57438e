#pragma once

#include "market/event.hpp"
#include "market/instrument.hpp"
#include "sim/book.hpp"
#include "sim/depth_window.hpp"
#include "sim/derivatives.hpp"
#include "sim/factor.hpp"
#include "sim/liquidity.hpp"
#include "sim/order_flow.hpp"
#include "sim/symbol.hpp"
#include "sim/tape.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace vt::sim {

using Sink = std::function<void(const market::Event&)>;

/// What the market writes down of each symbol, and how it moves.
struct SymbolMarketParams {
    Timestamp start;         ///< a whole minute
    Timestamp truths_start;  ///< from which planted truths count
    Nanos funding_interval = std::chrono::hours{8};
    std::vector<std::uint32_t> depths = {50};  ///< of 1, 50, 200, 1000: every 20, 20, 100, 200 ms when changed
    bool writes_every_change = false;  ///< also each change of a level as a BookUpdate of depth 0, in its place
    bool has_metaorders = true;
    std::size_t history_minutes = 60 * 1440;
    FactorParams factor;
};

/// How a symbol hangs on the common factor.
struct FactorLink {
    FactorHistory& history;  ///< must outlive the symbol's market
    bool is_source = false;  ///< its price is the factor: news come from the factor's process
};

/// The market of one symbol: efficient price, takers, resting orders, derivatives, on one grid of time.
class SymbolMarket {
public:
    SymbolMarket(std::uint64_t seed, market::InstrumentId id, const SymbolParams& symbol,
                 const SymbolMarketParams& params, FactorLink factor);

    /// Everything that happens in the step that ends at time_of_step(step). in: the factor's log return over the step
    /// (nothing for the symbol that makes the factor)
    void step(std::int64_t step, double factor_return, const Sink& sink);

    [[nodiscard]] const SymbolParams& params() const { return symbol_; }
    [[nodiscard]] double log_efficient_price() const { return log_price_; }
    [[nodiscard]] bool is_listed() const { return is_listed_; }
    [[nodiscard]] const Book& book() const { return book_; }
    [[nodiscard]] Tape& tape() { return tape_; }
    [[nodiscard]] const Tape& tape() const { return tape_; }
    [[nodiscard]] Derivatives& derivatives() { return derivatives_; }
    [[nodiscard]] const Derivatives& derivatives() const { return derivatives_; }
    /// Counts trades and changes of the book.
    [[nodiscard]] std::uint64_t sequence() const { return sequence_ + book_.changes(); }
    /// Mean turnover of a minute by the parameters.
    [[nodiscard]] double mean_minute_quote() const { return mean_minute_quote_; }

private:
    struct TruthState {
        int done = 0;              ///< how often the truth has acted
        std::int64_t next_ns = 0;  ///< when it acts next
        std::int64_t until_ns = 0;
        Ticks price{0};
        Lots shown{0};
        bool is_active = false;
    };

    void move_efficient_price(std::int64_t step, double factor_return);
    void take_orders(Timestamp until, const Sink& sink);
    void take(Timestamp at, market::Side taker, Lots quantity, const Sink& sink);
    void order(Timestamp at, market::Side taker, double notional, const Sink& sink);
    [[nodiscard]] double tilt() const;
    void add_impact(Timestamp at, market::Side taker, double notional, double buy_probability);
    void step_second(Timestamp now, const Sink& sink);
    void liquidate(Timestamp now, const Sink& sink);
    void publish(std::int64_t step, const Sink& sink);
    void publish_ticker(Timestamp now, const Sink& sink);
    void flush_changes(Timestamp at, const Sink& sink);
    void emit(Timestamp at, market::EventBody body, const Sink& sink) const;
    void keep_window();
    [[nodiscard]] double price_per_tick_now() const { return efficient_ticks_ * tick_; }
    [[nodiscard]] double lots_per_quote() const { return 1 / (price_per_tick_now() * lot_); }

    // truth.cpp
    [[nodiscard]] double minutes_of_truth(std::int64_t ns) const;
    [[nodiscard]] bool is_between(std::int64_t ns, double from_min, double to_min) const;
    void play_truth(std::int64_t step, const Sink& sink);
    void buy_up_to(Ticks price, Timestamp at, const Sink& sink);
    void play_absorption(std::int64_t ns, const Sink& sink);
    void play_iceberg(std::int64_t ns, const Sink& sink);
    void play_spoof(std::int64_t ns);
    void play_wall(std::int64_t ns, const Sink& sink);
    void play_whale(std::int64_t ns, const Sink& sink);
    void play_thin(std::int64_t ns);
    void play_cascade(std::int64_t ns);
    void play_crowding(std::int64_t ns);
    [[nodiscard]] double planted_return(std::int64_t ns) const;
    [[nodiscard]] double beta_at(std::int64_t ns) const;
    [[nodiscard]] Ticks rank_price(market::Side side, std::size_t rank) const;

    market::InstrumentId id_;
    SymbolParams symbol_;
    SymbolMarketParams params_;
    double tick_;
    double lot_;
    bool makes_factor_;
    bool is_listed_ = true;
    double log_price_;
    double efficient_ticks_;
    double own_log_ = 0;  ///< the own part of log_price_
    SizeLaw sizes_;
    FactorNews news_;
    Prng idio_draws_;
    Prng size_draws_;
    Prng truth_draws_;
    OrderFlow flow_;
    Liquidity liquidity_;
    Book book_;
    Tape tape_;
    Derivatives derivatives_;
    double mean_minute_quote_;
    std::uint64_t next_trade_ = 1;
    std::uint64_t trade_id_high_;
    std::uint64_t sequence_ = 0;
    std::vector<ForcedClose> forced_;
    std::vector<DepthWindow> windows_;
    std::vector<std::uint64_t> update_ids_;
    std::optional<DepthWindow> every_change_;
    std::optional<market::Ticker> last_ticker_;
    double flow_tilt_ = 0;  ///< planted: added to P(buy)
    bool is_price_pinned_ = false;
    TruthState truth_;
};

}  // namespace vt::sim
