#include "runtime/track_reading.hpp"

#include "runtime/record_keeping.hpp"
#include "signals/signal.hpp"
#include "statistics/moments.hpp"
#include "track_record/placebo_draws.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <utility>

namespace vt::runtime {
namespace {

using simdjson::dom::element;
using track_record::Judged;

std::optional<double> number_at(element object, std::string_view member) {
    double value = 0;
    return object[member].get(value) == simdjson::SUCCESS ? std::optional(value) : std::nullopt;
}

std::optional<Bps> bps_at(element object, std::string_view member) {
    const auto value = number_at(object, member);
    return value ? std::optional(Bps{*value}) : std::nullopt;
}

track_record::Barrier barrier_of(std::string_view name) {
    if (name == "target") return track_record::Barrier::target;
    if (name == "stop") return track_record::Barrier::stop;
    const bool is_over = name == "expired" || name == "delisted";
    return is_over ? track_record::Barrier::expired : track_record::Barrier::none;
}

void read_outcome(element outcome, bool has_passed, Judged& judged) {
    std::string_view barrier;
    std::int64_t ended_ms = 0;
    bool has_gap = false;
    const bool is_seen = outcome["has_gap"].get(has_gap) == simdjson::SUCCESS && !has_gap;
    // What a gap may hide is no outcome: it is left out, neither a win nor a loss.
    if (has_passed && is_seen && outcome["first_barrier"].get(barrier) == simdjson::SUCCESS &&
        outcome["ended_at"].get(ended_ms) == simdjson::SUCCESS) {
        judged.barrier = barrier_of(barrier);
        judged.ended_at = from_ms(ended_ms);
        judged.net_r = number_at(outcome, "net_r");
    }
    constexpr std::array<std::string_view, track_record::kHorizons.size()> kNames{"15m", "1h", "4h", "24h"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        element horizon;
        if (outcome["horizons"][kNames[i]].get(horizon) != simdjson::SUCCESS || !horizon.is_object()) continue;
        judged.horizons[i] = {.gross = bps_at(horizon, "gross_bps"),
                              .net = bps_at(horizon, "net_bps"),
                              .best = bps_at(horizon, "mfe_bps"),
                              .worst = bps_at(horizon, "mae_bps")};
    }
}

/// Under how many sets of parameters signals were raised, and how far the results of the sets lie apart.
struct Trials {
    double count = 1;
    double variance = 0;
};

Trials trials_of(const std::map<std::string, std::vector<double>>& results_by_set) {
    std::vector<double> ratios;
    for (const auto& [set, results] : results_by_set) {
        const auto moments = statistics::moments(results);
        if (moments && moments->sd > 0) ratios.push_back(moments->mean / moments->sd);
    }
    Trials trials{.count = std::max<double>(1, static_cast<double>(results_by_set.size()))};
    if (const auto moments = statistics::moments(ratios); moments && ratios.size() > 1)
        trials.variance = moments->sd * moments->sd;
    return trials;
}

}  // namespace

track_record::Segment segment_of(std::string_view market) {
    if (records::is_reconstructed_ledger(market)) return track_record::Segment::reconstructed;
    if (market == "live") return track_record::Segment::live;
    return market == "demo" ? track_record::Segment::demo : track_record::Segment::out_of_sample;
}

Result<Judged> judged_of(std::string_view body, track_record::Segment segment, Timestamp now) {
    simdjson::dom::parser parser;
    element signal;
    std::string_view strategy, symbol, direction;
    std::int64_t confirmed_ms = 0;
    if (parser.parse(body.data(), body.size()).get(signal) != simdjson::SUCCESS ||
        signal["strategy"].get(strategy) != simdjson::SUCCESS ||
        signal["instrument"].get(symbol) != simdjson::SUCCESS ||
        signal["direction"].get(direction) != simdjson::SUCCESS ||
        signal["confirmed_at"].get(confirmed_ms) != simdjson::SUCCESS || !number_at(signal, "score"))
        return fail(Errc::malformed, "an entry of the ledger is no signal of this version");
    Judged judged;
    judged.strategy = strategy;
    judged.symbol = symbol;
    judged.confirmed_at = from_ms(confirmed_ms);
    judged.side = direction == "long" ? 1 : -1;
    judged.score = *number_at(signal, "score");
    judged.segment = segment;
    judged.probability = number_at(signal, "probability");
    element outcome;
    if (signal["outcome"].get(outcome) == simdjson::SUCCESS && outcome.is_object()) {
        std::int64_t expiry_ms = 0;
        const bool has_passed = signal["expiry_at"].get(expiry_ms) == simdjson::SUCCESS && from_ms(expiry_ms) <= now;
        read_outcome(outcome, has_passed, judged);
    }
    return judged;
}

namespace {

/// Whether nothing but what became of earlier signals held this one back.
bool is_held_by_record(std::string_view body) {
    simdjson::dom::parser parser;
    element signal;
    std::string_view gate;
    return parser.parse(body.data(), body.size()).get(signal) == simdjson::SUCCESS &&
           signal["suppressed_by"].get(gate) == simdjson::SUCCESS && signals::is_gate_of_record(gate);
}

/// What of the ledger is in a state. in: `take` gets each stored entry that somebody saw the end of
template <class Take>
Result<void> each_in_state(records::Repository& repository, const std::string& market, const char* state, Take take) {
    records::SignalQuery query{.market = market, .state = state, .limit = records::kSignalPageMax};
    do {
        VT_TRY(const records::SignalPage page, repository.signals(query));
        for (const records::StoredEntry& stored : page.signals) {
            if (stored.entry.entry == kAbandoned) continue;
            if (Result<void> taken = take(stored.entry); !taken) return taken;
        }
        query.cursor = page.cursor;
    } while (!query.cursor.empty());
    return {};
}

/// The results of one segment's, in order of time.
std::vector<double> results_in_time(std::vector<Judged> placebos, track_record::Segment segment) {
    std::ranges::stable_sort(placebos, {}, &Judged::confirmed_at);
    std::vector<double> results;
    for (const Judged& one : placebos)
        if (one.segment == segment && one.net_r) results.push_back(*one.net_r);
    return results;
}

/// For each strategy draws of what its mean could be by chance.
std::vector<track_record::StrategyPlacebos> placebos_of(const LedgerOutcomes& outcomes, track_record::Segment segment,
                                                        const track_record::PerformancePlan& plan) {
    std::map<std::string, std::size_t> trades;
    for (const Judged& one : outcomes.raised)
        if (one.segment == segment && one.net_r) ++trades[one.strategy];
    std::vector<track_record::StrategyPlacebos> all;
    for (const auto& [strategy, count] : trades) {
        std::vector<Judged> own;
        for (const Judged& one : outcomes.placebos)
            if (one.strategy == strategy) own.push_back(one);
        const std::vector<double> results = results_in_time(std::move(own), segment);
        Prng prng(plan.seed, strategy + "/placebos");
        all.push_back(
            {.strategy = strategy, .mean_net_r = track_record::placebo_means(results, count, plan.side_draws, prng)});
    }
    return all;
}

/// Of the market's own ledger and of the reconstructed one beside it.
Result<std::vector<api::SegmentCount>> segments_in(records::Repository& repository, const std::string& market) {
    std::vector<api::SegmentCount> all;
    for (const std::string& ledger : {market, records::reconstructed_ledger(market)}) {
        VT_TRY(const auto raised, repository.raisings(ledger));
        if (!raised.empty()) all.push_back({segment_of(ledger), raised.size()});
    }
    return all;
}

/// How the record of each strategy's strengths reads.
std::vector<api::StrategyCalibration> calibrations_of(const std::vector<Judged>& raised,
                                                      const track_record::EdgePlan& plan) {
    std::map<std::string, std::vector<Judged>> by_strategy;
    for (const Judged& one : raised)
        if (one.segment == plan.segment) by_strategy[one.strategy].push_back(one);
    std::vector<api::StrategyCalibration> all;
    for (const auto& [strategy, own] : by_strategy) {
        all.push_back({.strategy = strategy,
                       .calibration = track_record::calibrate(
                           own, {.segment = plan.segment, .bins = plan.bins, .counting = plan.counting})});
    }
    return all;
}

Result<Trials> trials_in(records::Repository& repository, const std::string& market, const LedgerOutcomes& outcomes) {
    VT_TRY(const std::vector<records::RunRow> runs, repository.runs());
    std::map<std::string, std::string> set_of_run, set_of_signal;
    for (const records::RunRow& run : runs) set_of_run[run.run] = run.configuration + " " + run.weights;
    VT_TRY(const auto raisings, repository.raisings(market));
    std::map<std::string, std::vector<double>> results_by_set;
    for (const records::Raising& raising : raisings) {
        const std::string& set = set_of_signal[raising.signal] = raising.strategy + " " + set_of_run[raising.run];
        results_by_set[set];
    }
    for (std::size_t i = 0; i < outcomes.raised.size(); ++i) {
        if (const auto& result = outcomes.raised[i].net_r)
            results_by_set[set_of_signal[outcomes.raised_ids[i]]].push_back(*result);
    }
    return trials_of(results_by_set);
}

}  // namespace

Result<LedgerOutcomes> outcomes_in(records::Repository& repository, const std::string& market, Timestamp now) {
    const track_record::Segment segment = segment_of(market);
    LedgerOutcomes outcomes;
    const auto into = [&](std::vector<Judged>& all) {
        return [&](const records::LedgerEntry& entry) -> Result<void> {
            VT_TRY(Judged judged, judged_of(entry.body, segment, now));
            all.push_back(std::move(judged));
            return {};
        };
    };
    for (const char* state : {"open", "closed"}) {
        const Result<void> read = each_in_state(repository, market, state, [&](const records::LedgerEntry& entry) {
            outcomes.raised_ids.push_back(entry.signal);
            return into(outcomes.raised)(entry);
        });
        if (!read) return tl::unexpected<Error>(read.error());
    }
    const Result<void> held =
        each_in_state(repository, market, "suppressed", [&](const records::LedgerEntry& entry) -> Result<void> {
            if (!is_held_by_record(entry.body)) return {};
            return into(outcomes.held_by_record)(entry);
        });
    if (!held) return tl::unexpected<Error>(held.error());
    const Result<void> placebos = each_in_state(repository, market, "placebo", into(outcomes.placebos));
    if (!placebos) return tl::unexpected<Error>(placebos.error());
    return outcomes;
}

std::vector<track_record::StrategyEdge> edges_of_outcomes(const LedgerOutcomes& outcomes,
                                                          const track_record::EdgePlan& plan) {
    std::vector<Judged> counted = outcomes.raised;
    counted.insert(counted.end(), outcomes.held_by_record.begin(), outcomes.held_by_record.end());
    return track_record::edges_of(counted, plan);
}

Result<api::TrackRecord> track_record_of(records::Repository& repository, const std::string& market,
                                         const track_record::EdgePlan& plan, Timestamp now) {
    const bool is_past = plan.segment == track_record::Segment::reconstructed;
    const std::string ledger = is_past ? records::reconstructed_ledger(market) : market;
    VT_TRY(const LedgerOutcomes outcomes, outcomes_in(repository, ledger, now));
    VT_TRY(const Trials trials, trials_in(repository, ledger, outcomes));
    VT_TRY(auto segments, segments_in(repository, market));
    const track_record::PerformancePlan performance{.segment = plan.segment,
                                                    .counting = plan.counting,
                                                    .trials = trials.count,
                                                    .trial_variance = trials.variance,
                                                    .decay = plan.decay};
    return api::TrackRecord{.market = market,
                            .segment = plan.segment,
                            .segments = std::move(segments),
                            .trials = trials.count,
                            .thin_below = plan.counting.thin_below,
                            .calibrations = calibrations_of(outcomes.raised, plan),
                            .edges = edges_of_outcomes(outcomes, plan),
                            .performance = track_record::evaluate(outcomes.raised, performance,
                                                                  placebos_of(outcomes, plan.segment, performance))};
}

Result<std::shared_ptr<const api::TrackRecord>> KeptTrackRecords::get(records::Repository& repository,
                                                                      const std::string& market,
                                                                      const track_record::EdgePlan& plan,
                                                                      Timestamp now) {
    Kept& kept = kept_[plan.segment];
    const bool is_fresh =
        kept.record && kept.record->market == market && now >= kept.made_at && now - kept.made_at < kEvery;
    if (is_fresh) return kept.record;
    VT_TRY(api::TrackRecord made, track_record_of(repository, market, plan, now));
    kept.record = std::make_shared<const api::TrackRecord>(std::move(made));
    kept.made_at = now;
    return kept.record;
}

}  // namespace vt::runtime
