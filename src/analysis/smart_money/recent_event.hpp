#pragma once

#include "analysis/frame.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::analysis::liquidity {
class Liquidity;
}
namespace vt::analysis::order_flow {
class OrderFlow;
}

namespace vt::analysis::smart_money {

class SmartMoney;

/// What those who move much did, or seem to have done.
enum class EventKind : std::uint8_t {
    break_of_structure,   ///< a close beyond the last swing, the way the structure runs
    change_of_character,  ///< the same against it
    fair_value_gap,       ///< prices that one strong bar jumped over
    order_block,          ///< the last bar against a break, before it
    pool_sweep,           ///< equal highs or lows were run and refused
    swing_sweep,          ///< a single swing high or low was run and refused
    iceberg,              ///< an order that refills what is taken of it; a rule of thumb
    whale_cluster,        ///< several of the largest takers of one side, close in time and price
    absorption,           ///< takers who did not move the price
    vanished_order,       ///< a large order taken back before it could trade; a rule of thumb
};
inline constexpr std::size_t kEventKindCount = 10;
[[nodiscard]] std::string_view name(EventKind kind);

/// What became of it.
enum class EventState : std::uint8_t {
    done,     ///< it was over when it was known
    open,     ///< a zone of prices that still stands
    filled,   ///< a gap: price went through to its far edge
    broken,   ///< a block: a close beyond its far side
    unknown,  ///< a zone whose bars are missing
};
[[nodiscard]] std::string_view name(EventState state);

/// One of them, as a table or a chart shows it. It was known from `t_confirm` on and not before: whoever draws it
/// draws it there. What a kind does not have is absent.
struct RecentEvent {
    EventKind kind = EventKind::break_of_structure;
    EventState state = EventState::done;
    double direction = 0;                      ///< +1 speaks for rising prices, -1 for falling, 0 for neither
    std::optional<Frame> bars;                 ///< of what follows from closed bars: their size
    std::optional<market::Side> resting_side;  ///< iceberg and vanished order: where it rested
    Timestamp t_event;                         ///< it happened, or began
    Timestamp t_confirm;                       ///< it could be known
    std::optional<Timestamp> t_last;           ///< iceberg: newest refill; cluster: newest whale
    std::optional<Timestamp> t_touched;        ///< a zone: first later bar that traded inside
    std::optional<Timestamp> t_ended;          ///< a zone: it was filled, broken, or lost from sight
    std::optional<double> low, high;           ///< quote currency
    std::optional<double> notional_quote;      ///< iceberg: executed; cluster: taken; vanished order: shown
    std::optional<double> strength;            ///< 0..1; iceberg: confidence; vanished order: share cancelled
    std::optional<double> displacement_atr;    ///< of bars: how far the bar that proved it ran
    std::optional<double> volume_ratio;        ///< order block: by the median
    std::optional<std::uint32_t> count;        ///< iceberg: refills; cluster: whales; pool: pivots
    [[nodiscard]] bool is_heuristic() const {
        return kind == EventKind::iceberg || kind == EventKind::vanished_order;
    }
};

/// How many of each kind are handed out: the newest by t_confirm.
inline constexpr std::size_t kMaxEventsOfKind = 20;

/// The newest events of each kind, in the order in which they became known.
///   cost: O(events log events), at most 200 are handed out; it allocates: for a page, not for an evaluation
[[nodiscard]] std::vector<RecentEvent> recent_events(const SmartMoney& smart_money, const order_flow::OrderFlow& flow,
                                                     const liquidity::Liquidity& liquidity);

}  // namespace vt::analysis::smart_money
