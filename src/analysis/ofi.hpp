#pragma once

#include "base/strong.hpp"

namespace vt::analysis {

/// One rank of a book: price and resting size on both sides.
struct RankState {
    Ticks bid;
    Ticks ask;
    double bid_size = 0;
    double ask_size = 0;
};

/// Order flow imbalance between two consecutive records: what was added to the bid or taken from the ask, less the
/// reverse.
///   in:     two records of the same generation, sizes in base currency
///   out:    base currency, positive for buying pressure
///   source: Cont, Kukanov and Stoikov 2014, equation (4); oracle `ofi_cks`
[[nodiscard]] constexpr double order_flow_imbalance(const RankState& before, const RankState& after) {
    double e = 0;
    if (after.bid >= before.bid) e += after.bid_size;
    if (after.bid <= before.bid) e -= before.bid_size;
    if (after.ask <= before.ask) e -= after.ask_size;
    if (after.ask >= before.ask) e += before.ask_size;
    return e;
}

}  // namespace vt::analysis
