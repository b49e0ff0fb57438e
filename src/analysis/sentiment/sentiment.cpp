#include "analysis/sentiment/sentiment.hpp"

#include "analysis/grid.hpp"
#include "analysis/sentiment/interest_divergence.hpp"

namespace vt::analysis::sentiment {
namespace {

enum Index : std::size_t { oi_price, long_short, top_vs_crowd, funding, premium, liquidations, fear_greed };

/// Of a ticker whose values are taken as a minute's end.
constexpr Nanos kTickerLimit = kMinute;

/// Without top traders, the two that are left share the weight in proportion.
void leave_out(Component& absent, std::vector<Component>& components) {
    const double rest = 1 - absent.weight;
    for (Component& component : components) {
        if (!component.is_shadow) component.weight /= rest;
    }
    absent.weight = 0;
    absent.is_shadow = true;
}

}  // namespace

Sentiment::Sentiment(const SentimentParams& params) : params_(params) {
    score_.dimension = Dimension::sentiment;
    score_.components = {OiPrice::describe(),       LongShortAccounts::describe(), TopVsCrowd::describe(),
                         FundingExcess::describe(), Premium::describe(),           LiquidationImbalance::describe(),
                         FearGreed::describe()};
    if (!params.has_top_traders) leave_out(score_.components[top_vs_crowd], score_.components);
    scratch_.reserve(kHourlyPlan.n_kept);
}

void Sentiment::on_candle(const market::Candle& candle) {
    if (candle.interval != OpenInterestPath::kHistoryStep || !candle.is_closed) return;
    if (const auto point = path_.put_close(candle.open_time + candle.interval, candle.close)) take_point(*point);
}

void Sentiment::on_open_interest(Timestamp at, double base) {
    if (const auto point = path_.put_sample(at, base)) take_point(*point);
}

void Sentiment::on_long_short_ratio(Timestamp at, const market::LongShortRatio& ratio) {
    switch (ratio.of) {
        case market::RatioOf::accounts: return crowd_.put(at, ratio.long_share, ratio.short_share, scratch_);
        case market::RatioOf::top_accounts: return;  // in histories only: half way between the two that are compared
        case market::RatioOf::top_positions: return top_.put(at, ratio.long_share, ratio.short_share, scratch_);
    }
}

void Sentiment::on_settlement(Timestamp at, double rate, std::optional<double> interest_per_8h) {
    funding_excess_.on_settlement(at, rate, interest_per_8h, scratch_);
}

void Sentiment::close_minute(const SentimentContext& context) {
    const auto& interest = context.ticker.open_interest_base;
    const bool is_fresh = context.ages.ticker && *context.ages.ticker <= kTickerLimit;
    if (context.mid && interest && *interest > 0 && is_fresh)
        take_point(path_.put(context.u(), *context.mid, *interest));
    const auto minute = context.u().time_since_epoch() / kMinute;
    if ((minute - params_.phase) % (kDivergenceSpan / kMinute) == 0)
        facts_.divergence = interest_divergence(context.u(), path_);
}

void Sentiment::set_facts(Timestamp u) {
    facts_.cascade = cascade_watch_.newest();
    facts_.interest_z = oi_price_.interest_z();
    // The venues move their estimate once a minute.
    if (floor_to(u, kMinute) == u || !facts_.funding_z) {
        const auto& excess = score_.components[funding].leaves.front().value;
        facts_.funding_z = excess ? funding_excess_.zscore(*excess) : std::nullopt;
    }
    facts_.liquidated_long_quote.reset();
    facts_.liquidated_short_quote.reset();
    if (!score_.components[liquidations].leaves.front().score) return;
    facts_.liquidated_long_quote = liquidation_imbalance_.long_quote(u);
    facts_.liquidated_short_quote = liquidation_imbalance_.short_quote(u);
}

void Sentiment::evaluate(const SentimentContext& context) {
    if (floor_to(context.u(), kMinute) == context.u()) close_minute(context);
    crowd_.advance(context.second);
    top_.advance(context.second);
    std::vector<Component>& components = score_.components;
    oi_price_.evaluate(context, path_, components[oi_price]);
    LongShortAccounts::evaluate(context, crowd_, components[long_short]);
    TopVsCrowd::evaluate(context, top_, crowd_, components[top_vs_crowd]);
    funding_excess_.evaluate(context, components[funding]);
    premium_.evaluate(context, components[premium]);
    liquidation_imbalance_.evaluate(context, params_.liquidation_flags, components[liquidations]);
    FearGreed::evaluate(context, components[fear_greed]);
    cascade_watch_.evaluate(context, liquidation_imbalance_, path_);
    if (!params_.has_top_traders) components[top_vs_crowd].leaves.front().flags = {Flag::not_applicable};
    if (components[oi_price].leaves.front().score) is_contract_new_ = false;
    if (is_contract_new_) {
        for (Leaf& leaf : components[oi_price].leaves) leaf.flags.set(Flag::contract_changed);
    }
    combine(score_);
    set_facts(context.u());
}

void Sentiment::clear_prices() {
    path_.clear();
    oi_price_.clear();
    facts_.divergence.reset();
    is_contract_new_ = true;
}

void Sentiment::skip(Nanos span) {
    premium_.skip();
    liquidation_imbalance_.skip(span);
}

}  // namespace vt::analysis::sentiment
