#include "cards/chart_scale.hpp"

#include "base/page_format.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vt::cards {
namespace {

constexpr std::array<std::int64_t, 24> kStepMinutes{1,     2,     5,     10,    15,     30,     60,     120,
                                                    180,   240,   360,   720,   1440,   2880,   4320,   7200,
                                                    10080, 20160, 43200, 86400, 129600, 259200, 525600, 1051200};

/// A step of the prices' axis: `count` x 10^exponent.
struct Step {
    double count = 1;
    int exponent = 0;

    [[nodiscard]] double times(double many) const {
        double power = 1;
        for (int digit = 0; digit < std::abs(exponent); ++digit) power *= 10;
        return exponent < 0 ? many * count / power : many * count * power;
    }
    [[nodiscard]] Step next() const {
        return count == 1 ? Step{2, exponent} : count == 2 ? Step{5, exponent} : Step{1, exponent + 1};
    }
};

}  // namespace

std::vector<double> price_ticks(double low, double high, int most, double least_step) {
    constexpr double kSlack = 1e-9;  // a multiple that misses an end by a rounding lies within
    Step step{1, -13};
    while (step.times(1) < least_step * (1 - kSlack)) step = step.next();
    const auto first = [&] { return std::ceil(low / step.times(1) - kSlack); };
    const auto last = [&] { return std::floor(high / step.times(1) + kSlack); };
    while (last() - first() + 1 > most) step = step.next();
    std::vector<double> ticks;
    for (double many = first(); many <= last(); ++many) ticks.push_back(step.times(many));
    return ticks;
}

std::vector<TimeTick> time_ticks(Timestamp first, Timestamp last, int most) {
    Nanos step{};
    for (const std::int64_t minutes : kStepMinutes) {
        step = std::chrono::minutes{minutes};
        if ((last - first) / step < most) break;
    }
    while ((last - first) / step >= most) step *= 2;
    std::vector<TimeTick> ticks;
    Timestamp at = floor_to(first, step);
    if (at < first) at += step;
    for (; at <= last; at += step) ticks.push_back({at, floor_to(at, kDay) == at ? day_text(at) : clock_text(at)});
    return ticks;
}

std::vector<double> spread_apart(const std::vector<double>& wanted, double gap, double low, double high) {
    struct Block {
        double sum = 0;
        double count = 0;
        [[nodiscard]] double mean() const { return sum / count; }
    };
    std::vector<Block> blocks;
    for (std::size_t index = 0; index < wanted.size(); ++index) {
        blocks.push_back({wanted[index] - static_cast<double>(index) * gap, 1});
        while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() > blocks.back().mean()) {
            blocks[blocks.size() - 2].sum += blocks.back().sum;
            blocks[blocks.size() - 2].count += blocks.back().count;
            blocks.pop_back();
        }
    }
    const double latest = std::max(low, high - gap * (static_cast<double>(wanted.size()) - 1));
    std::vector<double> places;
    for (const Block& block : blocks)
        for (double count = 0; count < block.count; ++count)
            places.push_back(std::clamp(block.mean(), low, latest) + gap * static_cast<double>(places.size()));
    return places;
}

}  // namespace vt::cards
