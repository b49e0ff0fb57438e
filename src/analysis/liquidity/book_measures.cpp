#include "analysis/liquidity/book_measures.hpp"

#include "analysis/coverage.hpp"
#include "analysis/grid.hpp"
#include "analysis/liquidity/book_depth.hpp"
#include "analysis/liquidity/book_slope.hpp"

#include <chrono>

namespace vt::analysis::liquidity {
namespace {

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

BookMeasures::BookMeasures() {
    rows_ = {{"spread", "bps"},           {"microprice", "bps"},       {"rank_imbalance", "1"},
             {"slope_bid", "base/bps"},   {"slope_ask", "base/bps"},   {"elasticity", "1"}};
    for (const std::string_view name : kImpactBuyNames) rows_.push_back({name, "bps"});
    for (const std::string_view name : kImpactSellNames) rows_.push_back({name, "bps"});
    rows_.push_back({"resilience_half_life", "s"});
    rows_.push_back({"resilience_lower_quartile", "s"});
    rows_.push_back({"resilience_upper_quartile", "s"});
}

void BookMeasures::sample(Timestamp u, const BookFrame* frame, const BookRange* range, const std::optional<double>& depth) {
    const std::uint64_t before = resilience_.recoveries();
    resilience_.add(frame != nullptr ? depth : std::nullopt);
    if (resilience_.recoveries() != before) shock_at_ = u;
    if (frame == nullptr || floor_to(u, kMinute) != u) return;
    shape_ = shape_of(*frame, *range);
    shape_at_ = u;
}

void BookMeasures::skip() { resilience_.skip(); }

void BookMeasures::evaluate(Timestamp u, Flags book_flags) {
    std::size_t next = 0;
    std::optional<Nanos> age;
    if (shape_) age = u - shape_at_;
    const auto fresh = age_coverage(age, age_plan(Input::minute_features));
    const auto write = [&](const std::optional<double>& value) {
        Measure& row = rows_[next++];
        row.flags = book_flags;
        row.flags.set(Flag::non_directional);
        row.age = age;
        row.value.reset();
        if (!shape_) row.flags.set(Flag::no_input);
        if (shape_ && !fresh) row.flags.set(Flag::stale);
        if (shape_ && !value) row.flags.set(Flag::not_covered);
        if (fresh) row.value = value;
        row.n = value ? 1 : 0;
        row.coverage = row.value ? *fresh * flag_coverage(row.flags) : 0;
    };
    const BookShape shape = shape_.value_or(BookShape{});
    for (const auto& value : {shape.spread_bps, shape.microprice_bps, shape.rank_imbalance, shape.slope_bid, shape.slope_ask,
                              shape.elasticity}) {
        write(value);
    }
    for (const auto& value : shape.impact_buy_bps) write(value);
    for (const auto& value : shape.impact_sell_bps) write(value);

    const auto half_life = resilience_.half_life_s();
    std::optional<Nanos> shock_age;
    if (shock_at_) shock_age = u - *shock_at_;
    const auto recent = age_coverage(shock_age, kResilienceAge);
    const auto write_resilience = [&](double value) {
        Measure& row = rows_[next++];
        row.flags = book_flags;
        row.flags.set(Flag::non_directional);
        row.flags.set(Flag::warming, !half_life);
        row.age = shock_age;
        row.n = resilience_.shocks();
        row.value.reset();
        if (half_life && recent) row.value = value;
        row.coverage = row.value ? *recent * flag_coverage(row.flags) : 0;
    };
    const Resilience::HalfLife quartiles = half_life.value_or(Resilience::HalfLife{});
    for (const double value : {quartiles.median, quartiles.lower_quartile, quartiles.upper_quartile}) write_resilience(value);
}

}  // namespace vt::analysis::liquidity
