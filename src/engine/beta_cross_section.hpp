#pragma once

#include "analysis/bitcoin_beta/bitcoin_inputs.hpp"
#include "base/time.hpp"
#include "engine/symbol.hpp"
#include "indicators/beta_shrinkage.hpp"
#include "market/instrument.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace vt::engine {

/// What only all instruments of a venue together say of one's beta: where betas lie, to which each is shrunk, and
/// which alphas stand among so many that were tested.
///   order: instruments by id, frames from short to long
///   cost:  once in five minutes O(n log n) of instruments x frames
class BetaCrossSection {
public:
    static constexpr Nanos kEvery = std::chrono::minutes{5};
    /// After a whole five minutes, when every instrument has made its estimates of the bar that closed then.
    static constexpr Nanos kOffset = std::chrono::seconds{60};
    static constexpr std::size_t kMinBetas = 8;  ///< fewer say nothing of where betas lie: the default prior stands
    static constexpr double kMinPriorSd = 0.05;

    /// Before a second of the venue is evaluated: makes what was never made, or not since a state was loaded, from
    /// the estimates that are there. They may be none: that is made too. in: all symbols by id
    void prepare(market::Venue venue, std::span<const std::unique_ptr<Symbol>> symbols);
    /// After a second of the venue was evaluated: makes it anew once in kEvery. in: all symbols by id
    void refresh(market::Venue venue, Timestamp second, std::span<const std::unique_ptr<Symbol>> symbols);
    /// An instrument's estimates are others: of a saved state.
    void on_loaded(market::Venue venue) { is_made_[static_cast<std::size_t>(venue)] = false; }
    /// Fills in `priors` and `alpha_p`.
    void tell(const market::Instrument& instrument, analysis::BitcoinInputs& inputs) const;

private:
    static constexpr std::size_t kFrames = analysis::kBetaFrames.size();
    void make(market::Venue venue, std::span<const std::unique_ptr<Symbol>> symbols);

    std::array<bool, 2> is_made_{};                                       // by venue
    std::array<std::array<indicators::BetaPrior, kFrames>, 2> priors_{};  // by venue
    std::vector<std::array<std::optional<double>, kFrames>> alpha_p_;     // by instrument id
    std::vector<double> p_;                                               // scratch
    std::vector<std::size_t> order_;                                      // scratch
};

}  // namespace vt::engine
