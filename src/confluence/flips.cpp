#include "confluence/flips.hpp"

#include "analysis/coverage.hpp"
#include "base/assert.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace vt::confluence {
namespace {

constexpr std::size_t kFlipsMax = 8;
/// How far from 50 z = +-4 leads: no leaf can score beyond.
constexpr double kLeafReach = 48.2;

double reach_of(const analysis::Leaf& leaf) { return kLeafReach * leaf.map.gain; }

/// Where the direction changes from what it is now.
std::vector<double> boundaries(Direction direction, const Params& params) {
    switch (direction) {
        case Direction::rising: return {params.direction_leave};
        case Direction::falling: return {100 - params.direction_leave};
        case Direction::neutral: return {100 - params.direction_enter, params.direction_enter};
    }
    return {};
}

std::vector<double> targets(const ScoreRecord& record, const Params& params) {
    std::vector<double> found;
    const std::vector<double> thresholds = {100 - params.signal_long, params.signal_long};
    for (const auto& group : {boundaries(record.direction.value_or(Direction::neutral), params), thresholds}) {
        std::optional<double> below, above;
        for (const double level : group) {
            if (level < record.sum) below = std::max(below.value_or(level), level);
            if (level > record.sum) above = std::min(above.value_or(level), level);
        }
        for (const auto& level : {below, above}) {
            if (level && std::find(found.begin(), found.end(), *level) == found.end()) found.push_back(*level);
        }
    }
    return found;
}

void add_single_leaves(const ScoreRecord& record, double target, std::vector<Flip>& found) {
    for (const Part& part : record.parts) {
        for (const analysis::Component& component : part.opinion.components) {
            for (const analysis::Leaf& leaf : component.leaves) {
                const double gain = score_gain(record, part, component, leaf);
                if (!leaf.score || gain <= 0) continue;
                const double wanted = leaf_score_for(*leaf.score, gain, record.sum, target);
                if (std::abs(wanted - 50) > reach_of(leaf)) continue;
                found.push_back({.kind = FlipKind::leaf,
                                 .target = target,
                                 .dimension = part.opinion.dimension,
                                 .components = {component.name},
                                 .frame = leaf.frame,
                                 .from_score = *leaf.score,
                                 .to_score = wanted,
                                 .from_value = leaf.value,
                                 .to_value = analysis::value_at(leaf.map, wanted),
                                 .unit = component.unit});
            }
        }
    }
}

/// How far a component can carry the score towards the target.
struct Room {
    std::string_view name;
    analysis::Dimension dimension = analysis::Dimension::order_flow;
    double points = 0;
};

void add_joint(const ScoreRecord& record, double target, std::vector<Flip>& found) {
    const bool is_up = target > record.sum;
    std::vector<Room> rooms;
    for (const Part& part : record.parts) {
        for (const analysis::Component& component : part.opinion.components) {
            Room room{.name = component.name, .dimension = part.opinion.dimension};
            for (const analysis::Leaf& leaf : component.leaves) {
                if (!leaf.score) continue;
                room.points += score_gain(record, part, component, leaf) *
                               (50 + (is_up ? 1 : -1) * reach_of(leaf) - *leaf.score);
            }
            if (std::abs(room.points) > 0) rooms.push_back(room);
        }
    }
    std::stable_sort(rooms.begin(), rooms.end(),
                     [](const Room& a, const Room& b) { return std::abs(a.points) > std::abs(b.points); });
    Flip flip{.kind = FlipKind::joint, .target = target, .from_score = record.sum};
    double reached = record.sum;
    for (const Room& room : rooms) {
        if (flip.components.empty()) flip.dimension = room.dimension;
        flip.components.push_back(room.name);
        reached += room.points;
        if (is_up ? reached >= target : reached <= target) {
            flip.to_score = reached;
            found.push_back(std::move(flip));
            return;
        }
    }
}

/// The points that go when a component's evidence does: its own, or the whole dimension's where that is left with too
/// little to have a score.
double points_lost(const ScoreRecord& record, const Part& part, const analysis::Component& lost) {
    const bool is_end = part.opinion.coverage - lost.weight * lost.coverage < analysis::kMinDimensionCoverage;
    double points = 0;
    for (const analysis::Component& component : part.opinion.components) {
        if (!is_end && component.name != lost.name) continue;
        for (const analysis::Leaf& leaf : component.leaves) {
            if (leaf.score) points += score_gain(record, part, component, leaf) * (*leaf.score - 50);
        }
    }
    return points;
}

/// Components whose loss carries the score across the target.
void add_losses(const ScoreRecord& record, double target, std::vector<Flip>& found) {
    const bool is_up = target > record.sum;
    for (const Part& part : record.parts) {
        for (const analysis::Component& component : part.opinion.components) {
            if (component.is_shadow || !component.score) continue;
            const double points = points_lost(record, part, component);
            const double without = record.sum - points;
            if (points == 0 || (is_up ? without < target : without > target)) continue;
            found.push_back({.kind = FlipKind::loss,
                             .target = target,
                             .dimension = part.opinion.dimension,
                             .components = {component.name},
                             .from_score = record.sum,
                             .to_score = without,
                             .unit = component.unit});
        }
    }
}

}  // namespace

std::string_view name(FlipKind kind) {
    switch (kind) {
        case FlipKind::leaf: return "leaf";
        case FlipKind::joint: return "joint";
        case FlipKind::loss: return "loss";
    }
    return "unknown";
}

double leaf_score_for(double leaf_score, double gain, double sum, double target) {
    VT_ASSERT(gain > 0);
    return leaf_score + (target - sum) / gain;
}

std::vector<Flip> flips(const ScoreRecord& record, const Params& params) {
    std::vector<Flip> found;
    if (!record.score) return found;
    for (const double target : targets(record, params)) {
        const std::size_t before = found.size();
        add_single_leaves(record, target, found);
        if (found.size() == before) add_joint(record, target, found);
        add_losses(record, target, found);
    }
    std::stable_sort(found.begin(), found.end(), [](const Flip& a, const Flip& b) {
        return std::abs(a.to_score - a.from_score) < std::abs(b.to_score - b.from_score);
    });
    if (found.size() > kFlipsMax) found.resize(kFlipsMax);
    return found;
}

}  // namespace vt::confluence
