#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis::smart_money {

enum class PatternKind : std::uint8_t {
    break_of_structure,   ///< a close beyond the last swing, the way the structure runs
    change_of_character,  ///< the same against it
    fair_value_gap,       ///< prices that one strong bar jumped over
    order_block,          ///< the last bar against a break, before it
};

/// What a zone of prices came to.
enum class PatternEnd : std::uint8_t {
    open,
    done,     ///< it was over when it happened: a break
    filled,   ///< a gap: price went through to its far edge
    broken,   ///< a block: a close beyond its far side; from then on it is a breaker
    unknown,  ///< bars are missing
};

/// A pattern of closed bars. Nobody could know it before `t_confirm`, so nothing may use it before; what became of it
/// later has times of its own, and never changes what it was.
struct Pattern {
    PatternKind kind = PatternKind::break_of_structure;
    PatternEnd end = PatternEnd::open;
    bool has_gap = false;  ///< order block: its break left a fair value gap
    double direction = 0;  ///< +1 speaks for rising prices, -1 for falling
    Timestamp t_event;     ///< close of the bar that holds it; of a break, of the swing that was broken
    Timestamp t_confirm;   ///< close of the bar that proved it
    double low = 0;        ///< quote currency; of a break both are the swing's price
    double high = 0;
    double displacement_atr =
        0;                    ///< gap: body of its bar; break and block: range of the breaking bar; in ATR14 before
    double volume_ratio = 0;  ///< order block: mean volume of it and the two bars after it, by the median; 0: unknown
    std::optional<Timestamp> t_touched;  ///< close of the first later bar that traded inside
    std::optional<Timestamp> t_ended;    ///< close of the bar that ended it

    template <class Archive>
    void archive(Archive& a) {
        a(kind, end, has_gap, direction, t_event, t_confirm, low, high, displacement_atr, volume_ratio, t_touched,
          t_ended);
        if constexpr (Archive::kIsReader) {
            if (kind > PatternKind::order_block || end > PatternEnd::unknown) a.fail();
        }
    }
};

}  // namespace vt::analysis::smart_money
