#include "analysis/smart_money/iceberg.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::smart_money {

using market::Side;

namespace {

/// As much as before: who has nothing to do with what was eaten seldom brings the same.
bool is_refill(double shown, double before) {
    return shown >= Iceberg::kRefilled * before && shown <= before / Iceberg::kRefilled;
}

}  // namespace

double chance_of_refills(std::uint32_t refills, std::uint32_t trials, double base_rate, double tries) {
    VT_ASSERT(refills <= trials);
    if (refills == 0 || base_rate >= 1) return 1;
    if (!(base_rate > 0)) return 0;
    // The upper tail of the binomial distribution, from its far end, where every refill came.
    const auto n = static_cast<double>(trials);
    double term = math::pow(base_rate, n);
    double tail = term;
    for (std::uint32_t k = trials; k > refills; --k) {
        const auto hits = static_cast<double>(k);
        term *= hits / (n - hits + 1) * (1 - base_rate) / base_rate;
        tail += term;
    }
    return std::min(1.0, tries * tail);
}

Iceberg::Iceberg() : slots_(2 * kSlotsPerSide), events_(kMaxEvents) { waiting_.reserve(kMaxWaiting); }

Component Iceberg::describe() {
    return {.name = "iceberg",
            .unit = "1",
            .weight = 0.20,
            .map = MapKind::lb,
            .leaves = {{.frame = Frame::m30, .weight = 1, .map = {.kind = MapKind::lb}}}};
}

std::optional<double> Iceberg::base_rate() const {
    if (trials_ < kMinTrials) return std::nullopt;
    return refills_ / trials_;
}

std::size_t Iceberg::index_of(Side side, Ticks price) const {
    constexpr auto kModulus = static_cast<std::int64_t>(kSlotsPerSide);
    const std::int64_t place = (price.value() % kModulus + kModulus) % kModulus;
    return static_cast<std::size_t>(place) + (side == Side::sell ? kSlotsPerSide : 0);
}

/// out: null where the place is taken by another price that is being judged
Iceberg::Slot* Iceberg::slot_at(Side side, Ticks price, Timestamp time) {
    Slot& slot = slots_[index_of(side, price)];
    if (slot.is_used && slot.price == price) return &slot;
    if (slot.is_waiting || (slot.refills > 0 && time - slot.last_trial < kForget)) return nullptr;
    slot = Slot{.price = price, .is_used = true};
    return &slot;
}

void Iceberg::note(std::size_t index, Timestamp at) {
    const Slot& slot = slots_[index];
    if (slot.refills < kMinRefills || slot.executed <= kMinExecuted * slot.most_shown) return;
    // What the other prices do, and never nothing: an iceberg must not set the rate that it is judged by.
    const double others = trials_ - slot.trials;
    if (others < kMinTrials) return;
    const double rate = (std::max(0.0, refills_ - slot.refills) + 1) / (others + 2);
    const double confidence = 1 - chance_of_refills(slot.refills, slot.trials, rate, recent_trials_.at(at));
    const Side side = index < kSlotsPerSide ? Side::buy : Side::sell;
    IcebergEvent* event = nullptr;
    for (std::size_t i = 0; i < events_.size(); ++i) {
        IcebergEvent& known = events_[i];
        const bool is_same = known.side == side && known.price_ticks == slot.price;
        if (is_same && known.t_event == slot.first_refill) event = &known;
    }
    if (event == nullptr) {
        if (confidence <= 0) return;
        events_.push({.side = side,
                      .price_ticks = slot.price,
                      .price = slot.executed_quote / slot.executed,
                      .t_event = slot.first_refill,
                      .t_confirm = at});
        event = &events_.back();
    }
    event->last_refill = at;
    event->refills = slot.refills;
    event->trials = slot.trials;
    event->executed_quote = slot.executed_quote;
    event->shown_base = slot.most_shown;
    event->confidence = confidence;
}

void Iceberg::decide(std::size_t index, bool is_refilled, Timestamp at) {
    Slot& slot = slots_[index];
    slot.is_waiting = false;
    std::erase(waiting_, static_cast<std::uint16_t>(index));
    if (trials_ >= kFoldedTrials) {
        trials_ /= 2;
        refills_ /= 2;
    }
    trials_ += 1;
    recent_trials_.add(at, 1);
    ++slot.trials;
    slot.executed += slot.taken;
    slot.executed_quote += slot.taken_quote;
    slot.most_shown = std::max(slot.most_shown, slot.reference);
    slot.taken = slot.taken_quote = 0;
    slot.reference = slot.shown;
    if (!is_refilled) return;
    refills_ += 1;
    if (++slot.refills == 1) slot.first_refill = at;
    note(index, at);
}

