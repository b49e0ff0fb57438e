#include "market/ladder.hpp"

#include "base/assert.hpp"

#include <limits>

namespace vt::market {
namespace {

constexpr std::size_t kWordTicks = 64;

}  // namespace

Ladder::Ladder(Side side, std::size_t window_ticks)
    : is_buy_(side == Side::buy),
      window_(window_ticks),
      quantities_(static_cast<std::int64_t*>(std::calloc(window_ticks, sizeof(std::int64_t)))),
      words_(window_ticks / kWordTicks),
      summary_(window_ticks / kWordTicks / 64) {
    VT_ASSERT(std::has_single_bit(window_ticks));
    VT_ASSERT(window_ticks >= kWordTicks * 64);
    VT_ASSERT(quantities_ != nullptr);
}

void Ladder::clear() {
    for (std::size_t word = next_word(0); word < words_.size(); word = next_word(word + 1)) {
        const std::size_t at = physical(word);
        for (std::uint64_t bits = words_[at]; bits != 0; bits &= bits - 1) {
            quantities_[at * kWordTicks + static_cast<std::size_t>(std::countr_zero(bits))] = 0;
        }
        words_[at] = 0;
    }
    std::fill(summary_.begin(), summary_.end(), std::uint64_t{0});
    overflow_.clear();
    inside_ = 0;
    forgotten_ = 0;
}

Lots Ladder::quantity_at(Ticks price) const {
    const Key key = key_of(price);
    if (offset_of(key) < window_) return Lots{quantities_[slot_of(key)]};
    const std::size_t at = far_position(key);
    return at < overflow_.size() && overflow_[at].key == key ? overflow_[at].quantity : Lots{};
}

void Ladder::set_outside(Key key, Lots quantity) {
    const bool is_better = key < first_key_;
    if (is_better || inside_ == 0) {
        if (quantity.value() == 0) return;  // no level there to remove
        move_window(key);
        set_inside(key, quantity);
        return;
    }
    if (quantity.value() != 0) {
        // The best price may have drifted to the far half: then the window, not the level, is in the wrong place.
        const std::size_t word = next_word(0);
        if (word > words_.size() / 2) {
            move_window(key_in(word, 0));
            if (offset_of(key) < window_) return set_inside(key, quantity);
        }
    }
    set_far(key, quantity);
}

/// The first level of the overflow that is not farther than `key`. A search whose steps are added, not jumped to:
/// where a far price lies is as good as random, and each mispredicted branch would cost more than its step.
std::size_t Ladder::far_position(Key key) const {
    const FarLevel* const first = overflow_.data();
    std::size_t at = 0;
    for (std::size_t length = overflow_.size(); length > 0;) {
        const std::size_t half = (length + 1) / 2;
        at += static_cast<std::size_t>(first[at + half - 1].key > key) * half;
        length -= half;
    }
    return at;
}

void Ladder::set_far(Key key, Lots quantity) {
    const auto at = overflow_.begin() + static_cast<std::ptrdiff_t>(far_position(key));
    const bool is_known = at != overflow_.end() && at->key == key;
    if (quantity.value() == 0) {
        if (is_known) overflow_.erase(at);
    } else if (is_known) {
        at->quantity = quantity;
    } else if (overflow_.size() < kOverflowLimit) {
        overflow_.insert(at, FarLevel{key, quantity});
    } else {
        ++forgotten_;
        if (at == overflow_.begin()) return;  // it is the farthest itself
        std::move(overflow_.begin() + 1, at, overflow_.begin());
        *(at - 1) = FarLevel{key, quantity};
    }
}

/// The window has run empty while there are levels beyond it: the nearest of them is the best price now.
void Ladder::follow_overflow() { move_window(overflow_.back().key); }

/// Puts the window where `best` (no level is better) lies a quarter inside, and sorts the levels to where they
/// belong.
void Ladder::move_window(Key best) {
    const auto window = static_cast<Key>(window_);
    constexpr Key kLowest = std::numeric_limits<Key>::min();
    constexpr Key kHighest = std::numeric_limits<Key>::max();
    const Key wanted = best < kLowest + window / 4 ? kLowest : best - window / 4;
    // Rounded down to a whole word; two's complement makes that right for negative keys as well.
    const Key first = std::min(wanted, kHighest - window + 1) & ~Key{kWordTicks - 1};
    if (inside_ != 0 && first < first_key_) {
        const std::uint64_t shift = static_cast<std::uint64_t>(first_key_) - static_cast<std::uint64_t>(first);
        const std::uint64_t kept = shift < window_ ? window_ - shift : 0;
        evict_from(static_cast<std::size_t>(kept / kWordTicks));
    }
    first_key_ = first;
    while (!overflow_.empty() && offset_of(overflow_.back().key) < window_) {
        const FarLevel near = overflow_.back();
        overflow_.pop_back();
        set_inside(near.key, near.quantity);
    }
}

/// Moves the levels of the words from `word` on into the overflow: they lie before all that is there.
void Ladder::evict_from(std::size_t word) {
    for (std::size_t last = words_.size(); last-- > word;) {
        while (words_[physical(last)] != 0) {
            const int bit = 63 - std::countl_zero(words_[physical(last)]);
            const Level level = level_at(key_in(last, bit));
            overflow_.push_back(FarLevel{key_of(level.price), level.quantity});
            set_inside(key_of(level.price), Lots{});
        }
    }
    if (overflow_.size() > kOverflowLimit) {
        const std::size_t excess = overflow_.size() - kOverflowLimit;
        overflow_.erase(overflow_.begin(), overflow_.begin() + static_cast<std::ptrdiff_t>(excess));
        forgotten_ += excess;
    }
}

}  // namespace vt::market
