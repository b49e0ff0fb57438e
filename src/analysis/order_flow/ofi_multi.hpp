#pragma once

#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"
#include "analysis/order_flow/flow_context.hpp"
#include "base/ring.hpp"

#include <array>
#include <cstddef>

namespace vt::analysis::order_flow {

/// Pressure on the first ten ranks of the book as one number: their order flow imbalances, weighted by the first
/// principal component of their minutes, in units of the mean rank size.
///   out:    1; a window without a frame is 0, flag no_event
///   source: docs/indicators/ofi_multi.md; Xu, Gould and Howison 2018; Cont, Cucuringu and Zhang 2021
class OfiMulti {
public:
    static constexpr double kMinFrames = 50;
    static constexpr std::size_t kMinutes = 1440;
    static constexpr std::size_t kMinMinutes = 1000;  ///< below this, all ranks weigh the same

    OfiMulti();
    [[nodiscard]] static Component describe();
    void evaluate(const FlowContext& context, Component& component);
    [[nodiscard]] const RankVector& weights() const { return weights_; }

    template <class Archive>
    void archive(Archive& a) {
        a(normalisers_, minutes_, weights_, has_own_weights_);
    }

private:
    void close_minute(const FlowContext& context);

    std::array<Normaliser, 3> normalisers_ = {Normaliser{Frame::m1, MapKind::z0}, Normaliser{Frame::m5, MapKind::z0},
                                              Normaliser{Frame::m30, MapKind::z0}};
    Ring<std::array<float, kRanks>> minutes_{kMinutes};
    RankVector weights_;
    bool has_own_weights_ = false;
};

/// The direction in which the vectors vary most, of length 1, turned so that its elements add up to more than 0.
///   in:   at least two vectors that vary
///   out:  absent where nothing varies or the elements add up to 0
///   cost: O(n 100) plus at most 1000 steps of power iteration, from equal elements: the same bits for the same input
[[nodiscard]] std::optional<RankVector> first_principal_component(const Ring<std::array<float, kRanks>>& vectors);

/// w'e/(|w|_1 mean rank size). out: absent without frames or size
[[nodiscard]] std::optional<double> weighted_ofi(const BookSums& sums, const RankVector& weights);

}  // namespace vt::analysis::order_flow
