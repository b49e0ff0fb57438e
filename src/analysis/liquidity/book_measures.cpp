#include "analysis/liquidity/book_measures.hpp"

#include "analysis/coverage.hpp"
#include "analysis/grid.hpp"
#include "analysis/liquidity/book_depth.hpp"
#include "analysis/liquidity/book_slope.hpp"
#include "base/math.hpp"
#include "indicators/amihud.hpp"
#include "indicators/roll_spread.hpp"

#include <chrono>

namespace vt::analysis::liquidity {
namespace {

constexpr std::size_t kMinDayMoves = 144;  // half a day

/// A recovery of the last day still tells how the book behaves.
constexpr AgePlan kResilienceAge{std::chrono::hours{24}, std::chrono::hours{24}};

constexpr std::array<std::string_view, kImpactQuotes.size()> kImpactBuyNames{"impact_buy_1k", "impact_buy_10k",
                                                                             "impact_buy_100k", "impact_buy_1m"};
constexpr std::array<std::string_view, kImpactQuotes.size()> kImpactSellNames{"impact_sell_1k", "impact_sell_10k",
                                                                              "impact_sell_100k", "impact_sell_1m"};

}  // namespace

BookShape shape_of(const BookFrame& frame, const BookRange& range) {
    using market::Side;
    BookShape shape;
    const market::Level bid = frame.book.best(Side::buy).value();
    const market::Level ask = frame.book.best(Side::sell).value();
    const auto doubled_mid = static_cast<double>(range.doubled_mid_ticks());
    const auto spread = static_cast<double>(ask.price.value() - bid.price.value());
    const auto bid_size = static_cast<double>(bid.quantity.value());
    const auto ask_size = static_cast<double>(ask.quantity.value());
    shape.spread_bps = 2e4 * spread / doubled_mid;
    shape.microprice_bps = *shape.spread_bps / 2 * (bid_size - ask_size) / (bid_size + ask_size);
    shape.rank_imbalance = rank_decayed_imbalance(frame);
    shape.slope_bid = book_slope(frame, range, Side::buy, kSlopeBps);
    shape.slope_ask = book_slope(frame, range, Side::sell, kSlopeBps);
    const auto bid_elasticity = book_elasticity(frame, range, Side::buy, kSlopeBps);
    const auto ask_elasticity = book_elasticity(frame, range, Side::sell, kSlopeBps);
    if (bid_elasticity && ask_elasticity) shape.elasticity = (*bid_elasticity + *ask_elasticity) / 2;
    for (std::size_t i = 0; i < kImpactQuotes.size(); ++i) {
        shape.impact_buy_bps[i] = slippage_bps(frame, range, Side::buy, kImpactQuotes[i]);
        shape.impact_sell_bps[i] = slippage_bps(frame, range, Side::sell, kImpactQuotes[i]);
    }
    return shape;
}

BarCosts costs_of(const BarHistory& bars, Timestamp last) {
    BarCosts costs{.at = last};
    std::array<double, kDay / interval_of(BarSize::m5)> returns, turnovers, log_closes;
    std::size_t moves = 0;
    std::size_t run = 0;  // closes without a hole up to here
    const PriceBar* before = nullptr;
    bars.visit_span(BarSize::m5, last, kDay, [&](const PriceBar& bar) {
        ++costs.bars;
        if (before == nullptr || bar.close_time - before->close_time != interval_of(BarSize::m5)) {
            run = 0;
        } else {
            returns[moves] = 1e4 * math::log(bar.close / before->close);
            turnovers[moves++] = bar.turnover / 1e6;
        }
        log_closes[run++] = 1e4 * math::log(bar.close);
        before = &bar;
    });
    if (moves < kMinDayMoves) return costs;
    costs.amihud_bps_per_musd = indicators::amihud_illiquidity({returns.data(), moves}, {turnovers.data(), moves});
    if (run > kMinDayMoves) costs.roll_spread_bps = indicators::roll_spread({log_closes.data(), run});
    return costs;
}

BookMeasures::BookMeasures() {
    rows_ = {{"spread", "bps"},         {"microprice", "bps"},     {"rank_imbalance", "1"},
             {"slope_bid", "base/bps"}, {"slope_ask", "base/bps"}, {"elasticity", "1"}};
    for (const std::string_view name : kImpactBuyNames) rows_.push_back({name, "bps"});
    for (const std::string_view name : kImpactSellNames) rows_.push_back({name, "bps"});
    rows_.push_back({"resilience_half_life", "s"});
    rows_.push_back({"resilience_lower_quartile", "s"});
    rows_.push_back({"resilience_upper_quartile", "s"});
    rows_.push_back({"amihud", "bps/1e6 quote"});
    rows_.push_back({"roll_spread", "bps"});
}

void BookMeasures::sample(Timestamp u, const BookFrame* frame, const BookRange* range,
                          const std::optional<double>& depth) {
    const std::uint64_t before = resilience_.recoveries();
    resilience_.add(frame != nullptr ? depth : std::nullopt);
    if (resilience_.recoveries() != before) shock_at_ = u;
    if (frame == nullptr || floor_to(u, kMinute) != u) return;
    shape_ = shape_of(*frame, *range);
    shape_at_ = u;
}

void BookMeasures::skip() { resilience_.skip(); }

void BookMeasures::write(std::size_t row, const std::optional<double>& value, const Source& source) {
    Measure& measure = rows_[row];
    measure.flags = source.flags;
    measure.flags.set(Flag::non_directional);
    measure.age = source.age;
    measure.n = source.n;
    measure.value.reset();
    if (!source.age) {
        measure.flags.set(Flag::no_input);
    } else if (!source.freshness) {
        measure.flags.set(Flag::stale);
    } else if (!value) {
        measure.flags.set(source.reason);
    } else {
        measure.value = value;
    }
    measure.coverage = measure.value ? *source.freshness * flag_coverage(measure.flags) : 0;
}

void BookMeasures::evaluate(Timestamp u, Flags book_flags) {
    const auto source_of = [&](bool is_there, Timestamp at, const AgePlan& plan) {
        Source source;
        if (is_there) source.age = u - at;
        source.freshness = age_coverage(source.age, plan);
        return source;
    };
    std::size_t row = 0;
    const BookShape shape = shape_.value_or(BookShape{});
    Source source = source_of(shape_.has_value(), shape_at_, age_plan(Input::minute_features));
    source.n = 1;
    source.flags = book_flags;
    for (const auto& value : {shape.spread_bps, shape.microprice_bps, shape.rank_imbalance, shape.slope_bid,
                              shape.slope_ask, shape.elasticity}) {
        write(row++, value, source);
    }
    for (const auto& value : shape.impact_buy_bps) write(row++, value, source);
    for (const auto& value : shape.impact_sell_bps) write(row++, value, source);

    const auto half_life = resilience_.half_life_s();
    source = source_of(shock_at_.has_value(), shock_at_.value_or(Timestamp{}), kResilienceAge);
    source.n = resilience_.shocks();
    source.reason = Flag::warming;
    source.flags = book_flags;
    using HalfLife = Resilience::HalfLife;
    for (const auto part : {&HalfLife::median, &HalfLife::lower_quartile, &HalfLife::upper_quartile}) {
        write(row++, half_life ? std::optional<double>(*half_life.*part) : std::nullopt, source);
    }

    const BarCosts costs = bar_costs_.value_or(BarCosts{});
    source = source_of(bar_costs_.has_value(), costs.at, age_plan(Input::zones));
    source.n = costs.bars;
    source.reason = Flag::warming;
    source.flags = {Flag::kline_based};
    write(row++, costs.amihud_bps_per_musd, source);
    write(row++, costs.roll_spread_bps, source);
}

}  // namespace vt::analysis::liquidity
