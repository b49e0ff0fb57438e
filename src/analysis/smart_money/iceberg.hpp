#pragma once

#include "analysis/leaf.hpp"
#include "analysis/observation.hpp"
#include "analysis/order_flow/flow_context.hpp"
#include "analysis/smart_money/level_change.hpp"
#include "base/ring.hpp"
#include "indicators/decayed_sum.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::smart_money {

/// An order that seems to rest at one price and to show only a part of itself. A rule of thumb: without order ids,
/// several owners who refill one price look the same.
struct IcebergEvent {
    market::Side side = market::Side::buy;  ///< of the resting order
    Ticks price_ticks;
    double price = 0;     ///< quote currency
    Timestamp t_event;    ///< its first refill
    Timestamp t_confirm;  ///< the refill that made it one
    Timestamp last_refill;
    std::uint32_t refills = 0;
    std::uint32_t trials = 0;   ///< times that what it showed was eaten
    double executed_quote = 0;  ///< quote currency, over the trials
    double shown_base = 0;      ///< base currency, the most it showed
    double confidence = 0;      ///< 0..1

    template <class Archive>
    void archive(Archive& a) {
        a(side, price_ticks, price, t_event, t_confirm, last_refill, refills, trials, executed_quote, shown_base,
          confidence);
        if constexpr (Archive::kIsReader) {
            if (side > market::Side::sell) a.fail();
        }
    }
};

/// The chance that one of `tries` series of trials brings at least `refills` in `trials`, when each has the chance
/// `base_rate`: what a market does without an iceberg. An upper bound (Bonferroni).
///   in:   refills <= trials, base_rate in 0..1
///   out:  0..1; for refills = trials and one try base_rate^n
///   cost: O(trials)
[[nodiscard]] double chance_of_refills(std::uint32_t refills, std::uint32_t trials, double base_rate, double tries);

/// Orders that refill what is taken of them. A **trial** is a price of which takers ate at least 80 % of what it
/// showed, by prints at most 300 ms apart; it is a **refill** when within 300 ms of that it shows as much again, to
/// 80 %. A price is an iceberg from 3 refills on, when more than 3 times the most it ever showed was executed; its
/// confidence is 1 - chance_of_refills at the symbol's own base rate, so it falls with that rate.
///   out:    1, in -1..1: tanh(sum side conf min(1, executed/large threshold) 2^(-age/15 min)), a bid is +; flag
///           heuristic; none is 0, flag no_event
///   source: docs/indicators/iceberg.md; Zotikov and Antonov 2019 for the refill time
class Iceberg {
public:
    static constexpr double kEaten = 0.8;
    static constexpr double kRefilled = 0.8;
    static constexpr Nanos kRefillTime = std::chrono::milliseconds{300};
    static constexpr std::uint32_t kMinRefills = 3;
    static constexpr double kMinExecuted = 3;      ///< times the most it showed
    static constexpr double kMinTrials = 200;      ///< behind the base rate
    static constexpr double kFoldedTrials = 4000;  ///< the base rate forgets half when it rests on so many
    static constexpr Nanos kHalfLife = std::chrono::minutes{15};
    /// Of the count of trials among which the best is no surprise: as many as the last hour had.
    static constexpr Nanos kFamilyHalfLife = std::chrono::milliseconds{2'495'300};
    static constexpr Nanos kForget = std::chrono::minutes{1};  ///< a price without a trial for so long starts anew
    static constexpr std::size_t kSlotsPerSide = 128;          ///< 256 tracked levels
    static constexpr std::size_t kMaxEvents = 64;

    Iceberg();
    [[nodiscard]] static Component describe();

    /// In order of time; at one instant prints come before changes.
    void on_print(const Print& print);
    void on_change(const LevelChange& change);
    /// Time has come to u: trials that are over are decided.
    void advance(Timestamp u);
    void evaluate(const order_flow::FlowContext& context, Component& component);
    /// The book was lost: no tracked order survives.
    void lose_levels();

    /// Oldest first; each is as of its last refill.
    [[nodiscard]] const Ring<IcebergEvent>& events() const { return events_; }
    /// Refills among the symbol's trials. out: absent under 200
    [[nodiscard]] std::optional<double> base_rate() const;

    template <class Archive>
    void archive(Archive& a) {
        a(slots_, waiting_, trials_, refills_, recent_trials_, last_change_, events_);
        if constexpr (Archive::kIsReader) {
            bool is_sound = slots_.size() == 2 * kSlotsPerSide && waiting_.size() <= kMaxWaiting;
            for (const std::uint16_t index : waiting_) is_sound = is_sound && index < 2 * kSlotsPerSide;
            if (!is_sound) {
                a.fail();
                *this = Iceberg{};
            }
        }
    }

private:
    static constexpr std::size_t kMaxWaiting = 32;
    struct Slot {
        Ticks price;
        bool is_used = false;
        bool is_known = false;    // what it shows
        bool is_waiting = false;  // eaten: refilled or not?
        double shown = 0;         // base currency
        double reference = 0;     // what it showed before it was being eaten
        double taken = 0;         // by the prints of this meal
        double taken_quote = 0;
        Timestamp last_print;
        Timestamp eaten_at;
        // Since it is being judged:
        std::uint32_t trials = 0;
        std::uint32_t refills = 0;
        Timestamp first_refill;
        Timestamp last_trial;
        double executed = 0;  // base currency
        double executed_quote = 0;
        double most_shown = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(price, is_used, is_known, is_waiting, shown, reference, taken, taken_quote, last_print, eaten_at,
              trials, refills, first_refill, last_trial, executed, executed_quote, most_shown);
        }
    };
    [[nodiscard]] std::size_t index_of(market::Side side, Ticks price) const;
    [[nodiscard]] Slot* slot_at(market::Side side, Ticks price, Timestamp time);
    void decide(std::size_t index, bool is_refilled, Timestamp at);
    void note(std::size_t index, Timestamp at);

    std::vector<Slot> slots_;             // bids, then asks; by price modulo kSlotsPerSide
    std::vector<std::uint16_t> waiting_;  // slots whose trial is open
    double trials_ = 0;
    double refills_ = 0;
    indicators::DecayedSum recent_trials_{kFamilyHalfLife};
    Timestamp last_change_{};
    Ring<IcebergEvent> events_;
};

}  // namespace vt::analysis::smart_money
