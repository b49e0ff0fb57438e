#include "track_record/performance.hpp"

#include "base/math.hpp"
#include "statistics/binomial.hpp"
#include "statistics/moments.hpp"
#include "statistics/multiple_tests.hpp"
#include "statistics/newey_west.hpp"
#include "statistics/normal.hpp"
#include "statistics/wilson.hpp"
#include "track_record/decay_watch.hpp"
#include "track_record/side_placebo.hpp"

#include <algorithm>
#include <cmath>

namespace vt::track_record {
namespace {

using Signals = std::vector<const Judged*>;

/// Means of consecutive values, at most `most` of them; the last ones that do not fill a group are left out.
std::vector<double> averaged(std::span<const double> values, std::size_t most) {
    const std::size_t size = (values.size() + most - 1) / most;
    std::vector<double> means;
    for (std::size_t i = 0; i + size <= values.size(); i += size) {
        means.push_back(math::mean(values.subspan(i, size)));
    }
    return means;
}

void add_intervals(ResultRecord& record, std::span<const double> results, const PerformancePlan& plan, Prng& prng) {
    const bool is_whole = results.size() <= kMostResampled;
    const auto means = is_whole ? std::vector<double>{} : averaged(results, kMostResampled);
    const auto found = statistics::bootstrap_intervals(is_whole ? results : means, plan.bootstrap, prng);
    if (!found) return;
    record.mean_interval = found->mean;
    if (!is_whole) return;
    record.sharpe_interval = found->sharpe;
    record.drawdown_interval = found->maximum_drawdown;
}

/// in: results of trades in order of confirmation, with their weights
std::optional<ResultRecord> result_record(std::span<const double> results, std::span<const double> weights,
                                          const PerformancePlan& plan, Prng& prng) {
    if (results.empty()) return std::nullopt;
    ResultRecord record{.n = results.size(), .n_eff = statistics::effective_size(weights)};
    record.mean = math::mean(results);
    record.maximum_drawdown = statistics::maximum_drawdown(results);
    add_intervals(record, results, plan, prng);
    const auto shape = statistics::moments(results);
    auto sample = statistics::sharpe_of(results);
    const auto test = statistics::newey_west_mean(results);
    if (!shape || !sample || !test || record.n_eff < 2) return record;
    sample->n = record.n_eff;
    record.sharpe = sample->ratio;
    record.probabilistic = statistics::probabilistic_sharpe(*sample, 0);
    record.deflated = statistics::deflated_sharpe(*sample, plan.trials, plan.trial_variance);
    record.shortest_record = statistics::minimum_track_record(*sample, 0, 0.95);
    const double error = std::max(test->standard_error, shape->sd / std::sqrt(record.n_eff));
    record.p_null = statistics::normal_cdf((plan.null.net_r - record.mean) / error);
    record.p_profit = statistics::normal_cdf(-record.mean / error);
    return record;
}

ShareAgainstNull share_of(double share, double n_eff, double null) {
    const double count = std::clamp(share, 0.0, 1.0) * n_eff;
    return {share, statistics::wilson_interval(count, n_eff, statistics::kNormal95), null};
}

/// in: of one strategy or of all, in order of confirmation
StrategyRecord record_of(std::string name, std::span<const Judged* const> signals, const PerformancePlan& plan) {
    StrategyRecord record{.strategy = std::move(name), .decay = statistics::EdgeDecay(plan.decay)};
    Prng sides(plan.seed, record.strategy + "/sides");
    for (std::size_t h = 0; h < kHorizons.size(); ++h) {
        record.turned_sides[h] = compare_with_turned_sides(signals, h, plan.side_draws, sides);
    }
    Signals ended(signals.begin(), signals.end());
    std::erase_if(ended, [](const Judged* one) { return one->barrier == Barrier::none; });
    record.open = signals.size() - ended.size();
    record.n = ended.size();
    if (ended.empty()) return record;
    const SymbolNumbers symbols(ended);
    const BarrierRecord barriers = *barrier_record(ended, symbols, plan.counting);
    record.n_eff = barriers.n_eff;
    record.is_thin = barriers.is_thin;
    record.target = share_of(barriers.target, record.n_eff, plan.null.target);
    record.stop = share_of(barriers.stop, record.n_eff, plan.null.stop);
    record.expired = share_of(barriers.expired, record.n_eff, plan.null.expired);
    const double targets = std::min(barriers.target * record.n_eff, record.n_eff);
    record.target_p = statistics::binomial_upper_tail(targets, record.n_eff, plan.null.target);

    std::vector<statistics::Life> lives;
    for (const Judged* one : ended) lives.push_back(life_to_barrier(*one, symbols));
    const auto weights = weights_of(lives, plan.counting.correlation);
    std::vector<double> results, result_weights;
    for (std::size_t i = 0; i < ended.size(); ++i) {
        if (!ended[i]->net_r) continue;
        results.push_back(*ended[i]->net_r);
        result_weights.push_back(weights[i]);
    }
    Prng prng(plan.seed, record.strategy);
    record.results = result_record(results, result_weights, plan, prng);
    record.decay = watch_decay(ended, weights, plan.decay);
    return record;
}

/// Corrects one p-value of each strategy that has it.
void correct(std::vector<StrategyRecord>& strategies, std::optional<double> ResultRecord::* p,
             std::optional<double> StrategyRecord::* q) {
    std::vector<double> values;
    for (const auto& one : strategies) {
        if (one.results && (*one.results).*p) values.push_back(*((*one.results).*p));
    }
    std::vector<std::size_t> order;
    statistics::benjamini_hochberg(values, order);
    std::size_t next = 0;
    for (auto& one : strategies) {
        if (one.results && (*one.results).*p) one.*q = values[next++];
    }
}

}  // namespace

Performance evaluate(std::span<const Judged> signals, const PerformancePlan& plan,
                     std::span<const StrategyPlacebos> placebos) {
    Signals wanted;
    for (const Judged& one : signals) {
        if (one.segment == plan.segment) wanted.push_back(&one);
    }
    std::ranges::stable_sort(wanted, [](const Judged* a, const Judged* b) {
        return a->confirmed_at != b->confirmed_at ? a->confirmed_at < b->confirmed_at : a->symbol < b->symbol;
    });
    Performance found{.segment = plan.segment, .all = record_of({}, wanted, plan)};
    std::ranges::stable_sort(wanted, {}, [](const Judged* one) -> std::string_view { return one->strategy; });
    for (auto at = wanted.begin(); at != wanted.end();) {
        const std::string& name = (*at)->strategy;
        const auto end = std::find_if(at, wanted.end(), [&](const Judged* one) { return one->strategy != name; });
        found.strategies.push_back(record_of(name, {at, end}, plan));
        at = end;
    }
    for (auto& one : found.strategies) {
        const auto own = std::ranges::find(placebos, one.strategy, &StrategyPlacebos::strategy);
        if (own == placebos.end() || !one.results) continue;
        one.placebo = statistics::compare_with_placebos(one.results->mean, own->mean_net_r);
    }
    correct(found.strategies, &ResultRecord::p_null, &StrategyRecord::q_null);
    correct(found.strategies, &ResultRecord::p_profit, &StrategyRecord::q_profit);
    return found;
}

}  // namespace vt::track_record
