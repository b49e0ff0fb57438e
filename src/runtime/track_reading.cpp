#include "runtime/track_reading.hpp"

#include "runtime/record_keeping.hpp"
#include "statistics/moments.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace vt::runtime {
namespace {

using simdjson::dom::element;
using track_record::Judged;

track_record::Segment segment_of(std::string_view market) {
    if (market == "live") return track_record::Segment::live;
    return market == "demo" ? track_record::Segment::demo : track_record::Segment::out_of_sample;
}

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
    element outcome;
    if (signal["outcome"].get(outcome) == simdjson::SUCCESS && outcome.is_object()) {
        std::int64_t expiry_ms = 0;
        const bool has_passed = signal["expiry_at"].get(expiry_ms) == simdjson::SUCCESS && from_ms(expiry_ms) <= now;
        read_outcome(outcome, has_passed, judged);
    }
    return judged;
}

namespace {

/// in: `take` gets each signal and the run that raised or last changed it
template <class Take>
Result<void> each_raised(records::Repository& repository, const std::string& market, Timestamp now, Take take) {
    for (const char* state : {"open", "closed"}) {
        records::SignalQuery query{.market = market, .state = state, .limit = records::kSignalPageMax};
        do {
            VT_TRY(const records::SignalPage page, repository.signals(query));
            for (const records::StoredEntry& stored : page.signals) {
                if (stored.entry.entry == kAbandoned) continue;  // nobody saw what became of it
                VT_TRY(Judged judged, judged_of(stored.entry.body, segment_of(market), now));
                take(std::move(judged), stored.entry.run);
            }
            query.cursor = page.cursor;
        } while (!query.cursor.empty());
    }
    return {};
}

}  // namespace

Result<std::vector<Judged>> judged_in(records::Repository& repository, const std::string& market, Timestamp now) {
    std::vector<Judged> all;
    const Result<void> read = each_raised(
        repository, market, now, [&](Judged judged, const std::string&) { all.push_back(std::move(judged)); });
    if (!read) return tl::unexpected<Error>(read.error());
    return all;
}

Result<api::TrackRecord> track_record_of(records::Repository& repository, const std::string& market, Timestamp now) {
    VT_TRY(const std::vector<records::RunRow> runs, repository.runs());
    std::map<std::string, std::string> set_of_run;
    for (const records::RunRow& run : runs) set_of_run[run.run] = run.configuration + " " + run.weights;
    std::vector<Judged> signals;
    std::map<std::string, std::vector<double>> results_by_set;
    const Result<void> read = each_raised(repository, market, now, [&](Judged judged, const std::string& run) {
        std::vector<double>& results = results_by_set[set_of_run[run]];
        if (judged.net_r) results.push_back(*judged.net_r);
        signals.push_back(std::move(judged));
    });
    if (!read) return tl::unexpected<Error>(read.error());
    const Trials trials = trials_of(results_by_set);
    const track_record::Segment segment = segment_of(market);
    return api::TrackRecord{
        .market = market,
        .trials = trials.count,
        .calibration = track_record::calibrate(signals, {.segment = segment}),
        .performance = track_record::evaluate(
            signals, {.segment = segment, .trials = trials.count, .trial_variance = trials.variance}, {})};
}

Result<std::shared_ptr<const api::TrackRecord>> KeptTrackRecord::get(records::Repository& repository,
                                                                     const std::string& market, Timestamp now) {
    const bool is_fresh = record_ && record_->market == market && now >= made_at_ && now - made_at_ < kEvery;
    if (is_fresh) return record_;
    VT_TRY(api::TrackRecord made, track_record_of(repository, market, now));
    record_ = std::make_shared<const api::TrackRecord>(std::move(made));
    made_at_ = now;
    return record_;
}

}  // namespace vt::runtime
