#pragma once

#include "analysis/bitcoin_beta/bitcoin_beta.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace vt::views {

/// What is known of an instrument's beta to its venue's Bitcoin.
struct BetaView {
    analysis::bitcoin_beta::FrameEstimates frames{};  ///< by analysis::kBetaFrames
    std::optional<analysis::bitcoin_beta::LeadLagEstimate> lead_lag;
    /// Of the estimates: another one is another view.
    std::array<std::uint64_t, analysis::kBetaFrames.size()> revision{};

    /// The frame that stands for all where one figure is shown: five minutes over a day.
    [[nodiscard]] const std::optional<analysis::bitcoin_beta::BetaEstimates>& shown() const {
        return frames[analysis::beta_index(analysis::Frame::m5)];
    }
};

}  // namespace vt::views