void Iceberg::advance(Timestamp u) {
    for (std::size_t i = 0; i < waiting_.size();) {
        const std::size_t index = waiting_[i];
        const Slot& slot = slots_[index];
        const Timestamp deadline = slot.eaten_at + kRefillTime;
        if (deadline >= u) {
            ++i;
            continue;
        }
        // A refill within one frame leaves the level as it was: it stands, though the book has moved on since.
        const bool stands = last_change_ > slot.eaten_at && is_refill(slot.shown, slot.reference);
        decide(index, stands, deadline);
    }
}

void Iceberg::on_print(const Print& print) {
    advance(print.time);
    const Side resting = market::opposite(print.aggressor);
    Slot* slot = slot_at(resting, print.price_ticks, print.time);
    if (slot == nullptr) return;
    if (!slot->is_waiting && print.time - slot->last_print > kRefillTime) {
        slot->taken = slot->taken_quote = 0;
        slot->reference = slot->shown;
    }
    slot->last_print = print.time;
    slot->taken += print.quantity;
    slot->taken_quote += print.notional;
    if (slot->is_waiting || !slot->is_known || !(slot->reference > 0)) return;
    if (slot->taken < kEaten * slot->reference || waiting_.size() == kMaxWaiting) return;
    if (slot->trials > 0 && print.time - slot->last_trial > kForget) {
        slot->trials = slot->refills = 0;
        slot->executed = slot->executed_quote = slot->most_shown = 0;
    }
    slot->is_waiting = true;
    slot->eaten_at = slot->last_trial = print.time;
    waiting_.push_back(static_cast<std::uint16_t>(index_of(resting, print.price_ticks)));
}

void Iceberg::on_change(const LevelChange& change) {
    advance(change.time);
    if (change.kind == LevelChange::Kind::lost) return lose_levels();
    last_change_ = std::max(last_change_, change.time);
    Slot* slot = slot_at(change.side, change.price_ticks, change.time);
    if (slot == nullptr) return;
    slot->is_known = true;
    slot->shown = change.after;
    if (slot->is_waiting) {
        if (is_refill(change.after, slot->reference))
            decide(index_of(change.side, change.price_ticks), true, change.time);
        return;
    }
    if (change.time - slot->last_print > kRefillTime) slot->taken = slot->taken_quote = 0;
    slot->reference = slot->shown + slot->taken;
}

void Iceberg::lose_levels() {
    for (Slot& slot : slots_) slot = Slot{};
    waiting_.clear();
}

void Iceberg::evaluate(const order_flow::FlowContext& context, Component& component) {
    Observation seen{.events = trials_,
                     .events_min = kMinTrials,
                     .missing_share = std::max(order_flow::missing_share(context.trades_over(Frame::m30), Frame::m30),
                                               order_flow::missing_share(context.books_over(Frame::m30), Frame::m30)),
                     .flags = context.book_flags,
                     .source_sequence = context.trades.last_sequence()};
    seen.flags.set(Flag::heuristic);
    const auto threshold = context.trades.large_threshold();
    if (trials_ >= kMinTrials && threshold) {
        double sum = 0;
        for (std::size_t i = 0; i < events_.size(); ++i) {
            const IcebergEvent& event = events_[i];
            const double half_lives = to_seconds(context.u() - event.last_refill) / to_seconds(kHalfLife);
            if (half_lives > 30) continue;
            const double size = std::min(1.0, event.executed_quote / *threshold);
            sum += market::sign(event.side) * event.confidence * size * math::exp2(-half_lives);
        }
        seen.value = math::tanh(sum);
        if (sum == 0) seen.flags.set(Flag::no_event);
    } else {
        seen.flags.set(Flag::warming);
    }
    score_by_strength(
        component.leaves.front(), seen,
        {{Input::trades, context.ages.trades}, {Input::book, context.ages.quote}, {Input::book, context.ages.book}});
}

}  // namespace vt::analysis::smart_money
