#pragma once

#include "base/time.hpp"
#include "indicators/rank_correlation.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis::sentiment {

/// Liquidations that feed on themselves: far more of them than usual, a price that ran, and open interest that fell.
struct Cascade {
    Timestamp began_at;                                                   ///< the first second at which the rule held
    Timestamp seen_at;                                                    ///< the last one so far
    market::LiquidatedSide side = market::LiquidatedSide::long_position;  ///< the side that lost more
    std::uint32_t count = 0;      ///< liquidations of the 60 s in which there were most
    double usual_count = 0;       ///< mean of a minute, of the 24 hours before
    double usual_deviation = 0;   ///< and its standard deviation, at least Poisson's
    double return_sigmas = 0;     ///< the largest |move| within five minutes, signed, in sd of its length
    double interest_change = 0;   ///< against the highest of the five minutes, as a fraction
    double liquidated_quote = 0;  ///< of those 60 s

    template <class Archive>
    void archive(Archive& a) {
        a(began_at, seen_at, side, count, usual_count, usual_deviation, return_sigmas, interest_change,
          liquidated_quote);
    }
};

/// Whether price and open interest moved together over ten spans of 20 minutes.
struct InterestDivergence {
    Timestamp at;
    indicators::RankBootstrap ranks;  ///< of the changes of both

    template <class Archive>
    void archive(Archive& a) {
        std::uint64_t resamples = ranks.resamples;
        a(at, ranks.correlation, ranks.lower, ranks.upper, resamples);
        if constexpr (Archive::kIsReader) ranks.resamples = resamples;
    }
};

/// What the dimension found beside its score, for those who watch for events and for the market as a whole.
struct Facts {
    std::optional<Cascade> cascade;  ///< the newest one
    std::optional<InterestDivergence> divergence;
    std::optional<double> interest_z;  ///< of the change of open interest, over the longest frame that has one
    /// Of what longs pay beyond the interest, among its own last 30 days; as of the last whole minute. Absent: too
    /// few samples, all the same, or the rate is not known.
    std::optional<double> funding_z;
    /// Liquidated money, halving each hour. Absent: the venue publishes none, or it was not watched for long enough.
    std::optional<double> liquidated_long_quote, liquidated_short_quote;
};

}  // namespace vt::analysis::sentiment
