#include "signals/signal.hpp"

#include "base/digest.hpp"

namespace vt::signals {
namespace {

constexpr std::size_t kIdDigits = 16;

std::optional<std::int64_t> milliseconds_of(const std::optional<Timestamp>& at) {
    return at ? std::optional(to_ms(*at)) : std::nullopt;
}

void write_levels(JsonWriter& out, const Signal& signal) {
    const Levels& levels = *signal.levels;
    out.field("entry", levels.entry).field("entered_at", to_ms(signal.entered_at)).field("mid", signal.mid);
    out.field("stop", levels.stop).field("stop_now", signal.path.stop).field("stop_atr", levels.stop_atr);
    out.key("targets").begin_array();
    for (std::size_t i = 0; i < kTargetCount; ++i) {
        out.begin_object()
            .field("price", levels.targets[i])
            .field("hit_at", milliseconds_of(signal.path.targets_hit[i]));
        out.end_object();
    }
    out.end_array().field("expiry_at", to_ms(signal.expires_at)).field("size", signal.size_share);
    out.key("costs").begin_object().field("fee_bps", signal.costs.fee_bps).field("entry_bps", signal.costs.entry_bps);
    out.field("exit_bps", signal.costs.exit_bps).end_object();
}

void write_no_levels(JsonWriter& out) {
    for (const std::string_view absent : {"entry", "entered_at", "mid", "stop", "stop_now", "stop_atr"})
        out.key(absent).null();
    out.key("targets").begin_array().end_array();
    for (const std::string_view absent : {"expiry_at", "size", "costs"}) out.key(absent).null();
}

void write_outcome(JsonWriter& out, const Signal& signal) {
    const Path& path = signal.path;
    out.key("outcome");
    if (!signal.levels) {
        out.null();
        return;
    }
    out.begin_object();
    const auto barrier = path.first_barrier ? std::optional(std::string(name(*path.first_barrier))) : std::nullopt;
    out.field("first_barrier", barrier).field("ended_at", milliseconds_of(path.ended_at));
    out.field("open_share", path.open_share).field("gross_bps", path.gross_bps).field("net_bps", path.net_bps);
    out.field("funding_bps", path.funding_bps).field("net_r", signal.net_r());
    out.field("mfe_bps", path.mfe_bps).field("mae_bps", path.mae_bps).field("has_gap", path.has_gap);
    out.key("horizons").begin_object();
    for (std::size_t i = 0; i < kHorizons.size(); ++i) {
        out.key(kHorizonNames[i]);
        if (const auto& found = path.horizons[i]) {
            out.begin_object().field("gross_bps", found->gross_bps).field("net_bps", found->net_bps);
            out.field("mfe_bps", found->mfe_bps).field("mae_bps", found->mae_bps).end_object();
        } else {
            out.null();
        }
    }
    out.end_object().end_object();
}

}  // namespace

std::string_view name(Ending ending) {
    switch (ending) {
        case Ending::target: return "target";
        case Ending::stop: return "stop";
        case Ending::expired: return "expired";
        case Ending::delisted: return "delisted";
    }
    return "";
}

std::string_view name(State state) {
    switch (state) {
        case State::open: return "open";
        case State::closed: return "closed";
        case State::suppressed: return "suppressed";
        case State::placebo: return "placebo";
    }
    return "";
}

std::string_view name(Change change) {
    switch (change) {
        case Change::raised: return "raised";
        case Change::suppressed: return "suppressed";
        case Change::placebo: return "placebo";
        case Change::target_1: return "target_1";
        case Change::target_2: return "target_2";
        case Change::ended: return "ended";
        case Change::horizon_15m: return "horizon_15m";
        case Change::horizon_1h: return "horizon_1h";
        case Change::horizon_4h: return "horizon_4h";
        case Change::horizon_24h: return "horizon_24h";
    }
    return "";
}

std::string_view direction_name(market::Side side) { return side == market::Side::buy ? "long" : "short"; }

bool is_gate_of_record(std::string_view gate) { return gate == "edge" || gate == "score" || gate == "shadow"; }

bool Signal::is_held_by_record() const { return is_gate_of_record(suppressed_by); }

std::optional<double> Signal::net_r() const {
    if (!levels || !path.ended_at) return std::nullopt;
    return path.net_bps / (1e4 * levels->stop_distance / levels->entry);
}

std::string id_of(std::string_view instrument, market::Side side, Timestamp confirmed_at, std::string_view strategy,
                  std::string_view weights) {
    Digest digest;
    digest.update(instrument);
    digest.update("|");
    digest.update(direction_name(side));
    digest.update("|" + std::to_string(to_ms(confirmed_at)) + "|");
    digest.update(strategy);
    digest.update("|");
    digest.update(weights);
    return digest.hex().substr(0, kIdDigits);
}

void write_signal(JsonWriter& out, const Signal& signal, const market::Instrument& instrument) {
    out.begin_object().field("id", signal.id).field("instrument", instrument.path_id());
    out.field("symbol", instrument.unified_symbol()).field("strategy", signal.strategy);
    out.field("direction", direction_name(signal.side)).field("state", name(signal.state()));
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
    };
    out.field("suppressed_by", text_or_null(signal.suppressed_by))
        .field("placebo_of", text_or_null(signal.placebo_of));
    out.field("confirmed_at", to_ms(signal.confirmed_at));
    out.field("score", signal.score).field("coverage", signal.coverage).field("confidence", signal.confidence);
    out.field("weights", signal.weights).field("is_uncalibrated", signal.is_uncalibrated);
    out.field("probability", signal.probability);
    out.key("reasons").begin_array();
    for (const std::string& reason : signal.reasons) out.value(reason);
    out.end_array();
    if (signal.levels) {
        write_levels(out, signal);
    } else {
        write_no_levels(out);
    }
    write_outcome(out, signal);
    out.end_object();
}

}  // namespace vt::signals
