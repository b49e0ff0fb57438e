#pragma once

// For tests only: Bitcoin and one symbol of the simulated market, with a planted truth, handed to the dimension as
// the engine does.

#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "analysis/test_planted_market.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace vt::analysis::bitcoin_beta::test {

/// The mids of each second, as they are in the books.
class Simulation : public analysis::test::PlantedMarket {
public:
    Simulation(sim::Truth truth, Nanos warm, std::uint64_t seed, bool has_history = false)
        : PlantedMarket({.truth = truth,
                         .warm = warm,
                         .seed = seed,
                         .symbol = analysis::test::finely_priced_symbol(),
                         .depths = {}}),
          dimension(instrument(), {}) {
        if (has_history) hand_over_history();
    }

    /// Runs to so many minutes after the truths' start.
    void to(double minute) {
        const Timestamp end = at_minute(minute);
        while (simulated.now() + kSecond <= end) {
            simulated.advance(simulated.now() + kSecond, {});
            const Timestamp u = simulated.now();
            inputs.mid = mid(0);
            inputs.mid_age = Nanos{0};
            dimension.evaluate(u, mid(1), {.quote = Nanos{0}}, inputs, scratch_);
            if (on_second) on_second(u);
        }
    }
    [[nodiscard]] const BetaEstimates& estimates(Frame frame) const {
        return dimension.estimates()[beta_index(frame)].value();
    }
    [[nodiscard]] const Leaf& leaf(std::size_t component, std::size_t leaf = 0) const {
        return dimension.score().components[component].leaves[leaf];
    }

    std::function<void(Timestamp)> on_second;
    BitcoinInputs inputs;  ///< of each second; the mid is filled in

private:
    void hand_over_history() {
        constexpr std::size_t kBars = 700;
        for (const BetaFrame& frame : kBetaFrames) {
            const Nanos interval = duration(frame.frame);
            const Timestamp from = kFrom - interval * static_cast<std::int64_t>(kBars);
            const auto bitcoin = candles(0, interval, from, kFrom);
            const auto own = candles(1, interval, from, kFrom);
            for (std::size_t i = 0; i < own.size() && i < bitcoin.size(); ++i)
                dimension.on_candles(own[i], bitcoin[i], scratch_);
        }
    }

    std::vector<float> scratch_;

public:
    BitcoinBeta dimension;
};

}  // namespace vt::analysis::bitcoin_beta::test
