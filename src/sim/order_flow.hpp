#pragma once

#include "base/prng.hpp"
#include "base/time.hpp"
#include "market/event.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vt::sim {

struct OrderFlowParams {
    double activity = 1;
    double base_rate_per_second = .5;  ///< of each side, at activity 1
    double self_excitation = .9;
    double cross_excitation = .15;
    double decay_per_second = 1.5;
    double metaorders_per_second = 1.0 / 180;  ///< at activity 1
    double metaorder_child_rate_per_second = .5;
};

/// One market order to come. A child of a metaorder has its side; any other's side is drawn by choose_side().
struct Arrival {
    Timestamp at;
    std::optional<market::Side> side;
    std::array<double, 2> child_rates{};  ///< of the metaorders that ran, buying and selling
};

/// When takers come: a Hawkes process with one intensity for each side, and metaorders (runs of orders of one side)
/// on top, which excite it like any other order. The total is a Hawkes process whose branching ratio is (self +
/// cross) / decay, however the sides are tilted.
class OrderFlow {
public:
    OrderFlow(std::uint64_t seed, std::string_view symbol, const OrderFlowParams& params, Timestamp start);

    /// The next arrival at or before `until`, or nothing. After each arrival, record() must be called.
    [[nodiscard]] std::optional<Arrival> next(Timestamp until);
    /// P(buy) of the arrival just taken: by the two intensities, each weighted with its tilt.
    ///   in: tilt: 0..1, towards buying; .5 leaves the intensities as they are
    [[nodiscard]] double buy_probability(double tilt) const;
    /// P(buy) of an arrival now, for one who knows the running metaorders.
    [[nodiscard]] double expected_buy_probability(double tilt, const Arrival& arrival) const;
    [[nodiscard]] double uniform() { return sides_.uniform(); }
    /// An order of this side happened at `at`: an arrival, or one from outside.
    void record(market::Side side, Timestamp at);
    /// Starts a run of `length` orders of one side now.
    void start_metaorder(market::Side side, int length, Timestamp now);

private:
    struct Metaorder {
        market::Side side = market::Side::buy;
        std::int64_t remaining = 0;
        std::int64_t next_ns = 0;
    };
    void decay_to(std::int64_t ns);
    void draw_candidate();
    void draw_metaorder();
    [[nodiscard]] std::array<double, 2> child_rates() const;
    [[nodiscard]] double total_rate() const { return 2 * mu_ + excited_[0] + excited_[1]; }

    OrderFlowParams params_;
    Prng times_;
    Prng sides_;
    Prng metas_;
    double mu_;
    std::array<double, 2> excited_{};  // above the base rate, buy and sell, as of now_ns_
    std::int64_t now_ns_;
    std::int64_t candidate_ns_ = 0;
    double candidate_bound_ = 0;
    std::int64_t next_metaorder_ns_ = 0;
    std::vector<Metaorder> running_;
};

}  // namespace vt::sim
