#include "signals/symbol_signals.hpp"

#include "confluence/reasons.hpp"

#include <algorithm>
#include <cmath>

namespace vt::signals {
namespace {

constexpr std::size_t kReasons = 5;
constexpr std::array kSides{market::Side::buy, market::Side::sell};

std::size_t index_of(market::Side side) { return static_cast<std::size_t>(side); }

bool passes(const std::vector<Gate>& gates, std::string_view name) {
    const auto found = std::ranges::find(gates, name, &Gate::name);
    return found != gates.end() && found->passes == true;
}

/// Whether a score reaches what a crossing asks for, though perhaps not what a signal does.
bool crosses(double score, double crossing_distance) {
    return std::abs(score - 50) >= crossing_distance - confluence::kCoverageTolerance;
}

void claim(Signal& signal, const std::optional<Edge>& edge, const Params& params) {
    signal.is_uncalibrated = !is_calibrated(edge, params);
    if (edge) signal.probability = edge->probability;
}

/// Of what was held back only the end is written down, and of what counts for the edge also how it ended: there are
/// many, and nobody traded them. Of a placebo likewise.
bool is_told(const Signal& signal, Change change) {
    if (signal.is_raised() || change == Change::horizon_24h) return true;
    return change == Change::ended && (signal.is_placebo() || signal.is_held_by_record());
}

}  // namespace

std::array<SideLevels, 2> levels_of_sides(const EntryFacts& facts, const Params& params) {
    std::array<SideLevels, 2> sides;
    for (const market::Side side : kSides) {
        const auto& entry = facts.slippage_bps[index_of(side)];
        const auto& exit = facts.slippage_bps[index_of(market::opposite(side))];
        if (!entry || !exit) continue;
        SideLevels& found = sides[index_of(side)];
        found.costs = Costs{.fee_bps = params.taker_fee_bps, .entry_bps = *entry, .exit_bps = *exit};
        if (!facts.mid || !facts.quote_at || !facts.atr || !(*facts.atr > 0) || !(facts.tick > 0)) continue;
        found.levels = levels_of({.side = side,
                                  .mid = *facts.mid,
                                  .atr = *facts.atr,
                                  .structure = facts.structure[index_of(side)],
                                  .costs = *found.costs,
                                  .tick = facts.tick},
                                 params);
    }
    return sides;
}

SymbolSignals::SideState& SymbolSignals::side_state(std::string_view strategy, market::Side side) {
    const auto found = std::ranges::find(states_, strategy, &StrategyState::strategy);
    if (found != states_.end()) return found->sides[index_of(side)];
    return states_.emplace_back(StrategyState{.strategy = std::string(strategy), .sides = {}}).sides[index_of(side)];
}

void SymbolSignals::note(const Signal& signal, std::vector<Change>& changes, Timestamp at) {
    for (const Change change : changes) {
        if (!is_told(signal, change)) continue;
        changes_.push_back({.change = change, .at = at, .signal = signal});
        if (change != Change::ended || !signal.is_raised()) continue;
        begin_cooldown(signal);
    }
    changes.clear();
}

void SymbolSignals::begin_cooldown(const Signal& ended) {
    const bool was_stopped = ended.path.first_barrier == Ending::stop;
    const Timestamp until = *ended.path.ended_at + (was_stopped ? params_.cooldown_after_stop : params_.cooldown);
    auto& known = side_state(ended.strategy, ended.side).cooldown_until;
    known = known ? std::max(*known, until) : until;
}

void SymbolSignals::on_trade(Timestamp at, double price) {
    if (followed_.empty()) return;
    if (ahead_.size() < kAheadMax) ahead_.push_back({.at = at, .price = price});
    for (Signal& signal : followed_) {
        follow_trade(signal, at, price, new_);
        if (!new_.empty()) note(signal, new_, at);
    }
}

void SymbolSignals::on_second(SecondFacts facts, std::optional<Timestamp> next_funding_at,
                              std::optional<double> funding_rate) {
    facts.funding_rate.reset();
    if (next_settlement_ && facts.at >= next_settlement_->first) {
        facts.funding_rate = next_settlement_->second;
        next_settlement_.reset();
    }
    if (next_funding_at && funding_rate && *next_funding_at > facts.at)
        next_settlement_ = std::pair{*next_funding_at, *funding_rate};
    if (!began_) began_ = facts.at;
    if (followed_.empty()) return;
    facts.began = began_;
    facts.missed = {settlements_.begin(), std::ranges::upper_bound(settlements_, *began_, {}, &Settlement::at)};
    for (Signal& signal : followed_) {
        const bool was_blind = signal.path.hole_since.has_value();
        follow_second(signal, facts, new_);
        if (was_blind && !signal.path.hole_since) {
            for (const AheadTrade& trade : ahead_)
                if (trade.at >= facts.at) follow_trade(signal, trade.at, trade.price, new_);
        }
        if (!new_.empty()) note(signal, new_, facts.at);
    }
    std::erase_if(ahead_, [&](const AheadTrade& trade) { return trade.at < facts.at; });
    std::erase_if(followed_, is_followed_to_the_end);
}

void SymbolSignals::on_settlement(Timestamp at, double rate) {
    const auto place = std::ranges::lower_bound(settlements_, at, {}, &Settlement::at);
    if (place != settlements_.end() && place->at == at) return;
    settlements_.insert(place, {.at = at, .rate = rate});
    if (settlements_.size() > kSettlementsMax) settlements_.erase(settlements_.begin());
}

void SymbolSignals::fill(SideFacts& facts, market::Side side, Timestamp now, std::string_view strategy) const {
    const auto known = std::ranges::find(states_, strategy, &StrategyState::strategy);
    const SideState state = known != states_.end() ? known->sides[index_of(side)] : SideState{};
    facts.open = 0;
    bool is_open_elsewhere = false;
    for (const Signal& signal : followed_) {
        if (!signal.is_raised() || signal.side != side || !signal.is_in_position()) continue;
        if (signal.strategy == strategy)
            ++facts.open;
        else
            is_open_elsewhere = true;
    }
    if (is_open_elsewhere) ++facts.open_in_cluster;
    facts.cooldown_left = state.cooldown_until ? std::max(Nanos{0}, *state.cooldown_until - now) : Nanos{0};
    facts.is_rearmed = state.is_rearmed;
}

void SymbolSignals::come_back(std::string_view strategy, double score, double signal_distance) {
    for (const market::Side side : kSides) {
        if (market::sign(side) * (score - 50) > params_.rearm_share * signal_distance) continue;
        SideState& state = side_state(strategy, side);
        state.is_crossed = false;
        state.is_rearmed = true;
    }
}

/// Whether a crossing is one to write down: the first since the score came back, or the first that no gate holds.
bool SymbolSignals::begins(SideState& state, const Gate* held) {
    if (held != nullptr && state.is_crossed) return false;
    state.is_crossed = true;
    if (held == nullptr) state.is_rearmed = false;
    return true;
}

void SymbolSignals::make_room() {
    if (followed_.size() < kFollowedMax) return;
    const auto oldest = std::find_if(followed_.begin(), followed_.end(), [](const Signal& signal) {
        return !signal.is_raised() || signal.path.ended_at;
    });
    followed_.erase(oldest == followed_.end() ? followed_.begin() : oldest);
}

Signal SymbolSignals::made(const Minute& minute, market::Side side, const market::Instrument& instrument) const {
    const confluence::ScoreRecord& record = minute.record;
    Signal signal;
    signal.instrument = instrument.id;
    signal.side = side;
    signal.confirmed_at = record.at;
    signal.weights = record.versions ? record.versions->weights : "";
    signal.id = id_of(instrument.path_id(), side, record.at, signal.strategy, signal.weights);
    signal.score = *record.score;
    signal.coverage = record.coverage;
    signal.confidence = record.confidence;
    signal.reasons = confluence::reasons(record, kReasons);
    claim(signal, minute.edge, params_);
    place(signal, minute.sides[index_of(side)], minute.entry, params_.expiry);
    return signal;
}

Signal SymbolSignals::made(const StrategyMinute& minute, market::Side side,
                           const market::Instrument& instrument) const {
    Signal signal;
    signal.strategy = minute.strategy;
    signal.instrument = instrument.id;
    signal.side = side;
    signal.confirmed_at = minute.at;
    signal.id = id_of(instrument.path_id(), side, minute.at, signal.strategy, signal.weights);
    signal.score = minute.score;
    signal.coverage = minute.coverage;
    signal.reasons = minute.reasons;
    claim(signal, minute.edge, params_);
    return signal;
}

void SymbolSignals::place(Signal& signal, const SideLevels& found, const EntryFacts& entry, Nanos expiry) const {
    if (!found.levels) return;
    signal.levels = found.levels;
    signal.costs = *found.costs;
    signal.mid = *entry.mid;
    signal.atr = *entry.atr;
    signal.target_shares = params_.target_shares;
    signal.size_share = size_share(*found.levels, *found.costs, params_);
    signal.entered_at = std::max(signal.confirmed_at, *entry.quote_at);
    signal.expires_at = signal.entered_at + expiry;
    signal.path.stop = found.levels->stop;
    signal.path.last_price = signal.mid;
    signal.path.seen_until = signal.entered_at;
}

const Signal* SymbolSignals::keep(Signal signal, const Gate* held) {
    if (held != nullptr) signal.suppressed_by = held->name;
    changes_.push_back({.change = held == nullptr ? Change::raised : Change::suppressed,
                        .at = signal.confirmed_at,
                        .signal = signal});
    if (!signal.levels) return nullptr;
    if (signal.is_raised()) plan_placebo(signal);
    make_room();
    followed_.push_back(std::move(signal));
    return &followed_.back();
}

void SymbolSignals::plan_placebo(const Signal& raised) {
    if (planned_.size() < kPlannedMax) planned_.push_back(planned_placebo(raised));
}

bool SymbolSignals::has_placebo_due(Timestamp minute_end) const {
    return std::ranges::any_of(planned_, [&](const PlannedPlacebo& planned) { return minute_end >= planned.from; });
}

void SymbolSignals::enter_placebos(const PlaceboMinute& minute, const market::Instrument& instrument) {
    std::erase_if(planned_, [&](const PlannedPlacebo& planned) {
        if (minute.record.at < planned.from) return false;
        const SideLevels& levels = minute.sides[index_of(planned.side)];
        if (!minute.may_enter[index_of(planned.side)] || !levels.levels) return minute.record.at >= planned.until;
        Signal placebo;
        placebo.placebo_of = planned.of;
        placebo.strategy = planned.strategy;
        placebo.instrument = instrument.id;
        placebo.side = planned.side;
        placebo.confirmed_at = minute.record.at;
        placebo.weights = minute.record.versions ? minute.record.versions->weights : "";
        placebo.id = id_of(instrument.path_id(), planned.side, placebo.confirmed_at, "placebo of " + planned.of,
                           placebo.weights);
        placebo.score = planned.score;
        placebo.coverage = minute.record.coverage;
        placebo.confidence = minute.record.confidence;
        placebo.reasons = {"at random, beside signal " + planned.of};
        place(placebo, levels, minute.entry, planned.expiry);
        changes_.push_back({.change = Change::placebo, .at = placebo.confirmed_at, .signal = placebo});
        make_room();
        followed_.push_back(std::move(placebo));
        return true;
    });
}

const Signal* SymbolSignals::decide(const Minute& minute, const market::Instrument& instrument) {
    const auto& score = minute.record.score;
    if (!score) return nullptr;
    come_back(kConfluence, *score, minute.crossing_distance);
    const auto side = leaning(score);
    if (!side || !crosses(*score, minute.crossing_distance) || !passes(minute.gates, "persistence")) return nullptr;
    const Gate* held = crossing_gate(minute.gates);
    if (!begins(side_state(kConfluence, *side), held)) return nullptr;
    return keep(made(minute, *side, instrument), held);
}

const Signal* SymbolSignals::decide(const StrategyMinute& minute, const std::vector<Gate>& gates,
                                    const std::array<SideLevels, 2>& sides, const EntryFacts& entry,
                                    const market::Instrument& instrument) {
    come_back(minute.strategy, minute.score, minute.signal_distance);
    const auto side = leaning(minute.score);
    if (!side || !minute.is_crossing) return nullptr;
    const Gate* held = crossing_gate(gates);
    if (!begins(side_state(minute.strategy, *side), held)) return nullptr;
    Signal signal = made(minute, *side, instrument);
    place(signal, sides[index_of(*side)], entry, minute.horizon);
    return keep(std::move(signal), held);
}

void SymbolSignals::resume(Signal signal) {
    signal.path.hole_since = signal.path.seen_until;
    if (signal.is_placebo()) {
        std::erase_if(planned_, [&](const PlannedPlacebo& planned) { return planned.of == signal.placebo_of; });
        make_room();
        followed_.push_back(std::move(signal));
        return;
    }
    SideState& state = side_state(signal.strategy, signal.side);
    if (signal.is_raised() && signal.is_in_position()) {
        state.is_crossed = true;
        state.is_rearmed = false;
    }
    if (signal.is_raised() && signal.path.ended_at) begin_cooldown(signal);
    const bool has_placebo = std::ranges::find(followed_, signal.id, &Signal::placebo_of) != followed_.end();
    if (signal.is_raised() && signal.levels && !has_placebo) plan_placebo(signal);
    make_room();
    followed_.push_back(std::move(signal));
}

}  // namespace vt::signals
