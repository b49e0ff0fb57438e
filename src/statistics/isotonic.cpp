#include "statistics/isotonic.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::statistics {
namespace {

void absorb(IsotonicBlock& into, const IsotonicBlock& block) {
    const double weight = into.weight + block.weight;
    into.value += (block.value - into.value) * (block.weight / weight);
    into.weight = weight;
    into.last_x = block.last_x;
}

}  // namespace

std::vector<IsotonicBlock> fit_isotonic(std::span<const Observation> observations) {
    std::vector<IsotonicBlock> blocks;
    for (std::size_t i = 0; i < observations.size();) {
        const double x = observations[i].x;
        IsotonicBlock next{.first_x = x, .last_x = x};
        for (; i < observations.size() && observations[i].x == x; ++i) {
            VT_ASSERT(observations[i].weight > 0);
            absorb(next, {x, x, observations[i].y, observations[i].weight});
        }
        VT_ASSERT(i == observations.size() || observations[i].x > x);
        while (!blocks.empty() && blocks.back().value >= next.value) {
            IsotonicBlock pooled = blocks.back();
            absorb(pooled, next);
            next = pooled;
            blocks.pop_back();
        }
        blocks.push_back(next);
    }
    return blocks;
}

void soften_certainty(std::span<IsotonicBlock> blocks) {
    if (blocks.empty()) return;
    IsotonicBlock& first = blocks.front();
    IsotonicBlock& last = blocks.back();
    const bool is_never = first.value <= 0;
    const bool is_always = last.value >= 1;
    if (is_never) {
        const double softened = 1 / (first.weight + 2);
        first.value = blocks.size() > 1 ? std::min(softened, blocks[1].value) : softened;
    }
    if (is_always) {
        const double softened = (last.weight + 1) / (last.weight + 2);
        last.value = blocks.size() > 1 ? std::max(softened, blocks[blocks.size() - 2].value) : softened;
    }
}

double isotonic_value(std::span<const IsotonicBlock> blocks, double x) {
    VT_ASSERT(!blocks.empty());
    const auto after = std::ranges::upper_bound(blocks, x, {}, &IsotonicBlock::first_x);
    if (after == blocks.begin()) return after->value;
    const IsotonicBlock& block = *(after - 1);
    if (x <= block.last_x || after == blocks.end()) return block.value;
    return block.value + (after->value - block.value) * ((x - block.last_x) / (after->first_x - block.last_x));
}

}  // namespace vt::statistics
