#include "engine/signal_watch.hpp"

#include "analysis/grid.hpp"
#include "analysis/liquidity/liquidity.hpp"
#include "analysis/smart_money/smart_money.hpp"
#include "indicators/technical_values.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::engine {
namespace {

constexpr std::array kSides{market::Side::buy, market::Side::sell};
constexpr std::size_t kCommonMinutesMin = 30;
constexpr Nanos kHour = std::chrono::hours{1};

std::size_t index_of(market::Side side) { return static_cast<std::size_t>(side); }

signals::EntryFacts entry_facts(const Symbol& symbol, Timestamp minute_end, double order_quote) {
    signals::EntryFacts facts{.tick = symbol.instrument().tick()};
    facts.atr = symbol.technical()[market::Timeframe::m30].set[indicators::TechnicalValue::atr_14];
    for (const market::Side side : kSides) facts.structure[index_of(side)] = last_swing(symbol, side);
    if (!symbol.has_live_book()) return facts;
    facts.mid = symbol.state().mid();
    facts.quote_at = symbol.state().last_exchange_time(market::Stream::book);
    const auto& sizes = analysis::liquidity::kImpactQuotes;
    const auto size = std::find(sizes.begin(), sizes.end(), order_quote);
    const auto shape = symbol.analysis().liquidity().book_shape_at(minute_end);
    if (!shape || size == sizes.end()) return facts;
    const auto index = static_cast<std::size_t>(size - sizes.begin());
    facts.slippage_bps = {shape->impact_buy_bps[index], shape->impact_sell_bps[index]};
    return facts;
}

bool is_listed(const market::Instrument& instrument) {
    return instrument.status != market::TradingStatus::delivering &&
           instrument.status != market::TradingStatus::closed;
}

}  // namespace

std::optional<double> last_swing(const Symbol& symbol, market::Side side) {
    const double wanted = side == market::Side::buy ? -1 : 1;
    const auto& swings = symbol.analysis().smart_money().patterns(analysis::liquidity::BarSize::m30).swings();
    for (std::size_t i = swings.size(); i > 0; --i)
        if (swings[i - 1].side == wanted) return swings[i - 1].pivot.price;
    return std::nullopt;
}

void take_levels(signals::SideFacts& facts, const signals::SideLevels& levels) {
    facts.round_trip_bps.reset();
    facts.market_stop_bps = facts.stop_atr = facts.liquidation_share = std::nullopt;
    if (levels.costs) facts.round_trip_bps = levels.costs->round_trip_bps();
    if (!levels.levels) return;
    facts.market_stop_bps = 1e4 * levels.levels->market_distance / levels.levels->entry;
    facts.stop_atr = levels.levels->stop_atr;
    facts.liquidation_share = levels.levels->liquidation_share;
}

KnownEdge edge_at(const Symbol& symbol, std::string_view strategy, double score, market::Side side) {
    const track_record::StrategyEdge* found = track_record::edge_named(symbol.edges.get(), strategy);
    if (found == nullptr) return {};
    KnownEdge known;
    if (found->decay.is_decayed)
        known.decay = signals::Decay{.level = found->decay.level, .recovery = found->decay.recovery};
    const double strength = track_record::strength_of(score, side == market::Side::buy ? 1 : -1);
    if (const track_record::EdgeBin* bin = found->bin_of(strength)) {
        known.edge = signals::Edge{.effective = bin->effective,
                                   .low_net_r = bin->low_net_r,
                                   .probability = found->probability(symbol.instrument().path_id(), strength)};
    }
    return known;
}

signals::GateFacts gate_facts(const Symbol& symbol, Timestamp now, std::string_view strategy,
                              const std::optional<double>& score) {
    const market::Instrument& instrument = symbol.instrument();
    const market::Ticker& ticker = symbol.state().ticker();
    signals::GateFacts facts{.is_trading = instrument.is_trading(),
                             .turnover_24h_usd = ticker.turnover_24h_quote,
                             .has_funding = instrument.kind() == market::ContractKind::perpetual};
    if (instrument.launched_at) facts.listed_for = now - *instrument.launched_at;
    if (symbol.has_live_book()) {
        if (const auto received = symbol.state().last_receive_time(market::Stream::book))
            facts.book_age = std::max(Nanos{0}, now - *received);
    }
    facts.trades_age = symbol.trades_connection_age;
    facts.clock_offset = symbol.clock_offset;
    if (ticker.next_funding_at) facts.to_funding = *ticker.next_funding_at - now;
    facts.signal_distance = symbol.signal_distance;
    facts.crossing_distance = symbol.crossing_distance;
    facts.sides = symbol.side_facts;
    const auto& own = strategy == signals::kConfluence ? symbol.score->score : score;
    for (const market::Side side : kSides) {
        symbol.signals().fill(facts.side(side), side, now, strategy);
        if (!own) continue;
        const KnownEdge known = edge_at(symbol, strategy, *own, side);
        facts.side(side).edge = known.edge;
        facts.side(side).decay = known.decay;
    }
    return facts;
}

