#pragma once

#include "indicators/window/sliding_fold.hpp"

namespace vt::indicators {

// Windows of second moments. Each part keeps sums of products of deviations from its own mean, and two parts are
// joined by Chan, Golub, LeVeque 1979: exact where "mean of squares minus square of mean" loses all digits.

/// Mean and sum of squared deviations.
struct Moments {
    double count = 1;
    double mean = 0;
    double squares = 0;
};
struct MergeMoments {
    Moments operator()(const Moments& older, const Moments& newer) const {
        const double count = older.count + newer.count;
        const double apart = newer.mean - older.mean;
        return {.count = count,
                .mean = older.mean + apart * (newer.count / count),
                .squares = older.squares + newer.squares + apart * apart * (older.count * newer.count / count)};
    }
};
using MovingMoments = SlidingFold<Moments, MergeMoments>;

/// The same of two series, and the sum of products of their deviations.
struct JointMoments {
    double count = 1;
    double mean_x = 0;
    double mean_y = 0;
    double squares_x = 0;
    double squares_y = 0;
    double products = 0;
};
struct MergeJointMoments {
    JointMoments operator()(const JointMoments& older, const JointMoments& newer) const {
        const double count = older.count + newer.count;
        const double share = newer.count / count;
        const double weight = older.count * share;
        const double apart_x = newer.mean_x - older.mean_x;
        const double apart_y = newer.mean_y - older.mean_y;
        return {.count = count,
                .mean_x = older.mean_x + apart_x * share,
                .mean_y = older.mean_y + apart_y * share,
                .squares_x = older.squares_x + newer.squares_x + apart_x * apart_x * weight,
                .squares_y = older.squares_y + newer.squares_y + apart_y * apart_y * weight,
                .products = older.products + newer.products + apart_x * apart_y * weight};
    }
};
using MovingJointMoments = SlidingFold<JointMoments, MergeJointMoments>;

/// A series against its own place 0, 1, 2 ... in the window: mean, and sum of products of deviations.
struct Tilt {
    double count = 1;
    double mean = 0;
    double products = 0;
};
struct MergeTilts {
    Tilt operator()(const Tilt& older, const Tilt& newer) const {
        const double count = older.count + newer.count;
        const double apart = newer.mean - older.mean;  // the mean places are count / 2 apart
        return {.count = count,
                .mean = older.mean + apart * (newer.count / count),
                .products = older.products + newer.products + apart * (older.count * newer.count / 2)};
    }
};
using MovingTilt = SlidingFold<Tilt, MergeTilts>;

}  // namespace vt::indicators
