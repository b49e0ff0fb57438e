#pragma once

#include "demo/recording.hpp"
#include "market/event.hpp"
#include "sim/book.hpp"
#include "sim/derivatives.hpp"
#include "sim/symbol_market.hpp"
#include "sim/tape.hpp"

#include <cstdint>

namespace vt::demo {

/// One recorded symbol, played over and over from the start of a session. Every second pass is mirrored in price (a
/// bid becomes an ask, a purchase a sale), so that a recording in which the price fell does not fall for ever; each
/// pass is moved so that the best bid goes on where the one before ended.
class RecordedMarket {
public:
    struct Params {
        Timestamp start;
        std::uint32_t duration_ms = 0;
        Nanos funding_interval = std::chrono::hours{1};
    };
    /// `recorded` and `history` must outlive it. in: symbol.price is replaced by the recording's first price
    RecordedMarket(std::uint64_t seed, market::InstrumentId id, const sim::SymbolParams& symbol,
                   const RecordedSymbol& recorded, const Params& params, sim::FactorHistory& history);

    /// Plays everything up to and including `until`. Only trades are told to the sink.
    ///   out: whether a new pass began: the book was replaced
    bool advance(Timestamp until, const sim::Sink& sink);

    [[nodiscard]] const sim::SymbolParams& symbol() const { return symbol_; }
    [[nodiscard]] const sim::Book& book() const { return book_; }
    [[nodiscard]] sim::Tape& tape() { return tape_; }
    [[nodiscard]] sim::Derivatives& derivatives() { return derivatives_; }
    [[nodiscard]] std::uint64_t sequence() const { return trades_ + book_.changes(); }
    /// The middle of the best prices, in quote currency.
    [[nodiscard]] double middle() const;
    /// How many passes have begun.
    [[nodiscard]] std::uint32_t passes() const { return passes_; }

private:
    void begin_pass(Timestamp at);
    void apply(const RecordedChange& change, const sim::Sink& sink);
    [[nodiscard]] std::int64_t served_price(std::int64_t recorded) const;
    [[nodiscard]] market::Side served_side(market::Side recorded) const;
    void step_seconds(Timestamp until);

    market::InstrumentId id_;
    sim::SymbolParams symbol_;
    const RecordedSymbol& recorded_;
    Params params_;
    double tick_;
    double lot_;
    sim::Book book_;
    sim::Tape tape_;
    sim::Derivatives derivatives_;
    Timestamp pass_start_;
    Timestamp next_second_;
    std::size_t next_change_ = 0;
    std::uint32_t passes_ = 0;
    bool is_mirrored_ = false;
    std::int64_t offset_ = 0;  // served = recorded + offset, or offset - recorded when mirrored
    std::uint64_t trades_ = 0;
    std::uint64_t trade_id_high_;
};

}  // namespace vt::demo
