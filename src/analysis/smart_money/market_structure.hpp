#pragma once

#include "analysis/liquidity/bar_history.hpp"
#include "base/ring.hpp"
#include "base/time.hpp"
#include "indicators/swing_pivots.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace vt::analysis::smart_money {

/// A confirmed turning point, in the order in which highs and lows take turns.
struct Swing {
    double side = 1;  ///< +1 high, -1 low
    indicators::Pivot pivot;
    bool is_broken = false;  ///< a bar closed beyond it

    template <class Archive>
    void archive(Archive& a) {
        a(side, pivot.price, pivot.t_event, pivot.t_confirm, is_broken);
    }
};

/// How a break of the last swing stands to the structure before it.
enum class BreakKind : std::uint8_t { with_structure, against_structure, without_structure };
struct StructureBreak {
    BreakKind kind = BreakKind::without_structure;
    double direction = 0;  ///< +1: a high was broken
    Swing swing;           ///< as it was broken
};

/// Swings that take turns, and closes beyond the last of them. Of several highs without a low between, the highest
/// counts (lows mirrored); a swing counts from its confirmation on, and none is made up at either end. The structure
/// runs up when the last two lows rise and the second lies below the high between them (down: mirrored); a triangle
/// does neither.
///   cost: O(1) a bar, does not allocate
class MarketStructure {
public:
    static constexpr std::size_t kSwings = 5;  ///< enough for two of each side and the one that is broken

    MarketStructure() : swings_(kSwings) {}

    /// The next closed bar, against the swings that were confirmed before it. out: at most one break a bar
    [[nodiscard]] std::optional<StructureBreak> on_close(double close);
    /// What the same bar confirmed.
    void add(const indicators::ConfirmedPivots& confirmed);
    /// Bars are missing: closes beyond the swings may be among them.
    void clear() { swings_.clear(); }
    /// Oldest first.
    [[nodiscard]] const Ring<Swing>& swings() const { return swings_; }

    template <class Archive>
    void archive(Archive& a) {
        a(swings_);
    }

private:
    void add(double side, const indicators::Pivot& pivot);
    [[nodiscard]] Swing* last_of(double side);
    /// +1 up, -1 down, 0 neither or both.
    [[nodiscard]] int direction() const;

    Ring<Swing> swings_;
};

}  // namespace vt::analysis::smart_money
