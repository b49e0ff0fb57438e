#pragma once

#include "alpha/facts.hpp"
#include "alpha/params.hpp"
#include "base/time.hpp"
#include "engine/symbol.hpp"
#include "market/instrument.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace vt::engine {

/// What the strategies ask of an instrument. What takes all bars is measured for all instruments of a venue at once,
/// and corrected for how many they are.
///   order: instruments by id
///   cost:  refresh once in five minutes, some 60 us an instrument; facts O(frames)
class StrategyWatch {
public:
    static constexpr Nanos kMeasuredEvery = std::chrono::minutes{5};
    /// After a whole five minutes, when every instrument has made its estimates of the bar that closed then.
    static constexpr Nanos kMeasuredAfter = std::chrono::seconds{60};

    explicit StrategyWatch(alpha::Params params) : params_(std::move(params)) {}

    /// After a second of the venue was evaluated: measures anew once in kMeasuredEvery. in: all symbols by id
    void refresh(market::Venue venue, Timestamp second, std::span<const std::unique_ptr<Symbol>> symbols);
    /// in: `round_trip_bps` of the dearer side
    [[nodiscard]] alpha::Facts facts(const Symbol& symbol, Timestamp second,
                                     const std::optional<double>& round_trip_bps) const;
    [[nodiscard]] const alpha::Params& params() const { return params_; }

private:
    [[nodiscard]] alpha::Bars bars_of(const Symbol& symbol, analysis::Frame frame, Timestamp second);
    [[nodiscard]] alpha::Measured measure(const Symbol& symbol, Timestamp second);
    void measure_shift(const Symbol& symbol, Timestamp second, alpha::Measured& measured);
    void measure_sectors(std::span<const Symbol* const> of, Timestamp second);
    void correct_leads(std::span<const Symbol* const> of);

    alpha::Params params_;
    std::vector<alpha::Measured> measured_;      // by instrument id
    std::vector<std::optional<double>> lead_q_;  // by instrument id
    std::vector<alpha::Measured> batch_;         // scratch: of the venue at hand
    std::vector<double> x_, y_, p_;              // scratch
    std::vector<std::size_t> order_;             // scratch
};

}  // namespace vt::engine