std::optional<double> minute_correlation(const Symbol& one, const Symbol& other) {
    const auto& a = one.minutes();
    const auto& b = other.minutes();
    double n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_yy = 0, sum_xy = 0;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i]->start != b[j]->start) {
            a[i]->start < b[j]->start ? ++i : ++j;
            continue;
        }
        const auto& x = a[i++]->ret_mid_bps_1m;
        const auto& y = b[j++]->ret_mid_bps_1m;
        if (!x || !y) continue;
        ++n;
        sum_x += *x;
        sum_y += *y;
        sum_xx += *x * *x;
        sum_yy += *y * *y;
        sum_xy += *x * *y;
    }
    const double spread_x = n * sum_xx - sum_x * sum_x;
    const double spread_y = n * sum_yy - sum_y * sum_y;
    if (n < static_cast<double>(kCommonMinutesMin) || !(spread_x > 0) || !(spread_y > 0)) return std::nullopt;
    return (n * sum_xy - sum_x * sum_y) / std::sqrt(spread_x * spread_y);
}

std::uint32_t SignalWatch::open_in_cluster(const Symbol& symbol, market::Side side,
                                           std::span<const std::unique_ptr<Symbol>> all) const {
    std::uint32_t count = 0;
    for (const auto& other : all) {
        if (other.get() == &symbol) continue;
        const auto& followed = other->signals().followed();
        const bool is_open = std::any_of(followed.begin(), followed.end(), [&](const signals::Signal& signal) {
            return signal.is_raised() && signal.side == side && signal.is_in_position();
        });
        // Two markets of which nothing common is known are taken for one: coins mostly move together.
        if (is_open && minute_correlation(symbol, *other).value_or(1) >= params_.cluster_correlation) ++count;
    }
    return count;
}

double SignalWatch::signal_distance(double crossing) const {
    const track_record::StrategyEdge* known = track_record::edge_named(edges_.get(), signals::kConfluence);
    if (known == nullptr || !known->level || known->effective < params_.edge_effective_min) return crossing;
    return std::clamp(*known->level, params_.level_floor, params_.score) - 50;
}

void SignalWatch::know(std::vector<track_record::StrategyEdge> edges, std::span<const std::unique_ptr<Symbol>> all) {
    edges_ = std::make_shared<const std::vector<track_record::StrategyEdge>>(std::move(edges));
    for (const auto& symbol : all) symbol->edges = edges_;
}

void SignalWatch::enter_placebos(Symbol& symbol, const signals::GateFacts& facts, const signals::EntryFacts& entry,
                                 const std::array<signals::SideLevels, 2>& sides) const {
    if (!symbol.signals().has_placebo_due(symbol.score->at)) return;
    std::array<bool, 2> may_enter{};
    for (const market::Side side : kSides)
        may_enter[index_of(side)] = signals::can_be_entered(*symbol.score, facts, side, params_);
    symbol.signals().enter_placebos({.record = *symbol.score, .may_enter = may_enter, .sides = sides, .entry = entry},
                                    symbol.instrument());
}

void SignalWatch::decide(Symbol& symbol, Timestamp second, Timestamp now,
                         std::span<const std::unique_ptr<Symbol>> all) {
    Entry entry{.facts = entry_facts(symbol, second, params_.order_quote)};
    entry.sides = signals::levels_of_sides(entry.facts, params_);
    while (!raised_.empty() && raised_.front() <= second - kHour) raised_.pop_front();
    for (const market::Side side : kSides) {
        signals::SideFacts& facts = symbol.side_facts[index_of(side)];
        take_levels(facts, entry.sides[index_of(side)]);
        facts.open_in_cluster = open_in_cluster(symbol, side, all);
    }
    count_in_hour(symbol);
    const auto& score = symbol.score->score;
    const double usual = level_.distance(params_);  // without this minute: it is not judged by itself
    symbol.signal_distance = signal_distance(usual);
    symbol.crossing_distance = std::min(usual, symbol.signal_distance);
    if (score) level_.add(second, std::abs(*score - 50));
    const signals::GateFacts facts = gate_facts(symbol, now);
    const auto gates = signals::gates(*symbol.score, symbol.confluence().past(), facts, params_);
    const auto leaning = signals::leaning(score);
    const signals::Signal* made =
        symbol.signals().decide({.record = *symbol.score,
                                 .gates = gates,
                                 .sides = entry.sides,
                                 .entry = entry.facts,
                                 .signal_distance = symbol.signal_distance,
                                 .crossing_distance = symbol.crossing_distance,
                                 .edge = leaning ? facts.side(*leaning).edge : std::nullopt},
                                symbol.instrument());
    if (made != nullptr && made->is_raised()) count_raised(second);
    enter_placebos(symbol, facts, entry.facts, entry.sides);
    judge_strategies(symbol, second, now, entry);
}

void SignalWatch::count_in_hour(Symbol& symbol) const {
    for (signals::SideFacts& facts : symbol.side_facts)
        facts.new_in_hour = static_cast<std::uint32_t>(raised_.size());
}

