#include "analysis/bitcoin_beta/bitcoin_beta.hpp"
#include "analysis/bitcoin_beta/lead_lag_slope.hpp"
#include "base/prng.hpp"
#include "indicators/block_shift.hpp"
#include "indicators/lagged_product.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <vector>

namespace vt::analysis::bitcoin_beta {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

market::Instrument made_up() {
    market::Instrument of;
    of.id = market::InstrumentId{1};
    of.base = "XYZ";
    return of;
}

/// An instrument that follows Bitcoin by two seconds, with six hours behind it.
struct Fixture {
    Fixture() {
        for (int i = 0; i < 6 * 3600 + 120; ++i) second();
    }
    void second() {
        u += seconds{1};
        own += 1.4 * steps[1] + prng.normal() * 1e-4;
        steps[1] = steps[0];
        steps[0] = prng.normal() * 6e-5;
        bitcoin += steps[0];
        inputs.mid = 60'000 * std::exp(bitcoin);
        inputs.mid_age = Nanos{0};
        inputs.score = 60;
        inputs.coverage = 1;
        dimension.evaluate(u, 20 * std::exp(own), {.quote = Nanos{0}}, inputs, scratch);
    }
    Prng prng{3};
    Timestamp u = from_ms(1'700'006'400'000);
    double bitcoin = 0, own = 0, steps[2] = {};
    BitcoinInputs inputs;
    std::vector<float> scratch;
    BitcoinBeta dimension{made_up(), {}};
};

/// Ten minutes of seconds: the search with its thousand shifts, two bars of five minutes, ten of one.
void BM_BitcoinBetaTenMinutes(benchmark::State& state) {
    Fixture fixture;
    for (auto _ : state) {
        for (int i = 0; i < 600; ++i) fixture.second();
    }
    state.SetItemsProcessed(state.iterations() * 600);
}
BENCHMARK(BM_BitcoinBetaTenMinutes)->Unit(benchmark::kMicrosecond);

std::vector<float> returns_of_six_hours(std::uint64_t seed) {
    Prng prng(seed);
    std::vector<float> made(SecondReturns::kKept);
    for (float& one : made) one = static_cast<float>(prng.normal() * 1e-4);
    return made;
}

/// The seconds of the search that cost most: two block shifts over seven lags, and the contrast of fifteen lags.
void BM_LeadLagShifts(benchmark::State& state) {
    const auto x = returns_of_six_hours(1), y = returns_of_six_hours(2);
    for (auto _ : state) {
        indicators::BlockShift test(1, 0);
        test.advance(x, y, LeadLagSearch::kLags, LeadLagSearch::kShiftsPerSecond);
        benchmark::DoNotOptimize(test.p());
    }
}
BENCHMARK(BM_LeadLagShifts)->Unit(benchmark::kMicrosecond);

void BM_LeadLagContrast(benchmark::State& state) {
    const auto x = returns_of_six_hours(1), y = returns_of_six_hours(2);
    for (auto _ : state) {
        double sum = indicators::lagged_product(x, y, 0);
        for (const std::size_t lag : LeadLagSearch::kLags) {
            sum += indicators::lagged_product(x, y, static_cast<std::ptrdiff_t>(lag));
            sum += indicators::lagged_product(x, y, -static_cast<std::ptrdiff_t>(lag));
        }
        benchmark::DoNotOptimize(sum);
    }
}
BENCHMARK(BM_LeadLagContrast)->Unit(benchmark::kMicrosecond);

void BM_LeadLagSlope(benchmark::State& state) {
    const auto x = returns_of_six_hours(1), y = returns_of_six_hours(2);
    for (auto _ : state)
        benchmark::DoNotOptimize(lead_lag_slope(x, y, 1.4, static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(BM_LeadLagSlope)->ArgName("lag_s")->Arg(1)->Arg(2)->Arg(30)->Unit(benchmark::kMicrosecond);

void BM_BetaEstimates(benchmark::State& state) {
    BarReturns returns(kBetaFrames[1]);
    Prng prng(5);
    Timestamp at = from_ms(1'700'006'400'000);
    const auto bar = [&] {
        const double x = prng.normal() * 1e-3;
        returns.put({.close_time = at += minutes{5}, .bitcoin = x, .own = 1.3 * x + prng.normal() * 1e-3});
    };
    for (int i = 0; i < 300; ++i) bar();
    std::vector<double> x, y;
    KalmanStep step;
    for (auto _ : state) {
        if (state.range(0) != 0) step = {};
        benchmark::DoNotOptimize(estimate_betas(returns, {}, step, x, y));
    }
}
BENCHMARK(BM_BetaEstimates)->ArgName("fits_kalman")->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace vt::analysis::bitcoin_beta
