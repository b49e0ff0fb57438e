#include "analysis/smart_money/bar_patterns.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::smart_money {

using liquidity::BarHistory;
using liquidity::PriceBar;
using liquidity::SweepWatch;

namespace {

Nanos half_life(liquidity::BarSize size) {
    return liquidity::interval_of(size) * static_cast<std::int64_t>(BarPatterns::kHalfLifeBars);
}

}  // namespace

BarPatterns::BarPatterns(liquidity::BarSize size)
    : size_(size), balances_{Balance{half_life(size)}, Balance{half_life(size)}, Balance{half_life(size)}} {}

void BarPatterns::clear() { *this = BarPatterns(size_); }

double BarPatterns::strength(PatternGroup group, Timestamp u) const {
    const Balance& balance = balances_[static_cast<std::size_t>(group)];
    return math::tanh(balance.up.at(u) - balance.down.at(u));
}

void BarPatterns::add(PatternGroup group, const Pattern& pattern) {
    patterns_[static_cast<std::size_t>(group)].push(pattern);
    Balance& balance = balances_[static_cast<std::size_t>(group)];
    (pattern.direction > 0 ? balance.up : balance.down).add(pattern.t_confirm, 1);
}

/// Nobody knows what the missing bars did to what was open.
void BarPatterns::lose_bars(Timestamp time) {
    swings_.clear();
    structure_.clear();
    pools_.clear();
    atr_.skip_gap();
    known_ = 0;
    for (Ring<Pattern>& group : patterns_) {
        for (std::size_t i = 0; i < group.size(); ++i) {
            if (group[i].end != PatternEnd::open) continue;
            group[i].end = PatternEnd::unknown;
            group[i].t_ended = time;
        }
    }
}

/// A gap is touched by the first trade inside it, and filled by one at its far edge.
void BarPatterns::follow_gaps(const PriceBar& bar) {
    Ring<Pattern>& gaps = patterns_[static_cast<std::size_t>(PatternGroup::fair_value_gap)];
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        Pattern& gap = gaps[i];
        if (gap.end != PatternEnd::open) continue;
        const bool is_touched = gap.direction > 0 ? bar.low < gap.high : bar.high > gap.low;
        if (!is_touched) continue;
        if (!gap.t_touched) gap.t_touched = bar.close_time;
        const bool is_filled = gap.direction > 0 ? bar.low <= gap.low : bar.high >= gap.high;
        if (!is_filled) continue;
        gap.end = PatternEnd::filled;
        gap.t_ended = bar.close_time;
    }
}

/// A block is touched by the first trade inside it, and dies by a close beyond its far side.
void BarPatterns::follow_blocks(const PriceBar& bar) {
    Ring<Pattern>& blocks = patterns_[static_cast<std::size_t>(PatternGroup::order_block)];
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        Pattern& block = blocks[i];
        if (block.end != PatternEnd::open) continue;
        const bool is_touched = block.direction > 0 ? bar.low <= block.high : bar.high >= block.low;
        if (is_touched && !block.t_touched) block.t_touched = bar.close_time;
        const bool is_broken = block.direction > 0 ? bar.close < block.low : bar.close > block.high;
        if (!is_broken) continue;
        block.end = PatternEnd::broken;
        block.t_ended = bar.close_time;
    }
}

/// With the bar that has just closed the one before it may prove to have jumped over prices.
void BarPatterns::find_gap(const PriceBar& bar) {
    if (known_ < 2 || !atr_before_) return;
    const SeenBar& first = last_two_[0];
    const SeenBar& strong = last_two_[1];
    const double body = strong.close - strong.open;
    double direction = 0;
    if (first.high < bar.low && body > 0) direction = 1;
    if (first.low > bar.high && body < 0) direction = -1;
    if (direction == 0 || std::abs(body) < kMinGapBody * *atr_before_) return;
    Pattern gap{.kind = PatternKind::fair_value_gap,
                .direction = direction,
                .t_event = strong.close_time,
                .t_confirm = bar.close_time,
                .low = direction > 0 ? first.high : bar.high,
                .high = direction > 0 ? bar.low : first.low,
                .displacement_atr = std::abs(body) / *atr_before_};
    if (gap.high - gap.low < kMinGap * *atr_before_) return;
    add(PatternGroup::fair_value_gap, gap);
}

