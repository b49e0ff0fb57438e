#pragma once

#include "analysis/bitcoin_beta/alpha_drift.hpp"
#include "analysis/bitcoin_beta/bar_returns.hpp"
#include "analysis/bitcoin_beta/beta_context.hpp"
#include "analysis/bitcoin_beta/beta_estimates.hpp"
#include "analysis/bitcoin_beta/btc_pull.hpp"
#include "analysis/bitcoin_beta/lead_lag_gap.hpp"
#include "analysis/bitcoin_beta/lead_lag_search.hpp"
#include "analysis/bitcoin_beta/minute_mids.hpp"
#include "analysis/bitcoin_beta/residual_return.hpp"
#include "analysis/bitcoin_beta/second_returns.hpp"
#include "analysis/evaluation.hpp"
#include "analysis/leaf.hpp"
#include "analysis/refuse_unless.hpp"
#include "market/event.hpp"
#include "market/instrument.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::analysis::bitcoin_beta {

/// The dimension: what Bitcoin's opinion, its last seconds and its past say about the instrument.
///   cost: evaluate O(1), and some 90 us in seconds of the lag's search; a closing minute some 10 us; each frame's
///         estimates in a second of their own; about 260 kB
class BitcoinBeta {
public:
    BitcoinBeta(const market::Instrument& instrument, Flags quote_flags);

    /// The same closed candle of the instrument and of its venue's Bitcoin, of 1m, 5m, 30m or 4h; others are ignored.
    /// Counts only where mids say nothing of that bar. in: oldest first, or it is not judged by
    void on_candles(const market::Candle& own, const market::Candle& bitcoin, std::vector<float>& scratch);
    /// in: `mid`: the instrument's, at u; each second once, in order. Seconds between are unknown.
    void evaluate(Timestamp u, const std::optional<double>& mid, const Ages& ages, const BitcoinInputs& bitcoin,
                  std::vector<float>& scratch);
    [[nodiscard]] const DimensionScore& score() const { return score_; }
    using Priors = std::array<indicators::BetaPrior, kBetaFrames.size()>;

    /// By kBetaFrames, as of the newest bar but for some seconds; absent while there are too few.
    [[nodiscard]] const FrameEstimates& estimates() const { return estimates_; }
    /// Second of a minute at which the first frame's estimates are made; the other frames' follow, a second each.
    [[nodiscard]] Nanos estimated_from() const { return estimates_offset_; }
    /// Changes with estimates(): of which returns they are.
    [[nodiscard]] const std::array<std::uint64_t, kBetaFrames.size()>& estimates_revision() const {
        return estimated_;
    }
    /// By kBetaFrames: the bars that they rest on.
    [[nodiscard]] const FrameReturns& returns() const { return returns_; }
    /// By kBetaFrames, as last told.
    [[nodiscard]] const Priors& priors() const { return priors_; }
    [[nodiscard]] const std::optional<LeadLagEstimate>& lead_lag() const { return search_.estimate(); }

    /// The contract changed: no return spans the change.
    void clear_prices();
    /// What comes next is of another session, at other prices.
    void join_to_next_prices();

    template <class Archive>
    void archive(Archive& a) {
        for (BarReturns& returns : returns_) a(returns);
        a(minutes_, seconds_, search_, residual_return_, evaluated_);
        for (std::size_t i = 0; i < kBetaFrames.size(); ++i) {
            a(estimates_[i], estimated_[i], steps_[i], priors_[i].mean, priors_[i].sd);
            refuse_unless(a, std::abs(priors_[i].mean) < 100 && priors_[i].sd >= 0 && priors_[i].sd < 100);
        }
        if constexpr (Archive::kIsReader) {
            if (a.shift() % duration(Frame::h4) != Nanos{0}) estimates_ = {};
        }
    }

private:
    /// Mids older than this say nothing of this second.
    static constexpr Nanos kMaxMidAge = std::chrono::seconds{30};

    [[nodiscard]] std::optional<SecondReturns::LogMids> log_mids(const std::optional<double>& mid, const Ages& ages,
                                                                 const BitcoinInputs& bitcoin) const;
    void take_bars(Timestamp u);
    void estimate(Timestamp u, const BitcoinInputs& bitcoin);

    Flags quote_flags_;
    Nanos estimates_offset_;  // of a minute
    FrameReturns returns_;
    MinuteMids minutes_;
    SecondReturns seconds_;
    LeadLagSearch search_;
    ResidualReturn residual_return_;
    FrameEstimates estimates_{};
    std::array<std::uint64_t, kBetaFrames.size()> estimated_{};  // revision of the returns
    std::array<KalmanStep, kBetaFrames.size()> steps_{};
    Priors priors_{};
    std::optional<Timestamp> evaluated_;
    std::vector<double> x_, y_;  // scratch
    DimensionScore score_;
};

}  // namespace vt::analysis::bitcoin_beta
