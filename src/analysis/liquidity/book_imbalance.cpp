#include "analysis/liquidity/book_imbalance.hpp"

#include <chrono>

namespace vt::analysis::liquidity {
namespace {

std::size_t seconds_of(Frame frame) {
    return static_cast<std::size_t>(std::chrono::floor<std::chrono::seconds>(duration(frame)).count());
}

}  // namespace

Component BookImbalance::describe() {
    const ScoreMap map{.kind = MapKind::z0};
    return {
        .name = "book_imbalance",
        .unit = "1",
        .weight = 0.40,
        .map = MapKind::z0,
        .leaves = {{.frame = Frame::m1, .weight = 0.6, .map = map}, {.frame = Frame::m5, .weight = 0.4, .map = map}}};
}

void BookImbalance::sample(Timestamp u, const BookFrame* frame, const BookRange* range, double scale_bps) {
    Sample* const slot = samples_.at(u - kSecond);
    if (slot == nullptr) return;
    *slot = Sample{};
    if (frame == nullptr) return;
    source_sequence_ = frame->source_sequence;
    const auto found = decayed_imbalance(*frame, *range, scale_bps);
    slot->status = found ? Status::defined : Status::not_covered;
    if (!found) return;
    slot->value = found->value;
    slot->covered_share = found->covered_share;
    slot->depth = found->bid_quote + found->ask_quote;
}

void BookImbalance::evaluate(const LiquidityContext& context, Component& component) {
    (void)samples_.at(context.u() - kSecond);
    for (std::size_t i = 0; i < normalisers_.size(); ++i) {
        Leaf& leaf = component.leaves[i];
        const std::size_t window = seconds_of(leaf.frame);
        std::size_t defined = 0;
        double sum = 0;
        double covered = 0;
        bool is_cut = false;
        samples_.visit(context.u(), window, [&](const Sample& sample) {
            is_cut = is_cut || sample.status == Status::not_covered ||
                     (sample.status == Status::defined && sample.covered_share < 1);
            if (sample.status != Status::defined) return;
            ++defined;
            sum += sample.value;
            covered += sample.covered_share;
        });
        Observation seen{.events = static_cast<double>(defined),
                         .events_min = kMinBookSamples,
                         .missing_share = missing_samples(defined, window),
                         .spoof = context.spoof,
                         .flags = context.with_spoof(context.book_flags),
                         .source_sequence = source_sequence_};
        if (defined > 0) {
            seen.value = sum / static_cast<double>(defined);
            seen.covered_share = covered / static_cast<double>(defined);
        }
        if (is_cut) seen.flags.set(Flag::not_covered);
        judge(leaf, normalisers_[i], seen, {{Input::book, context.ages.book}}, context.second);
    }
}

void BookImbalance::skip() { samples_.clear(); }

std::optional<double> BookImbalance::depth_at(Timestamp u) const {
    const Sample& sample = samples_.ending_at(u);
    if (sample.status != Status::defined || sample.covered_share < 1) return std::nullopt;
    return sample.depth;
}

std::optional<double> BookImbalance::depth_over_minute(Timestamp u) const {
    double sum = 0;
    double count = 0;
    samples_.visit(u, seconds_of(Frame::m1), [&](const Sample& sample) {
        if (sample.status != Status::defined || sample.covered_share < 1) return;
        sum += sample.depth;
        count += 1;
    });
    if (count < kMinBookSamples) return std::nullopt;
    return sum / count;
}

}  // namespace vt::analysis::liquidity
