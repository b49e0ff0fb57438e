#include "statistics/purged_folds.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace vt::statistics {

std::vector<Fold> purged_folds(std::span<const Life> lives, std::size_t folds, std::int64_t embargo) {
    VT_ASSERT(folds >= 2);
    VT_ASSERT(embargo >= 0);
    VT_ASSERT(std::ranges::is_sorted(lives, {}, &Life::begin));
    const std::size_t n = lives.size();
    std::vector<Fold> found;
    for (std::size_t fold = 0, at = 0; fold < folds && at < n; ++fold) {
        const std::size_t size = n / folds + (fold < n % folds ? 1 : 0);
        Fold next{.test_begin = at, .test_end = at + size};
        at += size;
        const std::int64_t begin = lives[next.test_begin].begin;
        std::int64_t end = begin;
        for (const Life& life : lives.subspan(next.test_begin, size)) end = std::max(end, life.end);
        for (std::size_t i = 0; i < n; ++i) {
            const bool is_test = i >= next.test_begin && i < next.test_end;
            const bool is_before = lives[i].end <= begin;
            const bool is_after = lives[i].begin - end >= embargo;
            if (!is_test && (is_before || is_after)) next.train.push_back(i);
        }
        found.push_back(std::move(next));
    }
    return found;
}

}  // namespace vt::statistics
