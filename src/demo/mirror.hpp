#pragma once

#include "base/prng.hpp"
#include "demo/segment.hpp"
#include "market/event.hpp"
#include "sim/book.hpp"
#include "sim/depth_window.hpp"
#include "sim/derivatives.hpp"
#include "sim/symbol_market.hpp"
#include "sim/tape.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace vt::demo {

/// The market of one symbol as another segment trades it: the same trades and the same book, a lag later, moved by a
/// basis that changes slowly, with sizes of its own. Its candles are made of its own trades; before the session they
/// follow the same history.
class Mirror {
public:
    struct Params {
        SegmentTerms terms;
        market::Instrument listed;
        sim::SymbolParams source;  ///< `price` where the session starts
        Timestamp start;
        double mean_minute_quote = 1e6;
        std::size_t window_ticks = 256;  ///< of the source's book
    };
    /// `history` must outlive it.
    Mirror(std::uint64_t seed, const Params& params, sim::FactorHistory& history);

    void on_trade(const market::Trade& trade, Timestamp at);
    void on_liquidation(const market::Liquidation& liquidation, Timestamp at);
    /// The source has come to `at`. What is due by then happens here, and trades and liquidations are told.
    void advance(Timestamp at, const sim::Book& source, const sim::Derivatives& contract, const sim::Sink& sink);

    /// While it is followed the book lags behind the source's like the trades. Else it is the source's, moved, as of
    /// the last refresh().
    void follow(const sim::Book& source);
    void unfollow();
    void refresh(const sim::Book& source);
    [[nodiscard]] const sim::Book& book() const { return book_; }
    [[nodiscard]] sim::Tape& tape() { return tape_; }
    [[nodiscard]] std::uint64_t sequence() const { return trades_ + book_.changes(); }
    [[nodiscard]] std::int64_t basis_ticks() const { return basis_ticks_; }
    [[nodiscard]] double size() const { return params_.terms.size; }

private:
    struct Change {
        market::Side side = market::Side::buy;
        market::Level level;  ///< of the source
    };
    struct Batch {
        Timestamp due;
        Ticks centre;
        std::vector<Change> changes;
    };
    struct Due {
        Timestamp at;  ///< here
        market::EventBody body;
    };
    [[nodiscard]] Lots served(Lots quantity, Ticks price) const;
    [[nodiscard]] Batch changes_of(const sim::Book& source, Timestamp due);
    void apply(const Batch& batch);
    void move_basis(const sim::Derivatives& contract);
    void shift_book(std::int64_t ticks);
    void tell_trade(market::Trade trade, Timestamp at, const sim::Sink& sink);

    Params params_;
    bool is_inverse_;
    double tick_;
    double source_lot_;
    double lot_;
    Prng basis_draws_;
    std::int64_t basis_second_;  ///< of every ten: not all symbols move at once
    double basis_;               ///< in standard deviations
    std::int64_t basis_ticks_;
    sim::Tape tape_;
    sim::Book book_;
    sim::DepthWindow source_window_{1000};
    int followers_ = 0;
    std::deque<Batch> batches_;
    std::deque<Due> due_;
    std::uint64_t trades_ = 0;
    std::uint64_t trade_id_high_ = 0;
};

}  // namespace vt::demo
