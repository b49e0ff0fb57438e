#include "signals/follow.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace vt::signals {
namespace {

constexpr std::array kTargetChanges{Change::target_1, Change::target_2};
static_assert(kTargetChanges.size() + 1 == kTargetCount, "the last target ends the position");
constexpr std::array kHorizonChanges{Change::horizon_15m, Change::horizon_1h, Change::horizon_4h,
                                     Change::horizon_24h};
static_assert(kHorizonChanges.size() == kHorizons.size());

double gross_bps(const Signal& signal, double price) {
    return market::sign(signal.side) * 1e4 * (price / signal.mid - 1);
}

/// Of an exit at `price` less `exit_bps`, with the fees of both fills.
double net_bps(const Signal& signal, double price, double exit_bps) {
    const double side = market::sign(signal.side);
    const double paid = price * (1 - side * exit_bps * 1e-4) / signal.levels->entry;
    return side * 1e4 * (paid - 1) - signal.costs.fee_bps * (1 + paid);
}

void note_excursion(Signal& signal, double price) {
    Path& path = signal.path;
    const double moved = gross_bps(signal, price);
    path.best_bps = std::max(path.best_bps, moved);
    path.worst_bps = std::min(path.worst_bps, moved);
    if (!path.ended_at) {
        path.mfe_bps = std::max(path.mfe_bps, moved);
        path.mae_bps = std::min(path.mae_bps, moved);
    }
}

void close_share(Signal& signal, double share, double price, double exit_bps) {
    Path& path = signal.path;
    path.gross_bps += share * gross_bps(signal, price);
    path.net_bps += share * net_bps(signal, price, exit_bps);
    path.open_share -= share;
}

void end(Signal& signal, Ending ending, Timestamp at, double price, std::vector<Change>& changes) {
    Path& path = signal.path;
    close_share(signal, path.open_share, price, ending == Ending::target ? 0 : signal.costs.exit_bps);
    path.open_share = 0;
    path.ended_at = at;
    if (!path.first_barrier) path.first_barrier = ending;
    changes.push_back(Change::ended);
}

/// The price at which what is left comes out even, costs included.
double break_even(const Signal& signal) {
    const double costs = (2 * signal.costs.fee_bps + signal.costs.exit_bps) * 1e-4;
    return signal.levels->entry * (1 + market::sign(signal.side) * costs);
}

bool is_beyond(const Signal& signal, double price, double level, double direction) {
    return market::sign(signal.side) * direction * (price - level) >= 0;
}

/// The price reached `price`, jumping or step by step: targets on the way are taken, in their order.
void take_targets(Signal& signal, Timestamp at, double price, std::vector<Change>& changes) {
    Path& path = signal.path;
    for (std::size_t i = 0; i < kTargetCount && !path.ended_at; ++i) {
        if (path.targets_hit[i]) continue;
        const double target = signal.levels->targets[i];
        if (!is_beyond(signal, price, target, 1)) return;
        path.targets_hit[i] = at;
        if (!path.first_barrier) path.first_barrier = Ending::target;
        if (i + 1 == kTargetCount) {
            end(signal, Ending::target, at, target, changes);
            return;
        }
        // Shares are of the whole; the last target takes what is left.
        close_share(signal, signal.target_shares[i], target, 0);
        if (i == 0) path.stop = break_even(signal);
        changes.push_back(kTargetChanges[i]);
    }
}

void judge(Signal& signal, Timestamp at, double price, std::vector<Change>& changes) {
    if (is_beyond(signal, price, signal.path.stop, -1)) {
        end(signal, Ending::stop, at, price, changes);
    } else {
        take_targets(signal, at, price, changes);
    }
}

/// Horizons and the expiry that fall before or on `now`, at the price that was seen last.
void pass_time(Signal& signal, Timestamp now, std::vector<Change>& changes) {
    Path& path = signal.path;
    if (!path.ended_at && now >= signal.expires_at)
        end(signal, Ending::expired, signal.expires_at, path.last_price, changes);
    for (std::size_t i = 0; i < kHorizons.size(); ++i) {
        if (path.horizons[i] || now < signal.entered_at + kHorizons[i]) continue;
        path.horizons[i] =
            HorizonOutcome{.gross_bps = gross_bps(signal, path.last_price),
                           .net_bps = net_bps(signal, path.last_price, signal.costs.exit_bps) + path.held_funding_bps,
                           .mfe_bps = path.best_bps,
                           .mae_bps = path.worst_bps};
        changes.push_back(kHorizonChanges[i]);
    }
}

void see(Signal& signal, Timestamp at, double price, std::vector<Change>& changes) {
    pass_time(signal, at, changes);
    // A position that ends here has this price among its excursions: it is the one that ended it.
    note_excursion(signal, price);
    if (!signal.path.ended_at) judge(signal, at, price, changes);
    signal.path.last_price = price;
}

/// A minute of which nothing but its candle is known: the stop side of it counts first.
void see_candle(Signal& signal, const market::Candle& bar, std::vector<Change>& changes) {
    const bool is_long = signal.side == market::Side::buy;
    const double adverse = is_long ? bar.low : bar.high;
    const double favourable = is_long ? bar.high : bar.low;
    const Timestamp close = bar.open_time + bar.interval;
    see(signal, std::max(bar.open_time, signal.path.seen_until), bar.open, changes);
    // Not where the candle opened, so the market traded at the stop itself on its way.
    const double stop = signal.path.stop;
    const bool is_stopped = !signal.path.ended_at && is_beyond(signal, adverse, stop, -1);
    if (is_stopped) see(signal, close - Nanos{1}, stop, changes);
    note_excursion(signal, adverse);
    see(signal, close - Nanos{1}, favourable, changes);
    signal.path.last_price = bar.close;
    pass_time(signal, close, changes);
}

/// The candle of the entry's minute, which also holds what came before the entry: of it only the close is known to be
/// later. It hides nothing where no barrier lies within its range.
void see_entry_candle(Signal& signal, const market::Candle& bar, std::vector<Change>& changes) {
    const auto holds = [&](double level) { return bar.low <= level && level <= bar.high; };
    bool may_hide = holds(signal.path.stop);
    for (std::size_t i = 0; i < kTargetCount; ++i)
        may_hide |= !signal.path.targets_hit[i] && holds(signal.levels->targets[i]);
    if (!signal.path.ended_at && may_hide) signal.path.has_gap = true;
    see(signal, bar.open_time + bar.interval - Nanos{1}, bar.close, changes);
}

/// The venue's candles from the hole's beginning to `until`, if all are there. Our own are made of the trades that
/// were seen, and a hole is where they were not.
std::optional<std::pair<std::size_t, std::size_t>> candles_over(const market::CandleSeries& minutes, Timestamp from,
                                                                Timestamp until) {
    const Timestamp first = floor_to(from, minutes.interval());
    const std::size_t begin = minutes.first_from(first);
    const auto wanted = static_cast<std::size_t>((until - first) / minutes.interval());
    if (begin + wanted > minutes.size()) return std::nullopt;
    for (std::size_t i = 0; i < wanted; ++i) {
        const market::Candle bar = minutes[begin + i];
        if (!bar.is_closed || !minutes.is_venues(begin + i) ||
            bar.open_time != first + static_cast<std::int64_t>(i) * minutes.interval())
            return std::nullopt;
    }
    return std::pair{begin, begin + wanted};
}

void charge_funding(Signal& signal, double rate) {
    const double received = -market::sign(signal.side) * rate * 1e4 * signal.path.last_price / signal.levels->entry;
    signal.path.held_funding_bps += received;
    if (signal.path.ended_at) return;
    signal.path.funding_bps += received * signal.path.open_share;
    signal.path.net_bps += received * signal.path.open_share;
}

/// What was settled in the hole while the program was not there, to be charged once.
class MissedSettlements {
public:
    MissedSettlements(Signal& signal, const SecondFacts& facts) : signal_(signal) {
        const Timestamp since = *signal.path.hole_since;
        if (!facts.began || since >= *facts.began) return;
        left_ = facts.missed.subspan(static_cast<std::size_t>(
            std::ranges::upper_bound(facts.missed, since, {}, &Settlement::at) - facts.missed.begin()));
        if (!facts.funding_interval) return;
        const Timestamp due = floor_to(*facts.began, *facts.funding_interval);
        is_whole_ = due <= since || (!left_.empty() && left_.back().at >= due);
    }
    /// Whether the newest that is due is known.
    [[nodiscard]] bool is_whole() const { return is_whole_; }
    void charge_until(Timestamp at) {
        for (; !left_.empty() && left_.front().at <= at; left_ = left_.subspan(1))
            charge_funding(signal_, left_.front().rate);
    }

private:
    Signal& signal_;
    std::span<const Settlement> left_;
    bool is_whole_ = true;
};

/// out: whether the hole is closed
bool fill_hole(Signal& signal, const SecondFacts& facts, MissedSettlements& missed, std::vector<Change>& changes) {
    Path& path = signal.path;
    constexpr Nanos kMinute = std::chrono::minutes{1};
    if (facts.minutes == nullptr || floor_to(facts.at, kMinute) != facts.at || !missed.is_whole()) return false;
    const auto range = candles_over(*facts.minutes, *path.hole_since, facts.at);
    if (!range) return false;
    for (std::size_t i = range->first; i < range->second; ++i) {
        const market::Candle bar = (*facts.minutes)[i];
        missed.charge_until(bar.open_time);
        if (bar.open_time < signal.entered_at) {
            see_entry_candle(signal, bar, changes);
        } else {
            see_candle(signal, bar, changes);
        }
    }
    return true;
}

}  // namespace

