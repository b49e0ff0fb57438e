#include "engine/reconstruction.hpp"

#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "analysis/grid.hpp"
#include "base/assert.hpp"
#include "engine/signal_watch.hpp"
#include "indicators/technical_values.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace vt::engine {
namespace {

constexpr std::array kBothSides{market::Side::buy, market::Side::sell};
constexpr std::size_t kSidesMin = 2;
constexpr Nanos kRaisedWindow = std::chrono::hours{1};
constexpr Nanos kTurnoverWindow = std::chrono::hours{24};
/// Gates of a live signal that ask for a book, for prints, for a clock, or for several sides that agree: candles tell
/// of one that takes sides.
constexpr std::array<std::string_view, 4> kUntold{"feed_live", "warm", "spread", "confidence"};

/// What the last 24 hours turned over. out: absent where candles do not reach back so far
std::optional<double> turnover_until(const market::CandleSeries& bars, Timestamp until) {
    const std::size_t first = bars.first_from(until - kTurnoverWindow);
    if (first == 0) return std::nullopt;
    double sum = 0;
    for (std::size_t i = first; i < bars.size() && bars[i].open_time < until; ++i) sum += bars[i].turnover_quote;
    return sum;
}

std::size_t sides_with_score(const confluence::ScoreRecord& record) {
    return static_cast<std::size_t>(
        std::count_if(record.parts.begin(), record.parts.end(),
                      [](const confluence::Part& part) { return part.opinion.score.has_value(); }));
}

void judge_by_candles(std::vector<signals::Gate>& gates, const confluence::ScoreRecord& record) {
    for (signals::Gate& gate : gates) {
        if (std::find(kUntold.begin(), kUntold.end(), gate.name) != kUntold.end()) {
            gate = {.name = gate.name, .unit = "candles do not tell", .passes = true};
        } else if (gate.name == "dimensions") {
            const std::size_t sides = sides_with_score(record);
            gate.value = static_cast<double>(sides);
            gate.threshold = static_cast<double>(kSidesMin);
            gate.unit = "told by candles";
            gate.passes = sides >= kSidesMin;
        }
    }
}

std::string percent(double share) { return std::to_string(static_cast<int>(std::lround(100 * share))) + " %"; }

/// What a reader of the signal has to know of it.
void say_what_was_not_known(signals::Signal& signal) {
    signal.reasons.push_back("reconstructed from candles: they tell " + percent(signal.coverage) +
                             " of the evidence; no order book and no trades were seen");
    if (signal.levels) signal.reasons.emplace_back("its costs are assumed: half the widest spread that is let pass");
}

}  // namespace

Reconstruction::Reconstruction(ReconstructionParams params, std::vector<market::Instrument> instruments)
    : params_(std::move(params)), past_(instruments.size()) {
    params_.confluence.coverage_min = params_.signals.coverage_min = params_.coverage_min;
    std::stable_partition(instruments.begin(), instruments.end(),
                          [](const market::Instrument& one) { return one.is_bitcoin(); });
    for (market::Instrument& instrument : instruments) {
        VT_ASSERT(instrument.venue == instruments.front().venue);
        instrument.id = market::InstrumentId{static_cast<std::uint32_t>(symbols_.size())};
        symbols_.push_back(std::make_unique<Symbol>(instrument, params_.confluence, params_.signals));
    }
}

void Reconstruction::take(std::size_t index, Timestamp at, market::EventBody body) {
    if (const auto* settled = std::get_if<market::FundingSettlement>(&body))
        past_[index].settlements.emplace_back(at, settled->rate);
    past_[index].waiting.emplace(
        at,
        market::Event{
            .instrument = instrument(index).id, .exchange_time = at, .receive_time = at, .body = std::move(body)});
}

void Reconstruction::advance_to(Timestamp minute_end, std::vector<Signalled>& found) {
    VT_ASSERT(floor_to(minute_end, analysis::kMinute) == minute_end);
    VT_ASSERT(!lived_until_ || minute_end > *lived_until_);
    for (std::size_t i = 0; i < size(); ++i) {
        if (lived_until_) make_estimates(i, *lived_until_);
        take_known(i, minute_end);
    }
    evaluate_minute(minute_end);
    lived_until_ = minute_end;
    for (std::size_t i = 0; i < size(); ++i) {
        follow(i, minute_end);
        decide(i, minute_end);
        report(i, found);
    }
}

