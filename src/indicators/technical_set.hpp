#pragma once

#include "indicators/average/ema.hpp"
#include "indicators/average/kama.hpp"
#include "indicators/average/sma.hpp"
#include "indicators/average/wma.hpp"
#include "indicators/momentum/aroon.hpp"
#include "indicators/momentum/cci.hpp"
#include "indicators/momentum/directional_movement.hpp"
#include "indicators/momentum/macd.hpp"
#include "indicators/momentum/oscillators.hpp"
#include "indicators/momentum/price_oscillator.hpp"
#include "indicators/momentum/rate_of_change.hpp"
#include "indicators/momentum/rsi.hpp"
#include "indicators/momentum/stochastic.hpp"
#include "indicators/momentum/ultimate_oscillator.hpp"
#include "indicators/statistics/correlation.hpp"
#include "indicators/statistics/dispersion.hpp"
#include "indicators/statistics/extremes.hpp"
#include "indicators/statistics/linear_regression.hpp"
#include "indicators/technical_values.hpp"
#include "indicators/trend/dominant_cycle.hpp"
#include "indicators/trend/heikin_ashi.hpp"
#include "indicators/trend/ichimoku.hpp"
#include "indicators/trend/parabolic_sar.hpp"
#include "indicators/trend/supertrend.hpp"
#include "indicators/trend/vortex.hpp"
#include "indicators/volatility/average_true_range.hpp"
#include "indicators/volatility/channels.hpp"
#include "indicators/volatility/range_volatility.hpp"
#include "indicators/volatility/true_range.hpp"
#include "indicators/volume/accumulation.hpp"
#include "indicators/volume/force.hpp"
#include "indicators/volume/vwap.hpp"

#include <array>
#include <optional>
#include <span>

namespace vt::indicators {

/// The indicators of one symbol on one timeframe, with their usual parameters.
///   in:   closed bars of one length, oldest first, none missing: after a hole, clear()
///   out:  kTechnicalValueCount numbers in a fixed order (technical_fields()); each absent during its warm-up, and
///         at a bar where it is not defined; mama and fama also until 99.99 % of them are prices
///   cost: O(1) amortised a bar, 2 to 3 microseconds, half of it the sines of CycleMode; allocates on
///         construction only, 27 kB with all windows
class TechnicalSet {
public:
    void update(const Bar& bar);
    /// After the last update; all absent before the first.
    [[nodiscard]] std::span<const std::optional<double>> values() const { return values_; }
    [[nodiscard]] const std::optional<double>& operator[](TechnicalValue value) const {
        return values_[static_cast<std::size_t>(value)];
    }
    void clear();

private:
    void update_averages(const Bar& bar);
    void update_momentum(const Bar& bar);
    void update_stochastics(const Bar& bar);
    void update_directions(const Bar& bar);
    void update_oscillators(const Bar& bar);
    void update_trends(const Bar& bar);
    void update_volatilities(const Bar& bar);
    void update_volumes(const Bar& bar);
    void update_statistics(const Bar& bar);
    void update_cycles(const Bar& bar);

    void set(TechnicalValue value, const std::optional<double>& number) {
        values_[static_cast<std::size_t>(value)] = number;
    }
    template <class F>
    void for_each(F f) {
        const auto all = [&](auto&... indicator) { (f(indicator), ...); };
        all(sma_20_, sma_50_, sma_200_, ema_12_, ema_26_, ema_50_, ema_200_, wma_20_, dema_20_, tema_20_, trima_20_,
            kama_10_, t3_5_, hma_20_);
        all(macd_, price_oscillator_, trix_, rsi_, cmo_, change_, fast_stochastic_, slow_stochastic_, stochastic_rsi_,
            williams_r_, movement_, cci_, aroon_, ultimate_, awesome_, coppock_, fisher_, elder_ray_);
        all(sar_, supertrend_, ichimoku_, vortex_, choppiness_, heikin_ashi_, true_range_, average_range_, bollinger_,
            keltner_, donchian_, close_to_close_, parkinson_, garman_klass_, rogers_satchell_, yang_zhang_);
        all(obv_, accumulation_, chaikin_oscillator_, chaikin_money_flow_, mfi_, force_, ease_, session_vwap_,
            swing_vwap_, extremes_, variance_, mean_deviation_, regression_, correlation_, cycle_, cycle_mode_,
            mama_);
    }

    std::array<std::optional<double>, kTechnicalValueCount> values_;

    Sma sma_20_{20}, sma_50_{50}, sma_200_{200};
    Ema ema_12_{12}, ema_26_{26}, ema_50_{50}, ema_200_{200};
    Wma wma_20_{20};
    Dema dema_20_{20};
    Tema tema_20_{20};
    Trima trima_20_{20};
    Kama kama_10_{10};
    T3 t3_5_{5};
    Hma hma_20_{20};

    Macd macd_;
    PriceOscillator price_oscillator_;
    Trix trix_{15};
    Rsi rsi_;
    Cmo cmo_;
    RateOfChange change_;
    FastStochastic fast_stochastic_;
    SlowStochastic slow_stochastic_;
    StochasticRsi stochastic_rsi_;
    WilliamsR williams_r_;
    DirectionalMovement movement_;
    Cci cci_{20};
    Aroon aroon_;
    UltimateOscillator ultimate_;
    AwesomeOscillator awesome_;
    CoppockCurve coppock_;
    FisherTransform fisher_;
    ElderRay elder_ray_;

    ParabolicSar sar_;
    Supertrend supertrend_;
    Ichimoku ichimoku_;
    Vortex vortex_;
    Choppiness choppiness_;
    HeikinAshi heikin_ashi_;

    TrueRange true_range_;
    RelativeTrueRange average_range_;
    BollingerBands bollinger_;
    KeltnerChannel keltner_;
    DonchianChannel donchian_;
    CloseToCloseVolatility close_to_close_;
    ParkinsonVolatility parkinson_;
    GarmanKlassVolatility garman_klass_;
    RogersSatchellVolatility rogers_satchell_;
    YangZhangVolatility yang_zhang_;

    Obv obv_;
    AccumulationDistribution accumulation_;
    ChaikinOscillator chaikin_oscillator_;
    ChaikinMoneyFlow chaikin_money_flow_;
    Mfi mfi_;
    ForceIndex force_;
    EaseOfMovement ease_;
    SessionVwap session_vwap_;
    SwingVwap swing_vwap_;

    Extremes extremes_;
    Variance variance_{20};
    MeanAbsoluteDeviation mean_deviation_;
    LinearRegression regression_;
    Correlation correlation_;

    DominantCycle cycle_;
    CycleMode cycle_mode_;
    Mama mama_;
};

}  // namespace vt::indicators
