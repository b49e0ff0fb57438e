#include "analysis/smart_money/depth_changes.hpp"

#include <algorithm>
#include <limits>

namespace vt::analysis::smart_money {
namespace {

using market::Side;

/// One side of the ten ranks. A price's place grows away from the market on both sides.
class SideView {
public:
    SideView(const TopLevels& levels, Side side) : levels_(levels), is_buy_(side == Side::buy) {}

    [[nodiscard]] std::size_t size() const { return is_buy_ ? levels_.bids : levels_.asks; }
    [[nodiscard]] Ticks price(std::size_t rank) const {
        return is_buy_ ? levels_.ranks[rank].bid : levels_.ranks[rank].ask;
    }
    [[nodiscard]] double quantity(std::size_t rank) const {
        return is_buy_ ? levels_.ranks[rank].bid_size : levels_.ranks[rank].ask_size;
    }
    [[nodiscard]] std::int64_t place(Ticks price) const { return is_buy_ ? -price.value() : price.value(); }
    [[nodiscard]] std::int64_t place(std::size_t rank) const { return place(price(rank)); }
    /// Beyond this place nothing is known; a side with fewer ranks is known whole.
    [[nodiscard]] std::int64_t horizon() const {
        return size() < kRanks ? std::numeric_limits<std::int64_t>::max() : place(kRanks - 1);
    }

private:
    const TopLevels& levels_;
    bool is_buy_;
};

}  // namespace

DepthChanges::DepthChanges() {
    watched_.reserve(kMaxWatched);
    waiting_.reserve(256);
}

void DepthChanges::push(const LevelChange& change, std::optional<double> large_shown) {
    waiting_.push_back(change);
    if (change.kind != LevelChange::Kind::changed || !large_shown) return;
    if (change.added() * change.price < *large_shown) return;
    std::erase_if(watched_,
                  [&](const Watched& one) { return one.price == change.price_ticks && one.side == change.side; });
    if (watched_.size() == kMaxWatched) watched_.erase(watched_.begin());
    watched_.push_back(
        {.price = change.price_ticks, .side = change.side, .since = change.time, .size = change.after});
}

void DepthChanges::compare(Side side, const BookFrame& frame, const TopLevels& now,
                           std::optional<double> large_shown) {
    using Kind = LevelChange::Kind;
    const SideView before(levels_, side);
    const SideView after(now, side);
    const auto note = [&](Ticks price, double from, double to, Kind kind) {
        push({.time = frame.time,
              .price_ticks = price,
              .price = frame.instrument.price(price),
              .before = from,
              .after = to,
              .side = side,
              .kind = kind},
             large_shown);
    };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
        const bool is_only_before = j == after.size() || (i < before.size() && before.place(i) < after.place(j));
        const bool is_only_after = i == before.size() || (j < after.size() && after.place(j) < before.place(i));
        if (is_only_before) {
            if (before.place(i) <= after.horizon()) note(before.price(i), before.quantity(i), 0, Kind::changed);
            ++i;
        } else if (is_only_after) {
            const bool was_in_view = after.place(j) <= before.horizon();
            note(after.price(j), 0, after.quantity(j), was_in_view ? Kind::changed : Kind::sighted);
            ++j;
        } else {
            if (before.quantity(i) != after.quantity(j))
                note(before.price(i), before.quantity(i), after.quantity(j), Kind::changed);
            ++i;
            ++j;
        }
    }
}

/// The watched levels that the ten ranks did not compare, because they were beyond them before or are now.
void DepthChanges::follow_watched(const BookFrame& frame, const TopLevels& now) {
    std::erase_if(watched_, [&](const Watched& one) { return frame.time - one.since > kWatchFor; });
    for (Watched& one : watched_) {
        const SideView before(levels_, one.side);
        const SideView after(now, one.side);
        const market::Units units(frame.instrument);
        const double price = units.price(one.price);
        const double size = units.base(frame.book.quantity_at(one.side, one.price), price);
        const std::int64_t place = after.place(one.price);
        const bool is_compared = place <= before.horizon() && place <= after.horizon();
        if (!is_compared && size != one.size) {
            waiting_.push_back({.time = frame.time,
                                .price_ticks = one.price,
                                .price = price,
                                .before = one.size,
                                .after = size,
                                .side = one.side});
        }
        one.size = size;
    }
}

void DepthChanges::on_frame(const BookFrame& frame, const TopLevels& levels, std::optional<double> large_shown) {
    if (has_levels_ && levels_.generation != levels.generation) on_lost(frame.time);
    const BookFrame placed{.time = std::max(frame.time, last_time_),
                           .book = frame.book,
                           .instrument = frame.instrument,
                           .source_sequence = frame.source_sequence};
    last_time_ = placed.time;
    if (!has_levels_) {
        levels_ = TopLevels{.generation = levels.generation};
        // All that is seen first is sighted: an empty side before would make it added.
        for (const Side side : {Side::buy, Side::sell}) {
            const SideView view(levels, side);
            for (std::size_t rank = 0; rank < view.size(); ++rank) {
                waiting_.push_back({.time = placed.time,
                                    .price_ticks = view.price(rank),
                                    .price = frame.instrument.price(view.price(rank)),
                                    .after = view.quantity(rank),
                                    .side = side,
                                    .kind = LevelChange::Kind::sighted});
            }
        }
    } else {
        follow_watched(placed, levels);
        compare(Side::buy, placed, levels, large_shown);
        compare(Side::sell, placed, levels, large_shown);
    }
    levels_ = levels;
    has_levels_ = true;
}

void DepthChanges::on_lost(Timestamp time) {
    if (!has_levels_) return;
    has_levels_ = false;
    watched_.clear();
    last_time_ = std::max(last_time_, time);
    waiting_.push_back({.time = last_time_, .kind = LevelChange::Kind::lost});
}

void DepthChanges::clear() {
    levels_ = {};
    has_levels_ = false;
    watched_.clear();
    waiting_.clear();
    last_time_ = {};
}

}  // namespace vt::analysis::smart_money
