#pragma once

#include "analysis/grid.hpp"
#include "analysis/leaf.hpp"
#include "analysis/liquidity/liquidity_context.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/observation.hpp"
#include "analysis/refuse_unless.hpp"

#include <cstdint>
#include <optional>

namespace vt::analysis::liquidity {

/// Which of the two best queues is longer: (qb - qa)/(qb + qa), each quote weighing the time that it stood, over the
/// last 10 s. Times half the spread it is the distance from mid to microprice: the same number, so it is counted
/// once.
///   out:    -1..1
///   source: docs/indicators/queue_imbalance.md; Gould and Bonart 2016; oracle `book_depth` imb_top, microprice
class QueueImbalance {
public:
    static constexpr std::size_t kWindowSeconds = 10;
    static constexpr double kMinUpdates = 5;

    [[nodiscard]] static Component describe();

    /// A best quote, in order of time; an older one counts from its predecessor on. cost: O(1 + seconds since the
    /// last)
    void on_quote(const Quote& quote);
    /// There is no best quote from here on.
    void on_quote_lost(Timestamp time);
    void evaluate(const LiquidityContext& context, Component& component);
    void skip();

    template <class Archive>
    void archive(Archive& a) {
        a(bins_, until_, standing_, source_sequence_, normaliser_);
        refuse_unless(a, !standing_ || is_balance(*standing_));
    }

private:
    struct Bin {
        double weighted = 0;  // imbalance x seconds
        Nanos standing{};     // for how long there was a quote
        std::uint32_t updates = 0;
        template <class Archive>
        void archive(Archive& a) {
            a(weighted, standing, updates);
            refuse_unless(a, standing >= Nanos{0} && standing <= kSecond && is_balance(weighted));
        }
    };
    void let_stand_until(Timestamp time);

    SecondBins<Bin, kWindowSeconds> bins_;
    std::optional<Timestamp> until_;  // the standing quote's time is counted up to here
    std::optional<double> standing_;  // its imbalance
    std::uint64_t source_sequence_ = 0;
    Normaliser normaliser_{Frame::m1, MapKind::z0};
};

}  // namespace vt::analysis::liquidity
