#pragma once

#include "analysis/leaf.hpp"
#include "analysis/sentiment/sentiment_context.hpp"
#include "analysis/ticker_state.hpp"
#include "base/ring.hpp"
#include "indicators/decayed_sum.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vt::analysis::sentiment {

/// Who was forced out: (shorts - longs)/(shorts + longs) of liquidated money, each halving with every hour, over the
/// last 24 hours and at most 4096 events.
///   out:    1, in -1..1; nobody liquidated: 0, flag no_event
///   source: docs/indicators/liquidation_imbalance.md; oracle `liq_decay`
class LiquidationImbalance {
public:
    static constexpr double kMinEvents = 5;
    static constexpr Nanos kHalfLife = std::chrono::hours{1};
    static constexpr Nanos kWindow = std::chrono::hours{24};
    static constexpr std::size_t kEvents = 4096;

    [[nodiscard]] static Component describe();

    /// In order of time.
    void add(const LiquidationPrint& liquidation);
    void evaluate(const SentimentContext& context, Flags flags, Component& component);
    /// Nothing was watched for so long.
    void skip(Nanos span);

    /// What was liquidated from a time on. cost: O(events since)
    struct Count {
        std::uint32_t n = 0;
        double long_quote = 0, short_quote = 0;
    };
    [[nodiscard]] Count since(Timestamp from) const;
    /// Decayed, quote currency.
    [[nodiscard]] double long_quote(Timestamp u) const { return longs_.at(u); }
    [[nodiscard]] double short_quote(Timestamp u) const { return shorts_.at(u); }
    [[nodiscard]] std::size_t n() const { return events_.size() - first_; }

    template <class Archive>
    void archive(Archive& a) {
        a(events_, first_, longs_, shorts_, unwatched_);
        if constexpr (Archive::kIsReader) {
            if (first_ > events_.size()) {
                a.fail();
                first_ = 0;
            }
        }
    }

private:
    struct Event {
        Timestamp at;
        double quote = 0;  ///< negative: a long
        template <class Archive>
        void archive(Archive& a) {
            a(at, quote);
        }
    };
    void forget_first();

    Ring<Event> events_{kEvents};
    std::uint32_t first_ = 0;  // events before this are older than the window
    indicators::DecayedSum longs_{kHalfLife}, shorts_{kHalfLife};
    double unwatched_ = 1;  // share of the decaying window's weight in which the stream was not there
};

}  // namespace vt::analysis::sentiment
