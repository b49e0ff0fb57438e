#pragma once

#include "market/instrument_state.hpp"
#include "signals/signal.hpp"

#include <optional>
#include <string>

namespace vt::simulation {

/// What an idea is made of, beside the market.
struct IdeaParams {
    std::string id;
    market::Side side = market::Side::buy;
    double atr_share = 0.002;  ///< of the price: the stop's distance goes with it
    Nanos patience{};          ///< until it expires
};

/// A signal at the market's price, with the levels that a real one gets. out: absent without a price, or where no
/// stop can be placed
[[nodiscard]] std::optional<signals::Signal> idea_of(const market::InstrumentState& market, const IdeaParams& params,
                                                     Timestamp now);

}  // namespace vt::simulation
