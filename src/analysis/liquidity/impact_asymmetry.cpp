#include "analysis/liquidity/impact_asymmetry.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <chrono>

namespace vt::analysis::liquidity {

Component ImpactAsymmetry::describe() {
    const ScoreMap map{.kind = MapKind::z0};
    return {
        .name = "impact_asymmetry",
        .unit = "1",
        .weight = 0.15,
        .map = MapKind::z0,
        .leaves = {{.frame = Frame::m1, .weight = 0.6, .map = map}, {.frame = Frame::m5, .weight = 0.4, .map = map}}};
}

void ImpactAsymmetry::set_large_threshold(const std::optional<double>& threshold) {
    order_quote_.reset();
    if (threshold) order_quote_ = std::clamp(*threshold, kMinQuote, kMaxQuote);
}

void ImpactAsymmetry::sample(Timestamp u, const BookFrame* frame, const BookRange* range) {
    Sample* const slot = samples_.at(u - kSecond);
    if (slot == nullptr) return;
    *slot = Sample{};
    if (frame == nullptr) return;
    source_sequence_ = frame->source_sequence;
    slot->status = Status::no_size;
    if (!order_quote_) return;
    const auto buy = slippage_bps(*frame, *range, market::Side::buy, *order_quote_);
    const auto sell = slippage_bps(*frame, *range, market::Side::sell, *order_quote_);
    slot->status = Status::not_filled;
    if (!buy || !sell) return;
    slot->status = Status::defined;
    slot->value = math::log(*buy / *sell);
}

void ImpactAsymmetry::evaluate(const LiquidityContext& context, Component& component) {
    (void)samples_.at(context.u() - kSecond);
    for (std::size_t i = 0; i < normalisers_.size(); ++i) {
        Leaf& leaf = component.leaves[i];
        const auto window =
            static_cast<std::size_t>(std::chrono::floor<std::chrono::seconds>(duration(leaf.frame)).count());
        std::size_t defined = 0;
        double sum = 0;
        bool lacks_size = false;
        bool lacks_depth = false;
        samples_.visit(context.u(), window, [&](const Sample& sample) {
            lacks_size = lacks_size || sample.status == Status::no_size;
            lacks_depth = lacks_depth || sample.status == Status::not_filled;
            if (sample.status != Status::defined) return;
            ++defined;
            sum += sample.value;
        });
        Observation seen{.events = static_cast<double>(defined),
                         .events_min = kMinBookSamples,
                         .missing_share = missing_samples(defined, window),
                         .spoof = context.spoof,
                         .flags = context.with_spoof(context.book_flags),
                         .source_sequence = source_sequence_};
        if (defined > 0) seen.value = sum / static_cast<double>(defined);
        if (lacks_depth) seen.flags.set(Flag::not_covered);
        if (lacks_size) seen.flags.set(Flag::few_events);
        judge(leaf, normalisers_[i], seen, {{Input::book, context.ages.book}}, context.second);
    }
}

void ImpactAsymmetry::skip() { samples_.clear(); }

}  // namespace vt::analysis::liquidity
