#include "api/track_pages.hpp"

#include "signals/signal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace vt::api {
namespace {

using track_record::BarrierRecord;
using track_record::HorizonRecord;

void write_interval(JsonWriter& out, std::string_view name, const std::optional<statistics::Interval>& interval) {
    out.key(name);
    if (!interval) {
        out.null();
        return;
    }
    out.begin_array().value(interval->lower).value(interval->upper).end_array();
}

std::optional<statistics::Interval> shown(const statistics::Interval& interval) { return interval; }

void write_horizon(JsonWriter& out, const std::optional<HorizonRecord>& record) {
    if (!record) {
        out.null();
        return;
    }
    out.begin_object().field("n", static_cast<std::uint64_t>(record->n)).field("n_eff", record->n_eff);
    out.field("is_thin", record->is_thin).field("hit_rate", record->hit_rate);
    write_interval(out, "hit_interval", shown(record->hit_interval));
    out.field("above_costs", record->above_costs).field("mean_net_bps", record->mean_net_bps);
    out.field("lower_quartile_net_bps", record->net_bps.lower).field("median_net_bps", record->net_bps.median);
    out.field("upper_quartile_net_bps", record->net_bps.upper).end_object();
}

void write_barrier(JsonWriter& out, const std::optional<BarrierRecord>& record) {
    if (!record) {
        out.null();
        return;
    }
    out.begin_object().field("n", static_cast<std::uint64_t>(record->n)).field("n_eff", record->n_eff);
    out.field("is_thin", record->is_thin).field("target", record->target).field("stop", record->stop);
    out.field("expired", record->expired);
    write_interval(out, "target_interval", shown(record->target_interval));
    out.field("mean_net_r", record->mean_net_r);
    write_interval(out, "net_r_interval", record->net_r_interval);
    out.end_object();
}

void write_bin(JsonWriter& out, const track_record::ScoreBin& bin) {
    out.begin_object().field("from", bin.from).field("to", bin.to).field("n", static_cast<std::uint64_t>(bin.n));
    out.key("horizons").begin_object();
    for (std::size_t i = 0; i < bin.horizons.size(); ++i) {
        out.key(signals::kHorizonNames[i]);
        write_horizon(out, bin.horizons[i]);
    }
    out.end_object().key("barrier");
    write_barrier(out, bin.barrier);
    out.end_object();
}

void write_map(JsonWriter& out, const std::optional<track_record::ProbabilityMap>& map) {
    out.key("probability");
    if (!map) {
        out.null();
        return;
    }
    out.begin_object().field("shape", track_record::name(map->shape)).field("n", static_cast<std::uint64_t>(map->n));
    out.field("n_eff", map->n_eff).field("log_loss_isotonic", map->log_loss_isotonic);
    out.field("log_loss_platt", map->log_loss_platt).field("log_loss_base", map->log_loss_base);
    out.field("brier", map->brier).field("calibration_error", map->calibration_error);
    out.field("area_under_curve", map->area_under_curve).end_object();
}

void write_share(JsonWriter& out, std::string_view name, const track_record::ShareAgainstNull& share) {
    out.key(name).begin_object().field("share", share.share);
    write_interval(out, "interval", shown(share.interval));
    out.field("null", share.null).end_object();
}

void write_results(JsonWriter& out, const std::optional<track_record::ResultRecord>& results) {
    out.key("results");
    if (!results) {
        out.null();
        return;
    }
    out.begin_object().field("n", static_cast<std::uint64_t>(results->n)).field("n_eff", results->n_eff);
    out.field("mean_net_r", results->mean);
    write_interval(out, "mean_interval", results->mean_interval);
    out.field("maximum_drawdown_r", results->maximum_drawdown).field("sharpe", results->sharpe);
    out.field("probabilistic_sharpe", results->probabilistic).field("deflated_sharpe", results->deflated);
    out.field("shortest_record", results->shortest_record).field("p_null", results->p_null);
    out.field("p_profit", results->p_profit).end_object();
}

void write_placebo(JsonWriter& out, const std::optional<statistics::PlaceboComparison>& placebo) {
    if (!placebo) {
        out.null();
        return;
    }
    out.begin_object().field("draws", static_cast<std::uint64_t>(placebo->placebos));
    out.field("percentile", placebo->percentile).field("p", placebo->p).field("mean", placebo->mean);
    out.field("percentile_95", placebo->percentile_95).field("is_beaten", placebo->is_beaten).end_object();
}

void write_decay(JsonWriter& out, const track_record::DecayState& decay) {
    out.begin_object().field("level", decay.level).field("alarm", decay.alarm).field("recovery", decay.recovery);
    out.field("is_decayed", decay.is_decayed).end_object();
}

/// in: `edge` null: of all together, which no gate judges
void write_strategy(JsonWriter& out, const track_record::StrategyRecord& record,
                    const track_record::StrategyEdge* edge) {
    out.begin_object().field("strategy", record.strategy).field("open", static_cast<std::uint64_t>(record.open));
    out.field("n", static_cast<std::uint64_t>(record.n))
        .field("n_eff", record.n_eff)
        .field("is_thin", record.is_thin);
    write_share(out, "target", record.target);
    write_share(out, "stop", record.stop);
    write_share(out, "expired", record.expired);
    out.field("target_p", record.target_p);
    write_results(out, record.results);
    out.field("q_null", record.q_null).field("q_profit", record.q_profit).key("placebo");
    write_placebo(out, record.placebo);
    out.key("turned_sides").begin_object();
    for (std::size_t i = 0; i < record.turned_sides.size(); ++i) {
        out.key(signals::kHorizonNames[i]);
        write_placebo(out, record.turned_sides[i]);
    }
    out.end_object().key("decay");
    write_decay(out, edge != nullptr ? edge->decay : track_record::state_of(record.decay));
    out.end_object();
}

void begin_track(JsonWriter& out, const TrackRecord& record) {
    out.begin_object().field("market", record.market).field("segment", track_record::name(record.segment));
    out.key("segments").begin_array();
    for (const SegmentCount& one : record.segments)
        out.begin_object().field("segment", track_record::name(one.segment)).field("n", one.n).end_object();
    out.end_array();
}

void write_symbols(JsonWriter& out, const std::vector<track_record::SymbolRecord>& symbols) {
    out.key("symbols").begin_array();
    for (const track_record::SymbolRecord& symbol : symbols) {
        out.begin_object().field("symbol", symbol.symbol).field("n", static_cast<std::uint64_t>(symbol.n));
        out.field("n_eff", symbol.n_eff).field("expected", symbol.expected).field("rate", symbol.rate);
        write_interval(out, "rate_interval", shown(symbol.rate_interval));
        out.end_object();
    }
    out.end_array();
}

constexpr std::array kSegments{track_record::Segment::in_sample, track_record::Segment::out_of_sample,
                               track_record::Segment::live,      track_record::Segment::paper,
                               track_record::Segment::demo,      track_record::Segment::reconstructed};

}  // namespace

