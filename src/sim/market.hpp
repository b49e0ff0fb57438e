#pragma once

#include "base/time.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"
#include "sim/symbol_market.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace vt::sim {

struct Params {
    SymbolMarketParams market;
    /// The symbol whose price is the factor; it is always simulated, and is instrument 0.
    SymbolParams factor_symbol = bitcoin_like();
    /// The factor comes from outside, by set_factor_price(): there is no factor symbol, and `factor_symbol.price` is
    /// the factor's price at the start.
    bool has_outside_factor = false;
};

/// A seeded market of many symbols in virtual time, with one factor. Every process has a random stream of its own for
/// each (seed, symbol, purpose): the same seed gives the same bytes, whatever the slices of advance(), and another
/// symbol changes nothing in the others.
class Market {
public:
    Market(std::uint64_t seed, Params params, const std::vector<SymbolParams>& symbols);
    ~Market();
    Market(const Market&) = delete;
    Market& operator=(const Market&) = delete;

    /// Runs every whole step of kStep that ends at or before `until`. Events are in order of time within one symbol;
    /// a span in a BookUpdate is valid during the call of the sink.
    ///   in: sink: may be empty
    void advance(Timestamp until, const Sink& sink);
    /// The factor's price from `at` on. Only with has_outside_factor; times do not go back, and are at most one
    /// second ahead of what was advanced.
    void set_factor_price(Timestamp at, double price);

    [[nodiscard]] Timestamp now() const { return time_of_step(step_); }
    /// In the order of the symbols, after the factor's symbol.
    [[nodiscard]] const std::vector<market::Instrument>& instruments() const { return instruments_; }
    [[nodiscard]] std::size_t size() const { return symbols_.size(); }
    [[nodiscard]] const SymbolMarket& operator[](std::size_t index) const { return *symbols_[index]; }
    [[nodiscard]] SymbolMarket& operator[](std::size_t index) { return *symbols_[index]; }
    /// Returns of the factor before the session, for symbols that are not simulated here.
    [[nodiscard]] FactorHistory& history() { return history_; }

private:
    Params params_;
    FactorHistory history_;
    FactorPath path_;
    double outside_log_price_;
    std::int64_t step_;
    std::vector<std::unique_ptr<SymbolMarket>> symbols_;
    std::vector<market::Instrument> instruments_;
};

/// How such a symbol is listed, as a linear contract.
[[nodiscard]] market::Instrument instrument_of(const SymbolParams& symbol, market::InstrumentId id,
                                               Nanos funding_interval);

}  // namespace vt::sim
