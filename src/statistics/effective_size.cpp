#include "statistics/effective_size.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace vt::statistics {
namespace {

/// A life begins or ends.
struct Turn {
    std::int64_t at = 0;
    std::uint32_t life = 0;
    bool is_end = false;
};

std::vector<Turn> turns_of(std::span<const Life> lives) {
    VT_ASSERT(lives.size() < std::numeric_limits<std::uint32_t>::max());
    std::vector<Turn> turns;
    turns.reserve(2 * lives.size());
    for (std::size_t i = 0; i < lives.size(); ++i) {
        VT_ASSERT(lives[i].end > lives[i].begin);
        const auto life = static_cast<std::uint32_t>(i);
        turns.push_back({lives[i].begin, life, false});
        turns.push_back({lives[i].end, life, true});
    }
    std::sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
        return a.at != b.at ? a.at < b.at : a.is_end != b.is_end ? a.is_end : a.life < b.life;
    });
    return turns;
}

/// What a life of one group has gathered since the first turn: the integral of share / (lives of the group).
struct GroupClock {
    double gathered = 0;
    double shared_until = 0;  ///< the integral of the share alone when `gathered` was brought up to date
    std::uint32_t alive = 0;

    void advance(double shared) {
        if (alive > 0) gathered += (shared - shared_until) / alive;
        shared_until = shared;
    }
};

}  // namespace

void uniqueness(std::span<const Life> lives, double correlation, std::span<double> weights) {
    VT_ASSERT(weights.size() == lives.size());
    VT_ASSERT(correlation >= 0);
    VT_ASSERT(correlation <= 1);
    if (lives.empty()) return;
    const auto turns = turns_of(lives);
    const auto most = std::ranges::max(lives, {}, &Life::group).group;
    std::vector<GroupClock> clocks(std::size_t{most} + 1);
    double shared = 0;
    double groups_alive = 0;
    std::int64_t before = turns.front().at;
    for (const Turn& turn : turns) {
        if (groups_alive > 0) {
            shared += static_cast<double>(turn.at - before) / (1 + (groups_alive - 1) * correlation);
        }
        before = turn.at;
        const Life& life = lives[turn.life];
        GroupClock& clock = clocks[life.group];
        clock.advance(shared);
        if (turn.is_end) {
            const double gathered = clock.gathered - weights[turn.life];
            weights[turn.life] = gathered / static_cast<double>(life.end - life.begin);
            if (--clock.alive == 0) --groups_alive;
        } else {
            weights[turn.life] = clock.gathered;
            if (++clock.alive == 1) ++groups_alive;
        }
    }
}

double effective_size(std::span<const double> weights) {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    return sum;
}

}  // namespace vt::statistics