std::vector<QueryParameter> track_parameters() {
    std::string values;
    for (const track_record::Segment segment : kSegments)
        values += (values.empty() ? "\"" : ",\"") + std::string(track_record::name(segment)) + "\"";
    return {{"segment", R"({"type":"string","enum":[)" + values + "]}",
             "where the outcomes come from; that of the running market unless it is given"}};
}

Result<std::optional<track_record::Segment>> segment_asked(const Call& call) {
    const std::string asked = call.query("segment").value_or("");
    if (asked.empty()) return std::optional<track_record::Segment>();
    std::string allowed;
    for (const track_record::Segment segment : kSegments) {
        if (track_record::name(segment) == asked) return std::optional(segment);
        allowed += (allowed.empty() ? "" : segment == kSegments.back() ? " or " : ", ");
        allowed += track_record::name(segment);
    }
    return fail(Errc::out_of_range, "segment must be " + allowed);
}

void write_calibration(JsonWriter& out, const TrackRecord& record) {
    begin_track(out, record);
    out.field("thin_below", record.thin_below).key("strategies").begin_array();
    for (const auto& [strategy, calibration] : record.calibrations) {
        out.begin_object().field("strategy", strategy).field("sides", track_record::name(calibration.plan.sides));
        out.field("n", static_cast<std::uint64_t>(calibration.n));
        const track_record::StrategyEdge* edge = track_record::edge_named(&record.edges, strategy);
        out.field("level", edge != nullptr ? edge->level : std::nullopt).key("bins").begin_array();
        for (const track_record::ScoreBin& bin : calibration.bins) write_bin(out, bin);
        out.end_array();
        write_map(out, calibration.map);
        write_symbols(out, calibration.symbols);
        out.end_object();
    }
    out.end_array().end_object();
}

void write_performance(JsonWriter& out, const TrackRecord& record) {
    const track_record::Performance& performance = record.performance;
    begin_track(out, record);
    out.field("trials", record.trials).field("thin_below", record.thin_below).key("all");
    write_strategy(out, performance.all, nullptr);
    out.key("strategies").begin_array();
    for (const track_record::StrategyRecord& strategy : performance.strategies)
        write_strategy(out, strategy, track_record::edge_named(&record.edges, strategy.strategy));
    out.end_array().end_object();
}

}  // namespace vt::api
