#pragma once

#include "analysis/frame.hpp"
#include "analysis/leaf.hpp"
#include "confluence/score_record.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace vt::confluence {

enum class Presence : std::uint8_t { stayed, appeared, vanished };
[[nodiscard]] std::string_view name(Presence presence);

/// What one leaf did to the score between two records. The parts add up to `points` exactly.
struct Change {
    analysis::Dimension dimension = analysis::Dimension::order_flow;
    std::string_view component;
    analysis::Frame frame = analysis::Frame::m1;
    Presence presence = Presence::stayed;
    double points = 0;
    double by_score = 0;     ///< the leaf's own score moved
    double by_weight = 0;    ///< the weights changed
    double by_coverage = 0;  ///< its evidence aged, came or went
    double by_quality = 0;   ///< the adjustments changed
};

/// What a score was made of, no more than a comparison needs.
struct LeafTerm {
    analysis::Dimension dimension = analysis::Dimension::order_flow;
    std::string_view component;  ///< a literal
    analysis::Frame frame = analysis::Frame::m1;
    double weight = 0;  ///< Wreg_d w_i w_f
    double coverage = 0;
    double quality = 0;  ///< Q
    double value = 0;    ///< s - 50
    [[nodiscard]] double points() const { return weight * coverage * quality * value; }
};
struct ScoreTerms {
    Timestamp at;
    double sum = 50;
    std::vector<LeafTerm> leaves;  ///< those that have a score and count, in the order of the record
};
[[nodiscard]] ScoreTerms terms_of(const ScoreRecord& record);

/// Every leaf's share of sum(b) - sum(a); they add up to it to 1e-9. Largest first.
///   method: k = g v with gain g = Wreg w_i w_f c Q and v = s - 50; dk = mean(g) dv + mean(v) dg, the second term
///           split over weight, coverage and quality by replacing one at a time
///   cost:   O(leaves^2)
[[nodiscard]] std::vector<Change> changes(const ScoreTerms& a, const ScoreTerms& b);

}  // namespace vt::confluence
