#pragma once

#include "statistics/effective_size.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vt::statistics {

/// What to learn from and what to judge by.
struct Fold {
    std::vector<std::size_t> train;
    std::size_t test_begin = 0;  ///< the test is [test_begin, test_end)
    std::size_t test_end = 0;
};

/// Cuts observations into `folds` tests in order of time. From the training of each is left out what lives at a
/// time at which its test lives, from the first test's beginning to the last test's end, of whatever symbol; and
/// what begins less than `embargo` after that.
///   in:     ascending by begin; folds >= 2
///   out:    `folds` folds, or fewer where there are fewer observations; a training may be empty
///   cost:   O(folds n); allocates
///   source: Lopez de Prado 2018, Advances in Financial Machine Learning 7.4; oracle `purged_kfold_inclusive`. The
///           test's begin is that of its first label: one common implementation takes that label's end, and leaks
[[nodiscard]] std::vector<Fold> purged_folds(std::span<const Life> lives, std::size_t folds, std::int64_t embargo);

}  // namespace vt::statistics