/// All gates where a strategy's own conditions are met, else those conditions alone.
alpha::Judgement SignalWatch::judge(alpha::Strategy strategy, const alpha::Facts& facts, const Symbol& symbol,
                                    Timestamp now) const {
    alpha::Judgement judged{.mode = strategies_.params().mode(strategy),
                            .verdict = alpha::judge(strategy, facts, strategies_.params())};
    judged.gates = judged.verdict.conditions;
    if (!judged.verdict.finding) return judged;
    judged.gates =
        signals::strategy_gates(*symbol.score, judged.verdict.conditions, judged.verdict.finding->side,
                                gate_facts(symbol, now, alpha::name(strategy), judged.verdict.score), params_);
    // Last, so that what is held back by it is what would have been a signal.
    if (judged.mode == alpha::Mode::shadow && signals::holding_gate(judged.gates) == nullptr)
        judged.gates.push_back({.name = "shadow", .unit = "followed, not raised", .passes = false});
    return judged;
}

void SignalWatch::judge_strategies(Symbol& symbol, Timestamp second, Timestamp now, const Entry& entry) {
    std::optional<double> round_trip;
    for (const signals::SideLevels& side : entry.sides)
        if (side.costs) round_trip = std::max(round_trip.value_or(0), side.costs->round_trip_bps());
    const alpha::Facts facts = strategies_.facts(symbol, second, round_trip);
    auto judged = std::make_shared<std::vector<alpha::Judgement>>();
    for (std::size_t i = 0; i < alpha::kStrategyCount; ++i) {
        const auto strategy = static_cast<alpha::Strategy>(i);
        if (strategies_.params().mode(strategy) == alpha::Mode::off) continue;
        count_in_hour(symbol);
        const alpha::Judgement& one = judged->emplace_back(judge(strategy, facts, symbol, now));
        if (!one.verdict.figure) continue;  // what is not known has not come back either
        signals::StrategyMinute minute{.strategy = alpha::name(strategy),
                                       .at = second,
                                       .score = one.verdict.score,
                                       .coverage = one.verdict.coverage,
                                       .is_crossing = one.verdict.finding.has_value(),
                                       .signal_distance = alpha::kThresholdDistance};
        if (one.verdict.finding) {
            minute.edge = gate_facts(symbol, now, alpha::name(strategy), one.verdict.score)
                              .side(one.verdict.finding->side)
                              .edge;
            minute.horizon = one.verdict.finding->horizon;
            minute.reasons = one.verdict.finding->reasons;
        }
        const signals::Signal* made =
            symbol.signals().decide(minute, one.gates, entry.sides, entry.facts, symbol.instrument());
        if (made != nullptr && made->is_raised()) count_raised(second);
    }
    symbol.strategies = std::move(judged);
}

void SignalWatch::on_second(Symbol& symbol, Timestamp second, Timestamp now,
                            std::span<const std::unique_ptr<Symbol>> all, std::vector<Effect>& effects) {
    const market::Ticker& ticker = symbol.state().ticker();
    const auto trades = static_cast<std::size_t>(market::Stream::trades);
    symbol.signals().on_second({.at = second,
                                .are_trades_live = symbol.stream_states[trades] == exchange::StreamState::live,
                                .is_listed = is_listed(symbol.instrument()),
                                .minutes = &symbol.state().candles()[market::Timeframe::m1],
                                .funding_interval = symbol.instrument().funding_interval},
                               ticker.next_funding_at, ticker.funding_rate);
    if (floor_to(second, analysis::kMinute) == second) decide(symbol, second, now, all);
    report(symbol, effects);
}

void SignalWatch::report(Symbol& symbol, std::vector<Effect>& effects) {
    for (signals::SignalChange& change : symbol.signals().take_changes()) {
        effects.emplace_back(
            Signalled{symbol.instrument().id, std::make_shared<const signals::SignalChange>(std::move(change))});
    }
}

void SignalWatch::count_raised(Timestamp at) {
    raised_.insert(std::upper_bound(raised_.begin(), raised_.end(), at), at);
}

void SignalWatch::resume(const std::string& path_id, signals::Signal signal,
                         std::span<const std::unique_ptr<Symbol>> all) {
    if (signal.is_raised()) count_raised(signal.confirmed_at);
    for (const auto& symbol : all) {
        if (symbol->instrument().path_id() != path_id) continue;
        signal.instrument = symbol->instrument().id;
        symbol->signals().resume(std::move(signal));
        return;
    }
    waiting_[path_id].push_back(std::move(signal));
}

void SignalWatch::on_listed(Symbol& symbol) {
    symbol.edges = edges_;
    const auto found = waiting_.find(symbol.instrument().path_id());
    if (found == waiting_.end()) return;
    for (signals::Signal& signal : found->second) {
        signal.instrument = symbol.instrument().id;
        symbol.signals().resume(std::move(signal));
    }
    waiting_.erase(found);
}

}  // namespace vt::engine
