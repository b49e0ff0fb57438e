#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "paper/faults.hpp"
#include "paper/fees.hpp"
#include "paper/latency.hpp"
#include "paper/margin.hpp"

#include <cstdint>

namespace vt::paper {

/// Of what orders are filled.
enum class FillBy : std::uint8_t {
    book,  ///< displayed levels and prints
    bars,  ///< closed candles alone, for histories that have nothing else
};

/// Fills out of bars, where a book is not known.
struct BarParams {
    Nanos interval = std::chrono::minutes{1};  ///< of the candles that count; others are left out
    Decimal slippage{2, 4};  ///< of the price, against us, for orders at the market and stops: an assumption
};

/// How many orders and requests an account may have, as Bybit has it.
struct OrderCounts {
    std::size_t active = 500;         ///< resting orders for each instrument
    std::size_t stops = 10;           ///< waiting for their trigger, for each instrument
    std::size_t requests_per_s = 10;  ///< of each kind (orders, amendments, cancellations, leverages)
    std::size_t under_way = 1'000;    ///< requests that have not arrived; more are refused at once
};

struct Params {
    trading::Money deposit{10'000 * trading::kMoneyPerUnit};
    FillBy fill_by = FillBy::book;
    LatencyParams latency;
    FeeRates fees;
    MarginParams margin;
    BarParams bars;
    OrderCounts counts;
    FaultParams faults;
    /// The market orders of the venues end where the price is so far from the best one; the rest is cancelled.
    Decimal market_order_band{5, 2};
    /// A triggered order waits for a book at least as new as what triggered it, but no longer than this: a book that
    /// is not updated has not changed.
    Nanos book_patience = std::chrono::seconds{1};
    std::uint64_t seed = 1;
};

/// errors: configuration, naming the parameter, its value and its range
[[nodiscard]] Result<void> check(const Params& params);

}  // namespace vt::paper
