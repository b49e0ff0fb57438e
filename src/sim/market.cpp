#include "sim/market.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"

namespace vt::sim {

Market::~Market() = default;

market::Instrument instrument_of(const SymbolParams& symbol, market::InstrumentId id, Nanos funding_interval) {
    return market::Instrument{.id = id,
                              .venue = market::Venue::bybit,
                              .category = market::Category::linear,
                              .symbol = symbol.symbol,
                              .base = symbol.base,
                              .quote = "USDT",
                              .settle = "USDT",
                              .tick_size = symbol.tick_size,
                              .lot_size = symbol.lot_size,
                              .funding_interval = funding_interval};
}

Market::Market(std::uint64_t seed, Params params, const std::vector<SymbolParams>& symbols)
    : params_(std::move(params)),
      history_(seed, params_.market.factor, params_.market.start),
      path_(params_.market.start, math::log(params_.factor_symbol.price)),
      outside_log_price_(math::log(params_.factor_symbol.price)),
      step_(step_of(params_.market.start)) {
    VT_ASSERT(to_ns(params_.market.start) % kMinuteNs == 0);
    const auto list = [&](const SymbolParams& symbol, bool makes_factor) {
        const market::InstrumentId id{static_cast<std::uint32_t>(symbols_.size())};
        instruments_.push_back(instrument_of(symbol, id, params_.market.funding_interval));
        symbols_.push_back(
            std::make_unique<SymbolMarket>(seed, id, symbol, params_.market, FactorLink{history_, makes_factor}));
    };
    if (!params_.has_outside_factor) list(params_.factor_symbol, true);
    for (const SymbolParams& symbol : symbols) list(symbol, false);
}

void Market::set_factor_price(Timestamp at, double price) {
    VT_ASSERT(params_.has_outside_factor);
    VT_ASSERT(price > 0);
    VT_ASSERT(at <= now() + std::chrono::seconds{1});
    while (path_.step() < step_of(at)) path_.push(outside_log_price_);
    outside_log_price_ = math::log(price);
}

void Market::advance(Timestamp until, const Sink& sink) {
    while (time_of_step(step_ + 1) <= until) {
        ++step_;
        std::size_t first = 0;
        if (params_.has_outside_factor) {
            if (path_.step() < step_) path_.push(outside_log_price_);
        } else {
            symbols_[0]->step(step_, 0, sink);
            path_.push(symbols_[0]->log_efficient_price());
            first = 1;
        }
        for (std::size_t i = first; i < symbols_.size(); ++i) {
            const std::int64_t lag = symbols_[i]->params().lag / kStep;
            const double moved = path_.at(step_ - lag) - path_.at(step_ - 1 - lag);
            symbols_[i]->step(step_, moved, sink);
        }
    }
}

}  // namespace vt::sim