void Reconstruction::take_known(std::size_t index, Timestamp minute_end) {
    auto& waiting = past_[index].waiting;
    const auto later = waiting.upper_bound(minute_end);
    for (auto fact = waiting.begin(); fact != later; ++fact) (void)symbols_[index]->apply(fact->second);
    waiting.erase(waiting.begin(), later);
}

/// What is estimated of the bars that closed with the last minute is made some seconds later.
void Reconstruction::make_estimates(std::size_t index, Timestamp minute_begin) {
    const auto* beta = symbols_[index]->analysis().bitcoin_beta();
    if (beta == nullptr) return;
    const Timestamp first = minute_begin + beta->estimated_from();
    for (std::size_t i = 0; i < analysis::kBetaFrames.size(); ++i)
        (void)evaluate(index, first + analysis::kSecond * static_cast<std::int64_t>(i));
}

void Reconstruction::evaluate_minute(Timestamp minute_end) {
    bitcoin_ = {};
    const market::Venue venue = instrument(0).venue;
    beta_cross_section_.prepare(venue, symbols_);
    for (std::size_t i = 0; i < size(); ++i) {
        Symbol& symbol = *symbols_[i];
        symbol.close_bars(minute_end, true);
        const analysis::Evaluation seen = evaluate(i, minute_end);
        symbol.score = symbol.confluence().evaluate({.at = minute_end,
                                                     .dimensions = seen.dimensions,
                                                     .memberships = seen.memberships,
                                                     .quality = seen.quality,
                                                     .market = seen.market,
                                                     .first_sequences = seen.first_sequences});
        if (!symbols_.front()->instrument().is_bitcoin()) continue;
        if (i == 0) {
            bitcoin_.score = symbol.score->score;
            bitcoin_.coverage = symbol.score->coverage;
        } else {
            symbol.pair_bars_with(*symbols_.front());
        }
    }
    beta_cross_section_.refresh(venue, minute_end, symbols_);
}

analysis::Evaluation Reconstruction::evaluate(std::size_t index, Timestamp second) {
    Symbol& symbol = *symbols_[index];
    // Every time here is the venue's own, so there is no clock that could be off.
    analysis::EvaluationInputs inputs{.clock_offset = Nanos{0}, .bitcoin = bitcoin_};
    beta_cross_section_.tell(symbol.instrument(), inputs.bitcoin);
    return symbol.analysis().evaluate(second, symbol.state().book(), inputs);
}

void Reconstruction::follow(std::size_t index, Timestamp minute_end) {
    Symbol& symbol = *symbols_[index];
    auto& settlements = past_[index].settlements;
    while (!settlements.empty() && settlements.front().first <= minute_end) settlements.pop_front();
    std::optional<Timestamp> next_at;
    std::optional<double> next_rate;
    if (!settlements.empty()) {
        next_at = settlements.front().first;
        next_rate = settlements.front().second;
    }
    symbol.signals().on_second({.at = minute_end,
                                .are_trades_live = true,
                                .is_by_candles = true,
                                .minutes = &symbol.state().candles()[market::Timeframe::m1]},
                               next_at, next_rate);
}

confluence::ScoreRecord Reconstruction::told_by_candles(const confluence::ScoreRecord& all) const {
    confluence::ScoreRecord told = all;
    if (!all.score) return told;
    told.score = 50 + (*all.score - 50) / all.coverage;
    if (all.confidence) told.confidence = std::min(1.0, *all.confidence / all.coverage);
    return told;
}

