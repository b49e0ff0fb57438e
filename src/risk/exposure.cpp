#include "risk/exposure.hpp"

#include "base/assert.hpp"
#include "risk/equity_share.hpp"
#include "risk/margin.hpp"

#include <algorithm>
#include <cmath>

namespace vt::risk {
namespace {

using market::InstrumentId;
using market::Side;
using trading::Money;

/// Absent as soon as a part is, or the sum does not fit.
void add(std::optional<Money>& total, const std::optional<Money>& part) {
    std::int64_t sum = 0;
    if (total && part && !__builtin_add_overflow(total->value(), part->value(), &sum)) {
        total = Money{sum};
    } else {
        total.reset();
    }
}

/// The worth at the mark price. in: quantity not negative
std::optional<Money> worth(const market::Instrument& instrument, std::optional<Ticks> mark, Lots quantity) {
    return mark ? trading::notional_of(instrument, *mark, quantity) : std::nullopt;
}

std::optional<Money> larger(const std::optional<Money>& one, const std::optional<Money>& other) {
    if (!one || !other) return std::nullopt;
    return std::max(*one, *other);
}

/// What is in no known cluster may be in each.
bool may_move_together(std::optional<ClusterId> one, std::optional<ClusterId> other) {
    return !one || !other || *one == *other;
}

}  // namespace

/// How far a market's position can get either way.
struct Exposure::Reach {
    Lots highest;  ///< all buys filled, no sell
    Lots lowest;   ///< all sells filled, no buy
    [[nodiscard]] Lots longs() const { return std::max(highest, Lots{}); }
    [[nodiscard]] Lots shorts() const { return std::max(-lowest, Lots{}); }
    [[nodiscard]] Lots size() const { return std::max(longs(), shorts()); }
};

void Exposure::reserve_in(Entry& entry, const Reservation& reservation, const MarketTerms& terms) {
    entry.terms = terms;
    entry.leverage = reservation.leverage;
    entry.planned_stop = reservation.stop;
    entry.holds.push_back({.id = reservation.id,
                           .side = reservation.side,
                           .quantity = reservation.quantity,
                           .remaining = reservation.quantity,
                           .risk = reservation.risk});
}

void Exposure::reserve(const market::Instrument& instrument, const Reservation& reservation,
                       const MarketTerms& terms) {
    VT_ASSERT(reservation.quantity > Lots{});
    VT_ASSERT(!is_held(reservation.id));
    reserve_in(entry_of(instrument), reservation, terms);
}

void Exposure::on_ordered(InstrumentId instrument, trading::ClientOrderId reserved, trading::ClientOrderId order) {
    const auto entry = entries_.find(instrument);
    if (entry == entries_.end()) return;
    const auto hold = std::ranges::find(entry->second.holds, reserved, &Hold::id);
    if (hold != entry->second.holds.end()) hold->id = order;
}

void Exposure::on_order(const market::Instrument& instrument, const trading::Order& order, Timestamp at) {
    const trading::OrderRequest& request = order.request();
    if (request.is_reduce_only) return;
    Entry& entry = entry_of(instrument);
    auto hold = std::ranges::find(entry.holds, request.id, &Hold::id);
    const trading::OrderState state = order.state();
    const Lots unfilled = request.quantity - order.filled();
    const bool is_cancelled = state == trading::OrderState::cancelled;
    const bool is_free = unfilled <= Lots{} || (trading::is_final(state) && !is_cancelled);
    if (hold == entry.holds.end() && !trading::is_final(state)) {
        entry.holds.push_back({.id = request.id, .side = request.side, .quantity = request.quantity});
        hold = std::prev(entry.holds.end());
    }
    if (hold != entry.holds.end()) {
        hold->remaining = unfilled;
        if (is_cancelled && !hold->ends_at) hold->ends_at = at + late_fill_grace_;
        if (is_free) entry.holds.erase(hold);
    }
    drop_if_empty(instrument.id);
}

void Exposure::on_abandoned(InstrumentId instrument, trading::ClientOrderId id) {
    const auto entry = entries_.find(instrument);
    if (entry == entries_.end()) return;
    std::erase_if(entry->second.holds, [&](const Hold& hold) { return hold.id == id; });
    drop_if_empty(instrument);
}

void Exposure::on_position(const market::Instrument& instrument, Lots net, std::uint32_t leverage, Timestamp at) {
    VT_ASSERT(leverage > 0);
    Entry& entry = entry_of(instrument);
    const bool is_turned = (entry.net < Lots{}) != (net < Lots{});
    if (net == Lots{} || (is_turned && entry.net != Lots{})) {  // its stop went with it
        entry.confirmed_stop.reset();
        entry.unprotected_since.reset();
    }
    entry.net = net;
    if (net != Lots{}) {
        entry.leverage = leverage;
        if (!entry.confirmed_stop && !entry.unprotected_since) entry.unprotected_since = at;
    }
    drop_if_empty(instrument.id);
}

void Exposure::on_stop(InstrumentId instrument, std::optional<Ticks> stop, Timestamp at) {
    const auto found = entries_.find(instrument);
    if (found == entries_.end()) return;
    Entry& entry = found->second;
    entry.confirmed_stop = stop;
    if (stop) {
        entry.unprotected_since.reset();
    } else if (entry.net != Lots{} && !entry.unprotected_since) {
        entry.unprotected_since = at;
    }
}

void Exposure::on_terms(InstrumentId instrument, const MarketTerms& terms) {
    const auto entry = entries_.find(instrument);
    if (entry != entries_.end()) entry->second.terms = terms;
}

void Exposure::expire(Timestamp now) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        std::erase_if(entry->second.holds, [&](const Hold& hold) { return hold.ends_at && *hold.ends_at <= now; });
        const bool is_empty = entry->second.net == Lots{} && entry->second.holds.empty();
        entry = is_empty ? entries_.erase(entry) : std::next(entry);
    }
}