bool BarPatterns::left_gap(double direction, Timestamp after) const {
    const Ring<Pattern>& gaps = patterns(PatternGroup::fair_value_gap);
    for (std::size_t i = gaps.size(); i-- > 0 && gaps[i].t_event > after;) {
        if (gaps[i].direction == direction) return true;
    }
    return false;
}

/// The last bar against the break between the broken swing and the breaking bar; where all run with it, the one that
/// reaches farthest against it.
void BarPatterns::find_block(const Pattern& broken, Timestamp swing, const BarHistory& history) {
    const Nanos interval = liquidity::interval_of(size_);
    const Timestamp until = broken.t_confirm - interval;
    const Nanos span = std::min<Nanos>(until - swing, interval * kMaxBarsToBlock);
    std::optional<PriceBar> last_against, farthest;
    history.visit_span(size_, until, span, [&](const PriceBar& bar) {
        if (broken.direction * (bar.close - bar.open) < 0) last_against = bar;
        const bool is_farther =
            !farthest || (broken.direction > 0 ? bar.low < farthest->low : bar.high > farthest->high);
        if (is_farther) farthest = bar;
    });
    const std::optional<PriceBar>& block = last_against ? last_against : farthest;
    if (!block) return;
    Pattern pattern{.kind = PatternKind::order_block,
                    .has_gap = left_gap(broken.direction, swing),
                    .direction = broken.direction,
                    .t_event = block->close_time,
                    .t_confirm = broken.t_confirm,
                    .low = block->low,
                    .high = block->high,
                    .displacement_atr = broken.displacement_atr};
    if (const auto usual = volumes_.median(); usual && *usual > 0) {
        double volume = 0;
        double bars = 0;
        const Timestamp last = std::min(block->close_time + 2 * interval, broken.t_confirm);
        history.visit_span(size_, last, last - block->close_time + interval, [&](const PriceBar& bar) {
            volume += bar.volume;
            bars += 1;
        });
        pattern.volume_ratio = volume / bars / *usual;
    }
    add(PatternGroup::order_block, pattern);
}

void BarPatterns::find_break(const PriceBar& bar, const BarHistory& history) {
    const auto atr = atr_.value();
    const auto broken = structure_.on_close(bar.close);
    if (!broken || broken->kind == BreakKind::without_structure || !atr) return;
    const double range = bar.high - bar.low;
    if (range < kMinBreakRange * *atr) return;
    const bool is_with = broken->kind == BreakKind::with_structure;
    const Pattern pattern{.kind = is_with ? PatternKind::break_of_structure : PatternKind::change_of_character,
                          .end = PatternEnd::done,
                          .direction = broken->direction,
                          .t_event = broken->swing.pivot.t_event,
                          .t_confirm = bar.close_time,
                          .low = broken->swing.pivot.price,
                          .high = broken->swing.pivot.price,
                          .displacement_atr = range / *atr,
                          .t_ended = bar.close_time};
    add(PatternGroup::structure_break, pattern);
    find_block(pattern, broken->swing.pivot.t_event, history);
}

void BarPatterns::on_bar(const PriceBar& bar, const BarHistory& history) {
    const bool is_next = last_close_time_ && bar.close_time - *last_close_time_ == liquidity::interval_of(size_);
    if (last_close_time_ && !is_next) lose_bars(bar.close_time);
    last_close_time_ = bar.close_time;
    follow_gaps(bar);
    follow_blocks(bar);
    std::optional<SweepWatch::Usual> usual;
    const auto atr = atr_.value();
    const auto volume = volumes_.median();
    if (atr && volume) usual = SweepWatch::Usual{.atr = *atr, .volume = *volume};
    pools_.on_bar(bar, usual);
    find_gap(bar);
    find_break(bar, history);

    // What this bar proves counts from its close, for the bars after it.
    atr_before_ = atr;
    atr_.update(bar.high, bar.low, bar.close);
    volumes_.push(bar.volume);
    const auto confirmed = swings_.update(bar.high, bar.low, bar.close_time);
    structure_.add(confirmed);
    if (atr_.value()) pools_.add(confirmed, *atr_.value());
    last_two_[0] = last_two_[1];
    last_two_[1] = {
        .open = bar.open, .high = bar.high, .low = bar.low, .close = bar.close, .close_time = bar.close_time};
    known_ = std::min(known_ + 1, std::uint32_t{2});
    bars_ = std::min(bars_ + 1, kMinBars);
}

}  // namespace vt::analysis::smart_money
