#pragma once

#include "analysis/observation.hpp"
#include "analysis/smart_money/level_change.hpp"
#include "base/ring.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::smart_money {

/// A large order that was shown and taken back before it could trade.
struct VanishedOrder {
    market::Side side = market::Side::buy;
    double price = 0;        ///< quote currency
    double added_quote = 0;  ///< quote currency
    double cancelled_share = 0;
    Timestamp t_event;    ///< it appeared
    Timestamp t_confirm;  ///< it was gone
    double weight = 1;    ///< 1 at the size that is large, 2 from twice that on

    template <class Archive>
    void archive(Archive& a) {
        a(side, price, added_quote, cancelled_share, t_event, t_confirm, weight);
        if constexpr (Archive::kIsReader) {
            if (side > market::Side::sell) a.fail();
        }
    }
};

/// How much of the book seems to be there for show. An order is **like a spoof** when a level of the first ten ranks
/// grows by a large order at once, at least 90 % of that is gone within 5 s, and more than 90 % of it was cancelled:
/// prints at its price did not take it. It speaks about the reliability of the book, never about direction, and it is
/// no proof of intent: market makers who move their quotes look like this too.
///   out:    spoof_like(u) = min(1, sum of weights over the last 60 s / 5)
///   source: docs/indicators/spoof_like.md
class SpoofWatch {
public:
    static constexpr Nanos kMaxLife = std::chrono::seconds{5};
    static constexpr double kGone = 0.9;
    static constexpr double kCancelled = 0.9;
    static constexpr Nanos kWindow = std::chrono::seconds{60};
    static constexpr double kFull = 5;       ///< orders in the window at which nothing is to be believed
    static constexpr double kMaxWeight = 2;  ///< of one order
    static constexpr std::size_t kMaxOrders = 32;
    static constexpr std::size_t kMaxEvents = 64;

    SpoofWatch();

    /// In order of time; at one instant prints come before changes.
    void on_print(const Print& print);
    /// in: `large_shown` in quote currency; absent: nobody knows what is large
    void on_change(const LevelChange& change, std::optional<double> large_shown);
    /// cost: O(events within the window)
    [[nodiscard]] double spoof_like(Timestamp u) const;

    /// Oldest first.
    [[nodiscard]] const Ring<VanishedOrder>& events() const { return events_; }
    void lose_orders() { orders_.clear(); }

    template <class Archive>
    void archive(Archive& a) {
        a(orders_, events_);
        if constexpr (Archive::kIsReader) {
            if (orders_.size() > kMaxOrders) {
                a.fail();
                *this = SpoofWatch{};
            }
        }
    }

private:
    struct Order {
        market::Side side = market::Side::buy;
        Ticks price;
        Timestamp since;
        double added = 0;   // base currency
        double before = 0;  // what rested there without it
        double traded = 0;
        double weight = 1;
        template <class Archive>
        void archive(Archive& a) {
            a(side, price, since, added, before, traded, weight);
        }
    };

    std::vector<Order> orders_;
    Ring<VanishedOrder> events_;
};

}  // namespace vt::analysis::smart_money
