#include "sim/order_flow.hpp"

#include "base/assert.hpp"
#include "base/math.hpp"
#include "sim/laws.hpp"

#include <algorithm>

namespace vt::sim {
namespace {

constexpr double kNsPerSecond = 1e9;
constexpr std::int64_t kNever = std::int64_t{1} << 62U;
constexpr std::size_t kMaxRunning = 32;  // metaorders at once; more are not started

std::int64_t wait_ns(Prng& prng, double rate_per_second) {
    const double ns = prng.exponential() / rate_per_second * kNsPerSecond;
    return ns < 4e18 ? static_cast<std::int64_t>(ns) + 1 : kNever;
}

}  // namespace

OrderFlow::OrderFlow(std::uint64_t seed, std::string_view symbol, const OrderFlowParams& params, Timestamp start)
    : params_(params),
      times_(seed, stream_name(symbol, "order times")),
      sides_(seed, stream_name(symbol, "order sides")),
      metas_(seed, stream_name(symbol, "metaorders")),
      mu_(params.base_rate_per_second * params.activity),
      now_ns_(to_ns(start)) {
    VT_ASSERT(params.activity > 0);
    // Starts at the stationary mean.
    const double branching = (params.self_excitation + params.cross_excitation) / params.decay_per_second;
    VT_ASSERT(branching < 1);
    excited_ = {mu_ * branching / (1 - branching), mu_ * branching / (1 - branching)};
    next_metaorder_ns_ = now_ns_;
    draw_metaorder();
    draw_candidate();
}

void OrderFlow::draw_metaorder() {
    const double rate = params_.metaorders_per_second * params_.activity;
    if (rate <= 0) {
        next_metaorder_ns_ = kNever;
        return;
    }
    next_metaorder_ns_ += wait_ns(metas_, rate);
}

void OrderFlow::draw_candidate() {
    candidate_bound_ = total_rate();
    candidate_ns_ = now_ns_ + wait_ns(times_, candidate_bound_);
}

void OrderFlow::decay_to(std::int64_t ns) {
    if (ns == now_ns_) return;
    const double factor = math::exp(-params_.decay_per_second * static_cast<double>(ns - now_ns_) / kNsPerSecond);
    excited_[0] *= factor;
    excited_[1] *= factor;
    now_ns_ = ns;
}

std::optional<Arrival> OrderFlow::next(Timestamp until) {
    const std::int64_t until_ns = to_ns(until);
    for (;;) {
        const auto child = std::min_element(running_.begin(), running_.end(),
                                            [](const auto& a, const auto& b) { return a.next_ns < b.next_ns; });
        const std::int64_t child_ns = child == running_.end() ? kNever : child->next_ns;
        const std::int64_t first = std::min({candidate_ns_, child_ns, next_metaorder_ns_});
        if (first > until_ns) return std::nullopt;
        if (first == next_metaorder_ns_) {
            // Length Pareto(1.5) x 10.
            const double length = 10 * math::pow(1 - metas_.uniform(), -1 / 1.5);
            const auto side = metas_.uniform() < .5 ? market::Side::buy : market::Side::sell;
            start_metaorder(side, static_cast<int>(std::min(length, 1e6)), from_ns(first));
            draw_metaorder();
            continue;
        }
        decay_to(first);
        const auto rates = child_rates();
        if (first == child_ns) {
            const auto side = child->side;
            child->next_ns += wait_ns(metas_, params_.metaorder_child_rate_per_second * params_.activity);
            if (--child->remaining <= 0) running_.erase(child);
            return Arrival{.at = from_ns(first), .side = side, .child_rates = rates};
        }
        if (times_.uniform() * candidate_bound_ <= total_rate()) {
            return Arrival{.at = from_ns(first), .side = {}, .child_rates = rates};
        }
        draw_candidate();
    }
}

double OrderFlow::buy_probability(double tilt) const {
    const double buy = (mu_ + excited_[0]) * tilt;
    const double sell = (mu_ + excited_[1]) * (1 - tilt);
    return buy / (buy + sell);
}

std::array<double, 2> OrderFlow::child_rates() const {
    const double each = params_.metaorder_child_rate_per_second * params_.activity;
    std::array<double, 2> rates{};
    for (const Metaorder& order : running_) rates[order.side == market::Side::buy ? 0 : 1] += each;
    return rates;
}

double OrderFlow::expected_buy_probability(double tilt, const Arrival& arrival) const {
    const double plain = buy_probability(tilt);
    const double buy = plain * total_rate() + arrival.child_rates[0];
    const double sell = (1 - plain) * total_rate() + arrival.child_rates[1];
    return buy / (buy + sell);
}

void OrderFlow::record(market::Side side, Timestamp at) {
    decay_to(std::max(to_ns(at), now_ns_));
    const std::size_t own = side == market::Side::buy ? 0 : 1;
    excited_[own] += params_.self_excitation;
    excited_[1 - own] += params_.cross_excitation;
    draw_candidate();
}

void OrderFlow::start_metaorder(market::Side side, int length, Timestamp now) {
    if (running_.size() >= kMaxRunning || length <= 0) return;
    const double rate = params_.metaorder_child_rate_per_second * params_.activity;
    running_.push_back(Metaorder{.side = side, .remaining = length, .next_ns = to_ns(now) + wait_ns(metas_, rate)});
}

}  // namespace vt::sim