void follow_trade(Signal& signal, Timestamp at, double price, std::vector<Change>& changes) {
    if (!signal.levels || at <= signal.entered_at || signal.path.hole_since) return;
    see(signal, at, price, changes);
}

void follow_second(Signal& signal, const SecondFacts& facts, std::vector<Change>& changes) {
    if (!signal.levels || facts.at <= signal.entered_at) return;
    Path& path = signal.path;
    if (facts.funding_rate) charge_funding(signal, *facts.funding_rate);
    if (!facts.is_listed && !path.ended_at) end(signal, Ending::delisted, facts.at, path.last_price, changes);
    if (!facts.are_trades_live) {
        if (!path.hole_since) path.hole_since = path.seen_until;
        path.live_since.reset();
        return;
    }
    if (facts.is_by_candles && !path.hole_since) path.hole_since = path.seen_until;
    if (path.hole_since) {
        if (!path.live_since) path.live_since = facts.at;
        MissedSettlements missed(signal, facts);
        if (!fill_hole(signal, facts, missed, changes)) {
            if (facts.at - *path.live_since < kHoleWait) return;
            path.has_gap = true;  // what happened in the hole stays unknown; the next trade decides
        }
        missed.charge_until(facts.at);
        path.hole_since.reset();
        path.live_since.reset();
    }
    path.seen_until = facts.at;
    pass_time(signal, facts.at, changes);
}

bool is_followed_to_the_end(const Signal& signal) {
    return !signal.levels || (signal.path.ended_at && signal.path.horizons.back());
}

}  // namespace vt::signals
