#pragma once

#include "base/strong.hpp"
#include "market/event.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

namespace vt::market {

/// One side of an order book: quantities indexed by tick inside a window around the best price, with a bitmap of the
/// occupied ticks and a bitmap of its non-empty words; levels beyond the window live in an ordered overflow. When the
/// best price leaves the window, the window moves with it. Any price that a Ticks can hold is accepted.
///   cost: set() and best() are O(1) inside the window and do not allocate; 8 bytes a tick plus the overflow
class Ladder {
public:
    /// Levels kept beyond the window. When there are more, the farthest from the best price is forgotten and counted.
    static constexpr std::size_t kOverflowLimit = 65'536;

    /// `window_ticks`: a power of two, at least 64 x 64.
    Ladder(Side side, std::size_t window_ticks);

    /// Forgets every level. cost: O(levels)
    void clear();
    /// Sets the absolute quantity at a price; 0 removes the level, and removing an unknown level is normal.
    void set(Ticks price, Lots quantity) {
        const Key key = key_of(price);
        if (offset_of(key) < window_) [[likely]] {
            set_inside(key, quantity);
            if (inside_ == 0 && !overflow_.empty()) [[unlikely]] follow_overflow();
        } else {
            set_outside(key, quantity);
        }
    }
    [[nodiscard]] std::optional<Level> best() const {
        if (inside_ == 0) return std::nullopt;  // the overflow is empty too: see follow_overflow()
        const std::size_t word = next_word(0);
        return level_at(key_in(word, std::countr_zero(words_[physical(word)])));
    }
    [[nodiscard]] Lots quantity_at(Ticks price) const;
    [[nodiscard]] std::size_t size() const { return inside_ + overflow_.size(); }
    /// Levels that live beyond the window: each costs a binary search instead of an index.
    [[nodiscard]] std::size_t overflow_size() const { return overflow_.size(); }
    /// Levels lost to kOverflowLimit since the last clear().
    [[nodiscard]] std::uint64_t forgotten() const { return forgotten_; }

    /// Calls visit(Level) from the best price outward until it returns false.
    template <class Visit>
    void walk(Visit&& visit) const {
        for (std::size_t word = next_word(0); word < words_.size(); word = next_word(word + 1)) {
            for (std::uint64_t bits = words_[physical(word)]; bits != 0; bits &= bits - 1) {
                if (!visit(level_at(key_in(word, std::countr_zero(bits))))) return;
            }
        }
        for (auto far = overflow_.rbegin(); far != overflow_.rend(); ++far) {
            if (!visit(Level{price_of(far->key), far->quantity})) return;
        }
    }

private:
    /// A price as a distance from nowhere: smaller is better on both sides. ~p is -p-1, which cannot overflow.
    using Key = std::int64_t;
    struct Free {
        void operator()(std::int64_t* memory) const { std::free(memory); }
    };
    struct FarLevel {
        Key key = 0;
        Lots quantity;
    };

    [[nodiscard]] Key key_of(Ticks price) const { return is_buy_ ? ~price.value() : price.value(); }
    [[nodiscard]] Ticks price_of(Key key) const { return Ticks{is_buy_ ? ~key : key}; }
    /// Distance from the window's first key; keys before the window wrap to values beyond it.
    [[nodiscard]] std::uint64_t offset_of(Key key) const {
        return static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(first_key_);
    }
    /// The array is a circle: a key keeps its slot while the window slides.
    [[nodiscard]] std::size_t slot_of(Key key) const { return static_cast<std::uint64_t>(key) & (window_ - 1); }
    /// Words are counted from the window's start; this is where the nth is stored.
    [[nodiscard]] std::size_t physical(std::size_t word) const {
        return (slot_of(first_key_) / 64 + word) & (words_.size() - 1);
    }
    [[nodiscard]] Key key_in(std::size_t word, int bit) const {
        return first_key_ + static_cast<Key>(word * 64) + bit;
    }
    [[nodiscard]] Level level_at(Key key) const { return Level{price_of(key), Lots{quantities_[slot_of(key)]}}; }

    /// The first non-empty word at or after `word`, or the number of words.
    [[nodiscard]] std::size_t next_word(std::size_t word) const {
        while (word < words_.size()) {
            const std::size_t at = physical(word);
            if (const std::uint64_t bits = summary_[at / 64] >> (at % 64); bits != 0) {
                return std::min(word + static_cast<std::size_t>(std::countr_zero(bits)), words_.size());
            }
            word += 64 - at % 64;
        }
        return words_.size();
    }

    void set_inside(Key key, Lots quantity) {
        const std::size_t slot = slot_of(key);
        const std::uint64_t is_level = quantity.value() != 0 ? 1 : 0;
        const std::uint64_t was_level = quantities_[slot] != 0 ? 1 : 0;
        quantities_[slot] = quantity.value();
        inside_ += is_level - was_level;  // modulo 2^64: right for -1 too
        std::uint64_t& word = words_[slot / 64];
        word = (word & ~(std::uint64_t{1} << (slot % 64))) | is_level << (slot % 64);
        std::uint64_t& summary = summary_[slot / 4096];
        const std::size_t bit = slot / 64 % 64;
        summary = (summary & ~(std::uint64_t{1} << bit)) | std::uint64_t{word != 0} << bit;
    }
    void set_outside(Key key, Lots quantity);
    [[nodiscard]] std::size_t far_position(Key key) const;
    void set_far(Key key, Lots quantity);
    void follow_overflow();
    void move_window(Key best);
    void evict_from(std::size_t word);

    bool is_buy_;
    Key first_key_ = 0;               // a multiple of 64, and first_key_ + window does not overflow
    std::size_t inside_ = 0;          // levels in the window; 0 only when there is none at all
    std::uint64_t window_;
    // By key modulo the window; 0: no level. From calloc: pages that no price ever touched are not resident.
    std::unique_ptr<std::int64_t[], Free> quantities_;
    std::vector<std::uint64_t> words_;    // one bit for each slot
    std::vector<std::uint64_t> summary_;  // one bit for each word
    std::vector<FarLevel> overflow_;      // all beyond the window; farthest first, so that the near end is cheap
    std::uint64_t forgotten_ = 0;
};

}  // namespace vt::market
