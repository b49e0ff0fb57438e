#pragma once

#include "analysis/bitcoin_beta/beta_context.hpp"
#include "analysis/leaf.hpp"
#include "analysis/normaliser.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace vt::analysis::bitcoin_beta {

/// What of the instrument's last return Bitcoin does not explain, in standard deviations of such residuals. It points
/// the other way: residuals revert.
///   out:    sd; absent with flag not_btc_driven where Bitcoin explains less than a tenth of the variance
///   cost:   once a minute O(1) a leaf; once a bar O(samples)
///   source: docs/indicators/residual_return.md; oracle `beta_ols`, `beta_vasicek`
class ResidualReturn {
public:
    static constexpr double kMinRSquared = 0.10;

    ResidualReturn();
    [[nodiscard]] static Component describe();
    /// A bar of the past, before mids were seen: its residual is a sample to judge later ones by.
    void take_past(std::size_t leaf, const BarReturn& bar, const BarReturns& before,
                   const indicators::BetaPrior& prior, std::vector<float>& scratch);
    void evaluate(const BetaContext& context, Component& component);

    template <class Archive>
    void archive(Archive& a) {
        for (Normaliser& normaliser : normalisers_) a(normaliser);
        for (Residual& one : residuals_) a(one.value, one.at, one.is_driven);
    }

    static constexpr std::array<Frame, 3> kLeafFrames{Frame::m5, Frame::m30, Frame::h4};

private:
    struct Residual {
        std::optional<double> value;
        std::optional<Timestamp> at;  // the minute at which it was computed
        bool is_driven = true;        // by Bitcoin, as far as is known
    };
    std::array<Normaliser, kLeafFrames.size()> normalisers_;
    std::array<Residual, kLeafFrames.size()> residuals_;
};

}  // namespace vt::analysis::bitcoin_beta
