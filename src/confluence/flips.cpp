#include "confluence/flips.hpp"

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

std::vector<double> targets(double score, const Params& params) {
    const std::vector<double> boundaries = {100 - params.direction_enter, 100 - params.direction_leave,
                                            params.direction_leave, params.direction_enter};
    const std::vector<double> thresholds = {100 - params.signal_long, params.signal_long};
    std::vector<double> found;
    for (const auto& group : {boundaries, thresholds}) {
        std::optional<double> below, above;
        for (const double level : group) {
            if (level < score) below = std::max(below.value_or(level), level);
            if (level > score) above = std::min(above.value_or(level), level);
        }
        if (below) found.push_back(*below);
        if (above) found.push_back(*above);
    }
    return found;
}

void add_single_leaves(const ScoreRecord& record, double target, std::vector<Flip>& found) {
    for (const Part& part : record.parts) {
        for (const analysis::Component& component : part.opinion.components) {
            for (const analysis::Leaf& leaf : component.leaves) {
                const double gain = leaf_gain(part, component, leaf) * record.quality_factor();
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
                room.points += leaf_gain(part, component, leaf) * record.quality_factor() *
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

/// Components whose loss carries the score across the target.
void add_losses(const ScoreRecord& record, double target, std::vector<Flip>& found) {
    const bool is_up = target > record.sum;
    for (const Part& part : record.parts) {
        for (const analysis::Component& component : part.opinion.components) {
            double points = 0;
            for (const analysis::Leaf& leaf : component.leaves) {
                if (leaf.score)
                    points += leaf_gain(part, component, leaf) * record.quality_factor() * (*leaf.score - 50);
            }
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
    for (const double target : targets(*record.score, params)) {
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