bool Exposure::is_held(trading::ClientOrderId id) const {
    return std::ranges::any_of(entries_, [&](const auto& entry) {
        return std::ranges::find(entry.second.holds, id, &Hold::id) != entry.second.holds.end();
    });
}

bool Exposure::opposes(InstrumentId instrument, Side side) const {
    const Entry* const entry = find(instrument);
    if (entry == nullptr) return false;
    if (side == Side::buy ? entry->net < Lots{} : entry->net > Lots{}) return true;
    return std::ranges::any_of(entry->holds, [&](const Hold& hold) { return hold.side != side; });
}

Lots Exposure::net(InstrumentId instrument) const {
    const Entry* const entry = find(instrument);
    return entry == nullptr ? Lots{} : entry->net;
}

std::optional<std::uint32_t> Exposure::leverage(InstrumentId instrument) const {
    const Entry* const entry = find(instrument);
    return entry == nullptr ? std::nullopt : std::optional(entry->leverage);
}

Nanos Exposure::longest_unprotected(Timestamp now) const {
    Nanos longest{};
    for (const auto& [id, entry] : entries_) {
        if (entry.unprotected_since) longest = std::max(longest, now - *entry.unprotected_since);
    }
    return longest;
}

std::optional<Money> Exposure::notional(InstrumentId instrument) const {
    const Entry* const entry = find(instrument);
    if (entry == nullptr) return Money{};
    return worth(entry->instrument, entry->terms.mark, reach_of(*entry).size());
}

WorstCase Exposure::worst_case() const {
    const std::vector<const Entry*> entries = all_entries();
    WorstCase all = sum(entries, nullptr);
    all.instrument = all.cluster = Money{};
    for (const Entry* const entry : entries) {
        const WorstCase of_one = sum(entries, entry);
        all.instrument = larger(all.instrument, of_one.instrument);
        all.cluster = larger(all.cluster, of_one.cluster);
    }
    return all;
}

WorstCase Exposure::worst_case_with(const market::Instrument& instrument, const Reservation& added,
                                    const MarketTerms& terms) const {
    const Entry asked = entry_with(instrument, added, terms);
    return sum(entries_with(asked), &asked);
}

std::optional<Shortfall> Exposure::expected_shortfall() const {
    std::vector<ShortfallPart> parts;
    for (const auto& [id, entry] : entries_) {
        if (entry.net == Lots{}) continue;
        const Lots size = entry.net < Lots{} ? -entry.net : entry.net;
        const auto value = worth(entry.instrument, entry.terms.mark, size);
        if (!value) return std::nullopt;
        const double amount = trading::to_double(*value);
        parts.push_back({.moves = entry.terms.moves.get(),
                         .longs = entry.net > Lots{} ? amount : 0,
                         .shorts = entry.net < Lots{} ? amount : 0});
    }
    return risk::expected_shortfall(parts, Netting::netted);
}

std::optional<Shortfall> Exposure::worst_shortfall() const { return worst_shortfall_of(all_entries()); }

std::optional<Shortfall> Exposure::worst_shortfall_with(const market::Instrument& instrument,
                                                        const Reservation& added, const MarketTerms& terms) const {
    const Entry asked = entry_with(instrument, added, terms);
    return worst_shortfall_of(entries_with(asked));
}

std::optional<Shortfall> Exposure::worst_shortfall_of(const std::vector<const Entry*>& entries) {
    std::vector<ShortfallPart> parts;
    for (const Entry* const entry : entries) {
        const Reach reach = reach_of(*entry);
        const auto longs = worth(entry->instrument, entry->terms.mark, reach.longs());
        const auto shorts = worth(entry->instrument, entry->terms.mark, reach.shorts());
        if (!longs || !shorts) return std::nullopt;
        parts.push_back({.moves = entry->terms.moves.get(),
                         .longs = trading::to_double(*longs),
                         .shorts = trading::to_double(*shorts)});
    }
    return risk::expected_shortfall(parts, Netting::apart);
}

