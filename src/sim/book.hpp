#pragma once

#include "base/strong.hpp"
#include "market/event.hpp"

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::sim {

/// The resting orders of a simulated (or rebuilt) market, by price, in a window of ticks around a centre. Invariant:
/// best bid < best ask; every quantity is positive. What lies outside the window does not exist.
class Book {
public:
    /// `window_ticks`: a power of two, at least 256.
    explicit Book(std::size_t window_ticks);

    /// Empties the book and moves the window.
    void reset(Ticks centre);
    /// Moves the window; what falls outside is dropped.
    void recentre(Ticks centre);
    [[nodiscard]] Ticks centre() const { return Ticks{centre_}; }
    [[nodiscard]] std::size_t window_ticks() const { return mask_ + 1; }
    [[nodiscard]] bool holds(Ticks price) const;

    /// Adds resting orders. A price that would cross or lies outside the window is refused.
    ///   out: whether it was added
    bool add(market::Side side, Ticks price, Lots quantity, std::int32_t orders = 1);
    /// Removes up to `quantity` from a level. `orders` leave with it.
    ///   out: what was removed
    Lots remove(market::Side side, Ticks price, Lots quantity, std::int32_t orders);
    /// Sets the absolute quantity at a price; 0 removes the level. Levels of the other side that it would cross go.
    void set(market::Side side, Ticks price, Lots quantity);

    [[nodiscard]] std::optional<market::Level> best(market::Side side) const;
    [[nodiscard]] Lots quantity_at(market::Side side, Ticks price) const;
    [[nodiscard]] std::int32_t orders_at(market::Side side, Ticks price) const;
    [[nodiscard]] std::size_t level_count(market::Side side) const { return of(side).size; }
    /// Counts changes of the book.
    [[nodiscard]] std::uint64_t changes() const { return changes_; }

    /// Calls visit(Level) from the best price outward until it returns false. It must not change the book.
    template <class Visit>
    void walk(market::Side side, Visit&& visit) const {
        const Half& half = of(side);
        if (half.size > 0) walk_from(side, half.best, visit);
    }

private:
    struct Half {
        std::vector<std::int64_t> lots;
        std::vector<std::int32_t> orders;
        std::vector<std::uint64_t> occupied;  // one bit a tick
        std::int64_t best = 0;
        std::size_t size = 0;
    };
    [[nodiscard]] const Half& of(market::Side side) const { return side == market::Side::buy ? bids_ : asks_; }
    [[nodiscard]] Half& of(market::Side side) { return side == market::Side::buy ? bids_ : asks_; }
    [[nodiscard]] std::size_t index(std::int64_t price) const { return static_cast<std::size_t>(price) & mask_; }
    /// As walk, from `first` on, than which nothing better rests. The half is not empty. Goes by words of the bits.
    template <class Visit>
    void walk_from(market::Side side, std::int64_t first, Visit&& visit) const {
        const Half& half = of(side);
        const bool is_buy = side == market::Side::buy;
        const std::size_t last_word = half.occupied.size() - 1;  // their number is a power of two
        const std::size_t slot = index(first);
        std::size_t word = slot / 64;
        std::int64_t base = first - static_cast<std::int64_t>(slot % 64);
        const std::uint64_t ahead = is_buy ? ~std::uint64_t{0} >> (63 - slot % 64) : ~std::uint64_t{0} << (slot % 64);
        std::uint64_t bits = half.occupied[word] & ahead;
        for (std::size_t left = half.size;;) {
            while (bits != 0) {
                const int bit = is_buy ? 63 - std::countl_zero(bits) : std::countr_zero(bits);
                bits &= ~(std::uint64_t{1} << bit);
                const std::int64_t lots = half.lots[word * 64 + static_cast<std::size_t>(bit)];
                if (!visit(market::Level{.price = Ticks{base + bit}, .quantity = Lots{lots}}) || --left == 0) return;
            }
            word = (is_buy ? word - 1 : word + 1) & last_word;
            base += is_buy ? -64 : 64;
            bits = half.occupied[word];
        }
    }
    void put(market::Side side, std::int64_t price, std::int64_t lots, std::int32_t orders);
    void erase(market::Side side, std::int64_t price);
    void drop_outside(market::Side side);

    Half bids_;
    Half asks_;
    std::size_t mask_;
    std::int64_t centre_ = 0;
    std::int64_t reach_;
    std::uint64_t changes_ = 0;
};

}  // namespace vt::sim
