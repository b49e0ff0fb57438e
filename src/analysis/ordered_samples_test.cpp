#include "analysis/ordered_samples.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace vt::analysis {
namespace {

double median_of(std::vector<float> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    if (values.size() % 2 == 1) return static_cast<double>(values[half]);
    return (static_cast<double>(values[half - 1]) + static_cast<double>(values[half])) / 2;
}

/// Ties, zeros, both signs, a tail.
float some(Prng& random) {
    switch (random.below(4)) {
        case 0: return 0.0F;
        case 1: return static_cast<float>(random.below(5)) - 2.0F;
        case 2: return static_cast<float>(random.normal());
        default: return static_cast<float>(std::exp(3 * random.normal()));
    }
}

TEST(OrderedSamples, EqualSortingTheWindowEachTime) {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Prng random(seed, "window");
        const std::size_t kept = 1 + random.below(40);
        OrderedSamples<float> ordered(kept);
        std::vector<float> window;
        for (std::size_t step = 0; step < 4 * kept; ++step) {
            const float now = some(random);
            if (window.size() < kept) {
                window.push_back(now);
                ordered.add(now);
            } else {
                ordered.replace(window[step % kept], now);
                window[step % kept] = now;
            }
            ASSERT_EQ(ordered.size(), window.size());
            ASSERT_EQ(ordered.median(), median_of(window)) << seed << " " << step;
            for (const double centre : {ordered.median(), 0.0, static_cast<double>(some(random)), 1e9}) {
                std::vector<float> distances;
                for (const float value : window)
                    distances.push_back(static_cast<float>(std::abs(static_cast<double>(value) - centre)));
                ASSERT_EQ(ordered.median_distance(centre), median_of(distances)) << seed << " " << step;
            }
            const auto asked = static_cast<double>(some(random));
            double rank = 0;
            for (const float value : window)
                rank += static_cast<double>(value) < asked ? 1 : static_cast<double>(value) == asked ? 0.5 : 0;
            ASSERT_EQ(ordered.percentile(asked), 100 * rank / static_cast<double>(window.size()));
        }
    }
}

TEST(OrderedSamples, PercentileCountsTiesHalf) {  // V1
    OrderedSamples<float> ordered(5);
    EXPECT_FALSE(ordered.percentile(1).has_value());
    for (const float sample : {1.0F, 1.0F, 1.0F, 2.0F, 0.0F}) ordered.append(sample);
    ordered.sort();
    EXPECT_EQ(ordered.percentile(1), 50.0);
}

}  // namespace
}  // namespace vt::analysis
