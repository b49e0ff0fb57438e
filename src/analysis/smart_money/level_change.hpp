#pragma once

#include "base/strong.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis::smart_money {

/// What became of the resting size at one price between two frames of one generation of the book.
struct LevelChange {
    enum class Kind : std::uint8_t {
        changed,  ///< from `before` to `after`, either may be 0
        sighted,  ///< came into view at `after`: what rested there before is not known
        lost,     ///< the book is not known any more: nothing before this pairs with anything after it
    };
    Timestamp time;
    Ticks price_ticks;
    double price = 0;   ///< quote currency
    double before = 0;  ///< base currency
    double after = 0;
    market::Side side = market::Side::buy;  ///< of the resting orders
    Kind kind = Kind::changed;

    [[nodiscard]] double added() const { return after - before; }
    template <class Archive>
    void archive(Archive& a) {
        a(time, price_ticks, price, before, after, side, kind);
        if constexpr (Archive::kIsReader) {
            if (side > market::Side::sell || kind > Kind::lost) a.fail();
        }
    }
};

}  // namespace vt::analysis::smart_money
