#include "engine/symbol_occurrences.hpp"

#include "alerts/kind_terms.hpp"
#include "analysis/sentiment/facts.hpp"
#include "analysis/smart_money/smart_money.hpp"
#include "base/math.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>

namespace vt::engine {
namespace {

using alerts::ExceedanceTerms;
using AlertKind = alerts::Kind;
using alerts::Occurrence;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Nanos kFiveMinutes = minutes{5};
constexpr Nanos kMidStep = seconds{10};
constexpr std::uint32_t kTurns = 300;  // seconds of five minutes
constexpr Nanos kResyncSpan = minutes{10};
constexpr Nanos kBurstAgain = minutes{1};
constexpr std::uint64_t kSinglesMin = 1'000, kSumsMin = 200;
constexpr std::size_t kUsualMin = 60;  // minutes behind a median
constexpr std::size_t kMovesMin = 48;  // five minutes behind a deviation
constexpr std::size_t kMovesMost = 288;
constexpr std::size_t kDepthLevels = 25;
constexpr double kFundingHigh = 98, kFundingLow = 2;  // percentiles
constexpr double kInterestSd = 2;                     // of the change of open interest: its 98th percentile

/// A rule asks for more than what is watched for: what grows is told again at small steps, and the cooldowns of the
/// rules do the rest.
constexpr double kAgain = 1.05;
constexpr ExceedanceTerms kMove{.enter = 3, .leave = 2, .looks = 1, .again = kAgain};
constexpr ExceedanceTerms kSpread{.enter = 3, .leave = 2, .looks = 10, .again = kAgain};
constexpr ExceedanceTerms kDepth{.enter = 2, .leave = 1.5, .looks = 10, .again = kAgain};
constexpr ExceedanceTerms kShow{.enter = .5, .leave = .3, .looks = 1, .again = kAgain};
constexpr ExceedanceTerms kFunding{.enter = 1, .leave = .5, .looks = 1, .again = kAgain};
constexpr ExceedanceTerms kBuildup{.enter = 1, .leave = .5, .looks = 1, .again = kAgain};

alerts::Side side_of(market::Side side) { return side == market::Side::buy ? alerts::Side::up : alerts::Side::down; }

Occurrence occurrence(const Symbol& symbol, AlertKind kind, Timestamp at, double size) {
    const market::Instrument& instrument = symbol.instrument();
    return {.kind = kind,
            .instrument = instrument.path_id(),
            .symbol = instrument.symbol,
            .at = at,
            .size = size,
            .price = symbol.state().last_price(),
            .price_decimals = instrument.tick_size.scale};
}

std::optional<double> median_of(const Ring<float>& values, std::vector<float>& scratch) {
    if (values.size() < kUsualMin) return std::nullopt;
    scratch.clear();
    for (std::size_t i = 0; i < values.size(); ++i) scratch.push_back(values[i]);
    const auto middle = scratch.begin() + static_cast<std::ptrdiff_t>(scratch.size() / 2);
    std::nth_element(scratch.begin(), middle, scratch.end());
    return static_cast<double>(*middle);
}

/// Of the log returns of the last day's five minutes. A hole in the bars is no return.
std::optional<double> deviation_of_moves(const market::CandleSeries& bars) {
    double squares = 0;
    std::size_t n = 0;
    for (std::size_t i = bars.size(); i > 1 && n < kMovesMost; --i) {
        const market::Candle now = bars[i - 1], before = bars[i - 2];
        if (!now.is_closed || now.open_time - before.open_time != bars.interval()) continue;
        const double move = math::log(now.close / before.close);
        squares += move * move;
        ++n;
    }
    if (n < kMovesMin || !(squares > 0)) return std::nullopt;
    return std::sqrt(squares / static_cast<double>(n));
}

std::optional<double> depth_of(const market::OrderBook& book, const market::Instrument& instrument) {
    const market::Units units(instrument);
    double sum = 0;
    for (const market::Side side : {market::Side::buy, market::Side::sell}) {
        std::size_t left = kDepthLevels;
        book.walk(side, [&](const market::Level& level) {
            const double price = units.price(level.price);
            sum += price * units.base(level.quantity, price);
            return --left > 0;
        });
        if (left == kDepthLevels) return std::nullopt;
    }
    return sum;
}

const analysis::Leaf* leaf_named(const confluence::ScoreRecord& record, analysis::Dimension dimension,
                                 std::string_view component) {
    for (const analysis::Component& one : record.part(dimension).opinion.components)
        if (one.name == component && !one.leaves.empty()) return &one.leaves.front();
    return nullptr;
}

}  // namespace

alerts::ScoreFigures figures_of(const confluence::ScoreRecord& record) {
    alerts::ScoreFigures figures{.score = record.score, .coverage = record.coverage, .confidence = record.confidence};
    if (record.direction) figures.direction = confluence::name(*record.direction);
    for (const confluence::Part& part : record.parts)
        if (part.membership == analysis::Membership::member)
            figures.sides.push_back({.name = std::string(analysis::name(part.opinion.dimension)),
                                     .score = part.opinion.score,
                                     .contribution = part.contribution});
    return figures;
}

void TrailingWeek::add(Timestamp at, double value) {
    const Timestamp day = floor_to(at, kDay);
    const auto slot = [](Timestamp of) { return static_cast<std::size_t>(of.time_since_epoch() / kDay) % kDays; };
    const Nanos kept = static_cast<std::int64_t>(kDays) * kDay;
    if (day_ && day <= *day_ - kept) return;  // older than the week
    if (!day_ || day - *day_ >= kept) {
        for (auto& one : days_) one.clear();
        total_.clear();
        day_ = day;
    }
    while (*day_ < day) {
        *day_ += kDay;
        total_ -= days_[slot(*day_)];
        days_[slot(*day_)].clear();
    }
    days_[slot(day)].add(value);
    total_.add(value);
}

std::optional<double> TrailingWeek::quantile(double share, std::uint64_t n_min) const {
    return total_.n() < n_min ? std::nullopt : total_.quantile(share);
}

void SymbolOccurrences::on_second(const Symbol& symbol, Timestamp second, std::vector<Occurrence>& seen) {
    if (!until_ || second <= *until_) {  // what came before is not news
        until_ = began_at_ = second;
        direction_ = symbol.score->direction;
        regime_ = symbol.score->regime.label;
        liquidations_seen_ = symbol.liquidation_count;
        generation_ = symbol.state().book().generation();
        return;
    }
    see_score(symbol, seen);
    see_strategies(symbol, second, seen);
    see_orders(symbol, second, seen);
    see_liquidations(symbol, second, seen);
    see_price(symbol, second, seen);
    see_book(symbol, second, seen);
    if (floor_to(second, minutes{1}) == second) see_funding(symbol, second, seen);
    if (floor_to(second, kFiveMinutes) == second) see_interest(symbol, second, seen);
    // not all instruments in one second
    const Nanos turn = seconds{symbol.instrument().id.value() % kTurns};
    if (floor_to(second - turn, kFiveMinutes) == second - turn) learn_usual(symbol);
    until_ = second;
}

void SymbolOccurrences::see_score(const Symbol& symbol, std::vector<Occurrence>& seen) {
    const confluence::ScoreRecord& record = *symbol.score;
    if (record.direction && record.direction != direction_) {
        // from and to "unknown" is no turn, and neutral points nowhere
        if (direction_ && *record.direction != confluence::Direction::neutral && record.score) {
            Occurrence turn = occurrence(symbol, AlertKind::score_cross, record.at, std::abs(*record.score - 50));
            turn.side = *record.direction == confluence::Direction::rising ? alerts::Side::up : alerts::Side::down;
            turn.coverage = record.coverage;
            turn.score = figures_of(record);
            seen.push_back(std::move(turn));
        }
        direction_ = record.direction;
    }
    if (record.regime.label && record.regime.label != regime_) {
        const auto probability = confluence::probability_of_label(record.regime);
        if (regime_ && probability) {
            Occurrence change = occurrence(symbol, AlertKind::regime_change, record.at, *probability);
            change.what = "From " + std::string(confluence::name(*regime_)) + " to " +
                          std::string(confluence::name(*record.regime.label)) + ".";
            seen.push_back(std::move(change));
        }
        regime_ = record.regime.label;
    }
}

void SymbolOccurrences::see_strategies(const Symbol& symbol, Timestamp second, std::vector<Occurrence>& seen) {
    if (symbol.strategies == nullptr || floor_to(second, minutes{1}) != second) return;
    std::array<std::optional<market::Side>, alpha::kStrategyCount> now{};
    for (const alpha::Judgement& one : *symbol.strategies) {
        if (!one.verdict.finding) continue;
        const alpha::Finding& finding = *one.verdict.finding;
        const auto place = static_cast<std::size_t>(one.verdict.strategy);
        now[place] = finding.side;
        if (findings_[place] == finding.side) continue;
        const bool is_break = one.verdict.strategy == alpha::Strategy::correlation_breakdown;
        Occurrence found = occurrence(symbol, is_break ? AlertKind::correlation_break : AlertKind::alpha, second,
                                      std::abs(finding.score - 50));
        found.side = side_of(finding.side);
        found.coverage = one.verdict.coverage;
        found.what = std::string(alpha::name(one.verdict.strategy)) + ", " + std::string(alpha::name(one.mode)) + ".";
        if (!finding.reasons.empty()) found.what += " " + finding.reasons.front();
        seen.push_back(std::move(found));
    }
    findings_ = now;
}

void SymbolOccurrences::see_orders(const Symbol& symbol, Timestamp second, std::vector<Occurrence>& seen) {
    // Events come in order of the time at which they could be known; those of before were told.
    const auto each_new = [&](const auto& events, auto time_of, auto tell) {
        std::size_t first = events.size();
        while (first > 0 && time_of(events[first - 1]) >= *until_) --first;
        for (; first < events.size(); ++first)
            if (time_of(events[first]) < second) tell(events[first]);
    };
    std::optional<double> large;
    if (!symbol.minutes().empty()) large = symbol.minutes().back()->large_threshold;
    each_new(
        symbol.analysis().whales(), [](const analysis::Whale& whale) { return whale.time; },
        [&](const analysis::Whale& whale) {
            Occurrence order =
                occurrence(symbol, AlertKind::large_order, whale.time, std::abs(whale.signed_notional));
            order.side = whale.signed_notional > 0 ? alerts::Side::up : alerts::Side::down;
            order.usual = large;
            order.price = whale.price;
            seen.push_back(std::move(order));
        });
    const analysis::smart_money::SmartMoney& smart = symbol.analysis().smart_money();
    each_new(
        smart.whale_clusters(), [](const auto& cluster) { return cluster.t_confirm; },
        [&](const analysis::smart_money::WhaleClusterEvent& cluster) {
            Occurrence whales = occurrence(symbol, AlertKind::whale_cluster, cluster.t_confirm,
                                           std::min(1., cluster.notional / (3 * cluster.threshold)));
            whales.side = cluster.side > 0 ? alerts::Side::up : alerts::Side::down;
            whales.count = cluster.whales;
            seen.push_back(std::move(whales));
        });
    each_new(
        smart.icebergs(), [](const auto& iceberg) { return iceberg.t_confirm; },
        [&](const analysis::smart_money::IcebergEvent& iceberg) {
            Occurrence order = occurrence(symbol, AlertKind::iceberg, iceberg.t_confirm, iceberg.confidence);
            order.side = side_of(iceberg.side);
            order.price = iceberg.price;
            order.count = iceberg.refills;
            seen.push_back(std::move(order));
        });
    const analysis::sentiment::Facts* facts = symbol.analysis().sentiment_facts();
    if (facts == nullptr || !facts->cascade || facts->cascade->began_at <= *began_at_) return;
    const analysis::sentiment::Cascade& found = *facts->cascade;
    const double fallen = -100 * found.interest_change;
    if (cascade_ && cascade_->first == found.began_at && fallen < kAgain * cascade_->second) return;
    cascade_ = {found.began_at, fallen};
    Occurrence cascade = occurrence(symbol, AlertKind::cascade, found.seen_at, fallen);
    cascade.side = found.side == market::LiquidatedSide::long_position ? alerts::Side::down : alerts::Side::up;
    cascade.count = found.count;
    seen.push_back(std::move(cascade));
}

void SymbolOccurrences::see_liquidations(const Symbol& symbol, Timestamp second, std::vector<Occurrence>& seen) {
    const auto& all = symbol.state().liquidations();
    if (floor_to(second, kBurstSpan) == second) {
        if (span_sum_ > 0) sums_.add(second - Nanos{1}, span_sum_);
        span_sum_ = 0;
    }
    const std::uint64_t fresh = std::min<std::uint64_t>(symbol.liquidation_count - *liquidations_seen_, all.size());
    liquidations_seen_ = symbol.liquidation_count;
    if (fresh == 0) return;
    const auto quote_of = [](const market::TimedLiquidation& one) {
        return one.liquidation.price * one.liquidation.quantity;
    };
    const auto usual_single = singles_.quantile(.999, kSinglesMin);
    for (std::size_t i = all.size() - fresh; i < all.size(); ++i) {
        const double quote = quote_of(all[i]);
        if (quote >= std::max(kSingleMin, usual_single.value_or(0))) {
            Occurrence single = occurrence(symbol, AlertKind::liquidation_single, all[i].at, quote);
            single.side = all[i].liquidation.side == market::LiquidatedSide::long_position ? alerts::Side::down
                                                                                           : alerts::Side::up;
            single.usual = usual_single;
            single.price = all[i].liquidation.price;
            seen.push_back(std::move(single));
        }
        singles_.add(all[i].at, quote);
        span_sum_ += quote;
    }
    std::array<double, 2> sums{};
    std::array<std::uint32_t, 2> counts{};
    for (std::size_t i = all.size(); i > 0 && all[i - 1].at > second - kBurstSpan; --i) {
        const auto side = static_cast<std::size_t>(all[i - 1].liquidation.side);
        sums[side] += quote_of(all[i - 1]);
        ++counts[side];
    }
    const auto usual_sum = sums_.quantile(.995, kSumsMin);
    for (std::size_t side = 0; side < sums.size(); ++side) {
        auto& told_at = burst_told_at_[side];
        if (counts[side] < kBurstCount || sums[side] < std::max(kBurstMin, usual_sum.value_or(0))) continue;
        if (told_at && second - *told_at < kBurstAgain) continue;
        told_at = second;
        Occurrence burst = occurrence(symbol, AlertKind::liquidation_burst, second, sums[side]);
        burst.side = side == static_cast<std::size_t>(market::LiquidatedSide::long_position) ? alerts::Side::down
                                                                                             : alerts::Side::up;
        burst.usual = usual_sum;
        burst.count = counts[side];
        seen.push_back(std::move(burst));
    }
}

void SymbolOccurrences::see_price(const Symbol& symbol, Timestamp second, std::vector<Occurrence>& seen) {
    if (floor_to(second, kMidStep) != second) return;
    const auto mid = symbol.has_live_book() ? symbol.state().mid() : std::nullopt;
    if (!mid) return;
    mids_.push({second, *mid});
    std::optional<double> move;
    for (std::size_t i = mids_.size(); i > 0 && !move; --i)
        if (mids_[i - 1].first == second - kFiveMinutes) move = math::log(*mid / mids_[i - 1].second);
    if (!move || !move_deviation_) return;
    const double sd = std::abs(*move) / *move_deviation_;
    if (!move_.see(kMove, sd)) return;
    Occurrence jump = occurrence(symbol, AlertKind::price_move, second, sd);
    jump.side = *move > 0 ? alerts::Side::up : alerts::Side::down;
    seen.push_back(std::move(jump));
}

void SymbolOccurrences::see_book(const Symbol& symbol, Timestamp second, std::vector<Occurrence>& seen) {
    const market::OrderBook& book = symbol.state().book();
    if (book.generation() != generation_) {
        generation_ = book.generation();
        resyncs_.push(second);
        std::uint32_t count = 0;
        for (std::size_t i = resyncs_.size(); i > 0 && resyncs_[i - 1] > second - kResyncSpan; --i) ++count;
        if (static_cast<double>(count) >= alerts::terms_of(AlertKind::resync_storm).least) {
            Occurrence storm = occurrence(symbol, AlertKind::resync_storm, second, count);
            storm.count = count;
            seen.push_back(std::move(storm));
        }
    }
    const bool is_live = symbol.has_live_book();
    const bool is_minute = floor_to(second, minutes{1}) == second;
    const auto best_bid = is_live ? book.best(market::Side::buy) : std::nullopt;
    const auto best_ask = is_live ? book.best(market::Side::sell) : std::nullopt;
    std::optional<double> spread_bps, depth;
    if (best_bid && best_ask) {
        const auto bid = static_cast<double>(best_bid->price.value()),
                   ask = static_cast<double>(best_ask->price.value());
        spread_bps = 2e4 * (ask - bid) / (ask + bid);
        depth = depth_of(book, symbol.instrument());
    }
    const auto times = [](const std::optional<double>& large, const std::optional<double>& small) {
        return large && small && *small > 0 ? std::optional(*large / *small) : std::nullopt;
    };
    if (const auto wide = times(spread_bps, usual_spread_); spread_.see(kSpread, wide)) {
        Occurrence blowout = occurrence(symbol, AlertKind::spread_blowout, second, *wide);
        blowout.usual = 1;
        seen.push_back(std::move(blowout));
    }
    if (const auto thin = times(usual_depth_, depth); depth_.see(kDepth, thin)) {
        Occurrence drop = occurrence(symbol, AlertKind::depth_drop, second, *thin);
        drop.usual = 1;
        seen.push_back(std::move(drop));
    }
    shows_.push(symbol.analysis().smart_money().spoof_like(second));
    if (shows_.size() == shows_.capacity()) {
        double least = shows_[0];
        for (std::size_t i = 1; i < shows_.size(); ++i) least = std::min(least, shows_[i]);
        if (show_.see(kShow, least)) seen.push_back(occurrence(symbol, AlertKind::spoof_like, second, least));
    }
    if (!is_minute) return;
    if (spread_bps) spreads_.push(static_cast<float>(*spread_bps));
    if (depth) depths_.push(static_cast<float>(*depth));
}

void SymbolOccurrences::see_funding(const Symbol& symbol, Timestamp second, std::vector<Occurrence>& seen) {
    const market::Ticker& ticker = symbol.state().ticker();
    const auto interval = ticker.funding_interval ? ticker.funding_interval : symbol.instrument().funding_interval;
    const analysis::Leaf* leaf = leaf_named(*symbol.score, analysis::Dimension::sentiment, "funding_excess");
    std::optional<double> extreme;
    if (leaf != nullptr && leaf->score && ticker.funding_rate && interval &&
        (*leaf->score >= kFundingHigh || *leaf->score <= kFundingLow))
        extreme = 1e4 * std::abs(*ticker.funding_rate) * (to_seconds(std::chrono::hours{8}) / to_seconds(*interval));
    if (!extreme && leaf != nullptr && leaf->score) extreme = 0;  // known, and usual
    if (!funding_.see(kFunding, extreme)) return;
    Occurrence funding = occurrence(symbol, AlertKind::funding_extreme, second, *extreme);
    funding.side = *ticker.funding_rate > 0 ? alerts::Side::up : alerts::Side::down;
    seen.push_back(std::move(funding));
}

void SymbolOccurrences::see_interest(const Symbol& symbol, Timestamp second, std::vector<Occurrence>& seen) {
    const auto base = symbol.state().open_interest_base();
    if (!base || *base <= 0) return;
    std::optional<double> before;
    for (std::size_t i = 0; i < interests_.size() && !before; ++i)
        if (interests_[i].first == second - std::chrono::hours{4}) before = interests_[i].second;
    interests_.push({second, *base});
    const analysis::sentiment::Facts* facts = symbol.analysis().sentiment_facts();
    const auto& bars = symbol.state().candles()[market::Timeframe::m5];
    const auto then = bars.at(second - std::chrono::hours{4} - kFiveMinutes);
    const auto price = symbol.state().last_price();
    if (!before || facts == nullptr || !facts->interest_z || !move_deviation_ || !then || !price) return;
    const double move_sd = std::abs(math::log(*price / then->close)) / (*move_deviation_ * std::sqrt(48.));
    const double grown = 100 * (*base / *before - 1);
    const bool is_buildup = *facts->interest_z >= kInterestSd && move_sd <= 1;
    if (buildup_.see(kBuildup, is_buildup ? std::max(grown, 0.) : 0))
        seen.push_back(occurrence(symbol, AlertKind::leverage_buildup, second, grown));
}

void SymbolOccurrences::learn_usual(const Symbol& symbol) {
    move_deviation_ = deviation_of_moves(symbol.state().candles()[market::Timeframe::m5]);
    usual_spread_ = median_of(spreads_, scratch_);
    usual_depth_ = median_of(depths_, scratch_);
}

}  // namespace vt::engine