std::vector<const Exposure::Entry*> Exposure::all_entries() const {
    std::vector<const Entry*> entries;
    entries.reserve(entries_.size());
    for (const auto& [id, entry] : entries_) entries.push_back(&entry);
    return entries;
}

std::vector<const Exposure::Entry*> Exposure::entries_with(const Entry& asked) const {
    std::vector<const Entry*> entries;  // in the order of the instruments, so that sums have one order
    bool is_placed = false;
    for (const auto& [id, entry] : entries_) {
        const bool is_asked = id == asked.instrument.id;
        entries.push_back(is_asked ? &asked : &entry);
        is_placed = is_placed || is_asked;
    }
    if (!is_placed) entries.push_back(&asked);
    return entries;
}

Exposure::Entry Exposure::entry_with(const market::Instrument& instrument, const Reservation& added,
                                     const MarketTerms& terms) const {
    const Entry* const before = find(instrument.id);
    Entry asked = before == nullptr ? Entry{.instrument = instrument} : *before;
    reserve_in(asked, added, terms);
    return asked;
}

Exposure::Entry& Exposure::entry_of(const market::Instrument& instrument) {
    const auto found = entries_.find(instrument.id);
    if (found != entries_.end()) return found->second;
    return entries_.emplace(instrument.id, Entry{.instrument = instrument}).first->second;
}

const Exposure::Entry* Exposure::find(InstrumentId instrument) const {
    const auto entry = entries_.find(instrument);
    return entry == entries_.end() ? nullptr : &entry->second;
}

void Exposure::drop_if_empty(InstrumentId instrument) {
    const auto entry = entries_.find(instrument);
    if (entry->second.net == Lots{} && entry->second.holds.empty()) entries_.erase(entry);
}

Exposure::Reach Exposure::reach_of(const Entry& entry) {
    Reach reach{.highest = entry.net, .lowest = entry.net};
    for (const Hold& hold : entry.holds) {
        if (hold.side == Side::buy) {
            reach.highest += hold.remaining;
        } else {
            reach.lowest -= hold.remaining;
        }
    }
    return reach;
}

/// A position loses from its mark to its stop, and without a stop all that it is worth; an order what was planned.
std::optional<Money> Exposure::open_risk_of(const Entry& entry) {
    std::optional<Money> risk{Money{}};
    if (entry.net != Lots{}) {
        const bool is_short = entry.net < Lots{};
        const auto stop = entry.confirmed_stop ? entry.confirmed_stop : entry.planned_stop;
        auto way = entry.terms.mark;
        if (way && stop) way = std::max(Ticks{}, is_short ? *stop - *way : *way - *stop);
        add(risk, worth(entry.instrument, way, is_short ? -entry.net : entry.net));
    }
    for (const Hold& hold : entry.holds) {
        add(risk, hold.risk ? trading::scaled(*hold.risk, hold.remaining.value(), hold.quantity.value())
                            : worth(entry.instrument, entry.terms.mark, hold.remaining));
    }
    return risk;
}

std::optional<Money> Exposure::open_risk(std::optional<ClusterId> cluster, Side side) const {
    std::optional<Money> risk{Money{}};
    for (const auto& [id, entry] : entries_) {
        const Reach reach = reach_of(entry);
        const bool is_of_side = (side == Side::buy ? reach.longs() : reach.shorts()) > Lots{};
        if (is_of_side && may_move_together(cluster, entry.terms.cluster)) add(risk, open_risk_of(entry));
    }
    return risk;
}

WorstCase Exposure::sum(const std::vector<const Entry*>& entries, const Entry* asked) {
    const Money none{};
    WorstCase all{.gross = none, .beta = none, .open_risk = none, .margin = none};
    // a side alone: positions of the other one are no protection, since they may be closed first
    std::optional<Money> longs{none}, shorts{none}, cluster_longs{none}, cluster_shorts{none};
    for (const Entry* const entry : entries) {
        const Reach reach = reach_of(*entry);
        const auto value = [&](Lots quantity) { return worth(entry->instrument, entry->terms.mark, quantity); };
        const std::optional<Money> size = value(reach.size());
        add(longs, value(reach.longs()));
        add(shorts, value(reach.shorts()));
        add(all.gross, size);
        const auto& beta = entry->terms.beta_bound;
        add(all.beta, size && beta ? at_least_times(*size, std::abs(*beta)) : std::nullopt);
        add(all.open_risk, open_risk_of(*entry));
        add(all.margin, size ? std::optional(trading::initial_margin(*size, entry->leverage)) : std::nullopt);
        if (reach.size() > Lots{}) ++all.positions;
        all.orders += static_cast<std::uint32_t>(entry->holds.size());
        if (entry == asked) all.instrument = size;
        if (asked != nullptr && may_move_together(asked->terms.cluster, entry->terms.cluster)) {
            add(cluster_longs, value(reach.longs()));
            add(cluster_shorts, value(reach.shorts()));
        }
    }
    if (asked != nullptr) all.cluster = larger(cluster_longs, cluster_shorts);
    all.net = larger(longs, shorts);
    return all;
}

}  // namespace vt::risk
