#pragma once

#include "analysis/bitcoin_beta/bitcoin_inputs.hpp"
#include "base/time.hpp"

#include <optional>

namespace vt::analysis {

/// The mood of the whole market, by the instruments that the program follows.
struct FearAndGreed {
    /// No index is made up: it has to be named.
    FearAndGreed(double index_of_all, double share_known, Nanos since)
        : index(index_of_all), coverage(share_known), age(since) {}

    double index;     ///< 0 fear .. 100 greed
    double coverage;  ///< share of what it is made of that is known
    Nanos age;
};

/// What an instrument's analysis cannot see by itself, as of the grid second u at which it is evaluated.
struct EvaluationInputs {
    /// Since the last frame or pong of the connection that carries the topic (silence of the topic is legitimate).
    /// Absent: never subscribed.
    std::optional<Nanos> trades_connection_age;
    std::optional<Nanos> liquidations_connection_age;
    /// Prints of the second that ends at u are known to be lost (connection down or inputs dropped, not refilled).
    bool trades_missing = false;
    /// Return of the same venue's Bitcoin mid in the minute that closes at u; evaluate Bitcoin first.
    std::optional<double> btc_ret_bps_1m;
    /// Measured offset of our clock to the venue's. Absent: unknown.
    std::optional<Nanos> clock_offset;
    bool is_trading = true;
    /// ln(own mid/the other venue's) in bps, both for one coin and as known now. Absent: no other venue trades the
    /// same thing, or one of the two books is not live.
    std::optional<double> other_venue_bps;
    /// Absent: nothing of what it is made of is known.
    std::optional<FearAndGreed> fear_and_greed;
    BitcoinInputs bitcoin;  ///< for the others
};

/// How old each input is at u: u - time of the last record before u. Absent: never seen, or invalid now.
struct Ages {
    std::optional<Nanos> quote;         ///< best bid and ask
    std::optional<Nanos> book;          ///< depth
    std::optional<Nanos> trades;        ///< of the connection
    std::optional<Nanos> liquidations;  ///< of the connection
    std::optional<Nanos> ticker;
};

}  // namespace vt::analysis