signals::EntryFacts Reconstruction::entry_facts(const Symbol& symbol, Timestamp minute_end) const {
    signals::EntryFacts facts{.tick = symbol.instrument().tick()};
    facts.atr = symbol.technical()[market::Timeframe::m30].set[indicators::TechnicalValue::atr_14];
    const double half_spread = params_.signals.spread_max_bps / 2;
    for (const market::Side side : kBothSides) {
        facts.structure[static_cast<std::size_t>(side)] = last_swing(symbol, side);
        facts.slippage_bps[static_cast<std::size_t>(side)] = half_spread;
    }
    const auto minute = symbol.state().candles()[market::Timeframe::m1].at(minute_end - analysis::kMinute);
    if (!minute) return facts;
    facts.mid = minute->close;
    facts.quote_at = minute_end;
    return facts;
}

signals::GateFacts Reconstruction::gate_facts(const Symbol& symbol, Timestamp minute_end) const {
    const market::Instrument& instrument = symbol.instrument();
    signals::GateFacts facts{
        .is_trading = symbol.state().candles()[market::Timeframe::m1].at(minute_end - analysis::kMinute).has_value(),
        .turnover_24h_usd = turnover_until(symbol.state().candles()[market::Timeframe::m30], minute_end),
        .has_funding = instrument.kind() == market::ContractKind::perpetual};
    if (instrument.launched_at) facts.listed_for = minute_end - *instrument.launched_at;
    if (const auto& every = instrument.funding_interval)
        facts.to_funding = floor_to(minute_end, *every) + *every - minute_end;
    facts.signal_distance = facts.crossing_distance = symbol.signal_distance;
    facts.sides = symbol.side_facts;
    for (const market::Side side : kBothSides) symbol.signals().fill(facts.side(side), side, minute_end);
    return facts;
}

void Reconstruction::fill_sides(Symbol& symbol, const std::array<signals::SideLevels, 2>& sides) {
    for (const market::Side side : kBothSides) {
        signals::SideFacts& facts = symbol.side_facts[static_cast<std::size_t>(side)];
        take_levels(facts, sides[static_cast<std::size_t>(side)]);
        facts.new_in_hour = static_cast<std::uint32_t>(raised_.size());
        facts.open_in_cluster = 0;
        // Of how mids moved together nothing is known: all count as one cluster, as live where too little is known.
        for (const auto& other : symbols_) {
            if (other.get() == &symbol) continue;
            const auto& followed = other->signals().followed();
            facts.open_in_cluster += std::any_of(followed.begin(), followed.end(), [&](const signals::Signal& one) {
                return one.is_raised() && one.side == side && one.is_in_position();
            });
        }
    }
}

void Reconstruction::decide(std::size_t index, Timestamp minute_end) {
    Symbol& symbol = *symbols_[index];
    const confluence::ScoreRecord told = told_by_candles(*symbol.score);
    const std::optional<double> score_before = std::exchange(past_[index].score_before, told.score);
    symbol.signal_distance = level_.distance(params_.signals);  // without this minute: it is not judged by itself
    if (told.score) level_.add(minute_end, std::abs(*told.score - 50));
    if (minute_end < params_.decide_from || minute_end >= params_.decide_until) return;
    while (!raised_.empty() && raised_.front() <= minute_end - kRaisedWindow) raised_.pop_front();
    const signals::EntryFacts entry = entry_facts(symbol, minute_end);
    const auto sides = signals::levels_of_sides(entry, params_.signals);
    fill_sides(symbol, sides);
    auto gates =
        signals::gates(told, {.minute_before = score_before}, gate_facts(symbol, minute_end), params_.signals);
    judge_by_candles(gates, told);
    const signals::Signal* made = symbol.signals().decide(
        {.record = told,
         .gates = gates,
         .sides = sides,
         .entry = entry,
         .signal_distance = symbol.signal_distance,
         .crossing_distance = symbol.signal_distance},
        symbol.instrument());
    if (made != nullptr && made->is_raised()) raised_.push_back(minute_end);
}

void Reconstruction::report(std::size_t index, std::vector<Signalled>& found) {
    for (signals::SignalChange& change : symbols_[index]->signals().take_changes()) {
        say_what_was_not_known(change.signal);
        found.push_back({instrument(index).id, std::make_shared<const signals::SignalChange>(std::move(change))});
    }
}

}  // namespace vt::engine
