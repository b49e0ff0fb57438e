#include "analysis/liquidity/liquidity.hpp"

#include "analysis/grid.hpp"
#include "base/assert.hpp"

namespace vt::analysis::liquidity {

Liquidity::Liquidity(const market::Instrument& instrument, const AnalysisParams& params)
    : quote_flags_(params.quote_flags),
      book_flags_(params.book_flags),
      sr_zones_(instrument.tick()),
      profile_location_(instrument.tick()) {
    score_.dimension = Dimension::liquidity;
    score_.components = {BookImbalance::describe(), QueueImbalance::describe(),  ImpactAsymmetry::describe(),
                         SrZones::describe(),       ProfileLocation::describe(), LiquiditySweep::describe()};
}

void Liquidity::sample_book(Timestamp u, const BookFrame* frame, const BookRange* range) {
    VT_ASSERT((frame == nullptr) == (range == nullptr));
    book_imbalance_.sample(u, frame, range, scale_.scale_bps());
    impact_asymmetry_.sample(u, frame, range);
    measures_.sample(u, frame, range, book_imbalance_.depth_at(u));
}

void Liquidity::close_minute(const MinuteFeatures& minute) {
    scale_.close_minute(minute, bars_);
    depth_quote_ = book_imbalance_.depth_over_minute(minute.start + kMinute);
    liquidation_map_.close_minute(minute);
}

void Liquidity::set_spoof_like(double spoof) {
    VT_ASSERT(spoof >= 0);
    VT_ASSERT(spoof <= 1);
    spoof_ = spoof;
}

/// Forgets what was made of the bars.
void Liquidity::restart_bars() {
    sr_zones_.restart();
    profile_location_.restart();
    liquidity_sweep_.restart();
    measures_.forget_bars();
}

void Liquidity::forget_bars() {
    bars_.clear();
    restart_bars();
}

void Liquidity::take_bar(BarSize size, const PriceBar& bar) {
    sr_zones_.on_bar(size, bar, bars_);
    if (size == BarSize::m5) liquidity_sweep_.on_bar(bar);
}

void Liquidity::use_newest(const PriceBar& bar) {
    profile_location_.update(bar, bars_, sr_zones_.map().atr());
    measures_.set_bar_costs(costs_of(bars_, bar.close_time));
}

void Liquidity::evaluate(Timestamp u, const Ages& ages, std::optional<double> large_threshold,
                         std::vector<float>& scratch) {
    take_bars(u, [] {}, [](BarSize, const PriceBar&, const BarHistory&) {});
    const LiquidityContext context{.second = {.u = u, .scratch = scratch},
                                   .ages = ages,
                                   .quote_flags = quote_flags_,
                                   .book_flags = book_flags_,
                                   .spoof = spoof_};
    std::vector<Component>& components = score_.components;
    book_imbalance_.evaluate(context, components[0]);
    queue_imbalance_.evaluate(context, components[1]);
    impact_asymmetry_.evaluate(context, components[2]);
    sr_zones_.evaluate(context, bars_, components[3]);
    profile_location_.evaluate(context, components[4]);
    liquidity_sweep_.evaluate(context, components[5]);
    measures_.evaluate(u, book_flags_);
    impact_asymmetry_.set_large_threshold(large_threshold);

    if (!components[3].leaves.front().flags.has(Flag::warming)) is_contract_new_ = false;
    if (is_contract_new_) {
        for (std::size_t i = 3; i < components.size(); ++i)
            components[i].leaves.front().flags.set(Flag::contract_changed);
    }
    combine(score_);
}

void Liquidity::clear_prices(const market::Instrument& instrument) {
    sr_zones_ = SrZones(instrument.tick());
    profile_location_ = ProfileLocation(instrument.tick());
    forget_bars();
    book_imbalance_.skip();
    queue_imbalance_.skip();
    impact_asymmetry_.skip();
    measures_.skip();
    liquidation_map_.clear();
    is_contract_new_ = true;
}

void Liquidity::skip_to(Timestamp /*u*/) {
    queue_imbalance_.skip();
    book_imbalance_.skip();
    impact_asymmetry_.skip();
    measures_.skip();
}

}  // namespace vt::analysis::liquidity
