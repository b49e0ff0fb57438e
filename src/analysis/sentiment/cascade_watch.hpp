#pragma once

#include "analysis/sentiment/facts.hpp"
#include "analysis/sentiment/liquidation_imbalance.hpp"
#include "analysis/sentiment/open_interest_path.hpp"
#include "analysis/sentiment/sentiment_context.hpp"
#include "base/ring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis::sentiment {

/// Finds cascades: more liquidations in 60 s than the mean of the last day's minutes and four of their standard
/// deviations (at least Poisson's), a move of more than three standard deviations within five minutes, and open
/// interest more than 2 % below its highest of these five minutes.
///   cost:   O(liquidations of the last minute) a second
///   source: docs/indicators/liquidation_imbalance.md; A4.2
class CascadeWatch {
public:
    static constexpr std::size_t kMinutes = 1440;   ///< of the baseline
    static constexpr std::size_t kMinMinutes = 60;  ///< fewer watched ones judge nothing
    static constexpr std::size_t kKeptApart = 5;    ///< the newest minutes, which a cascade may have begun in
    static constexpr std::uint32_t kMinCount = 5;
    static constexpr double kMinDeviations = 4;
    static constexpr double kMinSigmas = 3;
    static constexpr double kMaxInterestChange = -0.02;
    static constexpr Nanos kQuiet = std::chrono::minutes{5};  ///< after it, another one begins

    void evaluate(const SentimentContext& context, const LiquidationImbalance& liquidations,
                  const OpenInterestPath& path);
    [[nodiscard]] const std::optional<Cascade>& newest() const { return newest_; }

    template <class Archive>
    void archive(Archive& a) {
        a(counts_, newest_);
        if constexpr (Archive::kIsReader) recount();
    }

private:
    void close_minute(std::uint32_t count);
    void recount();
    void include(std::uint32_t count, std::int64_t sign);

    Ring<std::uint32_t> counts_{kMinutes + kKeptApart};  // of watched minutes
    std::int64_t sum_ = 0, squares_ = 0;                 // of all but the newest kKeptApart
    std::optional<Cascade> newest_;
};

}  // namespace vt::analysis::sentiment
