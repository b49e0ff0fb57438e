#include "config/binding.hpp"

#include <array>
#include <chrono>

namespace vt::config {
namespace {

using Ms = std::chrono::milliseconds;
constexpr std::int64_t kMinuteMs = 60'000;

constexpr std::array kVenues{market::Venue::bybit, market::Venue::binance};

Binding deposit() {
    constexpr double kMost = 1e8;
    const std::string_view what = "what the account of paper trading begins with, quote currency";
    return {bounded(Knob{"paper.deposit", "", what}, KnobKind::real_number, 1.0, kMost),
            [](Config& config, const Value& value) -> Result<void> {
                const auto* whole = std::get_if<std::int64_t>(&value);
                const auto* real = std::get_if<double>(&value);
                const double amount = whole != nullptr ? static_cast<double>(*whole) : real != nullptr ? *real : 0;
                if (!(amount >= 1 && amount <= kMost))
                    return fail(Errc::configuration, "must be a number from 1 to " + number_text(kMost));
                config.paper.deposit = trading::money_of(amount).value();
                return {};
            },
            [](const Config& config) { return number_text(to_double(config.paper.deposit)); }};
}

/// Of any venue that has a tier of that name: they have none in common.
Binding fee_tier() {
    return {Knob{"paper.fee_tier", "", "tier of the account's fees: Bybit's vip0 to supreme, or Binance's regular"},
            [](Config& config, const Value& value) -> Result<void> {
                const auto* name = std::get_if<std::string>(&value);
                for (const auto venue : kVenues) {
                    const auto rates = name != nullptr ? paper::fee_rates(venue, *name) : std::nullopt;
                    if (!rates) continue;
                    config.paper.fees = *rates;
                    return {};
                }
                return fail(Errc::configuration, "must be vip0, vip1, vip2, vip3, vip4, vip5, supreme or regular");
            },
            [](const Config& config) {
                for (const auto venue : kVenues)
                    for (const paper::FeeTier& tier : paper::fee_tiers(venue))
                        if (tier.rates == config.paper.fees) return quoted_text(std::string(tier.name));
                return quoted_text("");
            }};
}

Binding latency(std::string_view key, std::string_view what, Nanos paper::LatencyParams::* field) {
    return time_span<Ms>(
        {key, "", what}, [field](Config& c) -> Nanos& { return c.paper.latency.*field; }, 0, kMinuteMs);
}

}  // namespace

std::vector<Binding> paper_bindings() {
    return {
        deposit(),
        whole_number(
            {"paper.leverage", "", "leverage of an instrument for which none was chosen"},
            [](Config& c) -> int& { return c.paper.margin.leverage; }, 1, paper::kLeverageMost),
        fee_tier(),
        latency("paper.latency_least_ms", "that every order is under way, there and back",
                &paper::LatencyParams::least),
        latency("paper.latency_mean_above_ms", "that it takes longer in the mean", &paper::LatencyParams::mean_above),
        latency("paper.latency_most_ms", "that an order is under way at most", &paper::LatencyParams::most),
        latency("paper.report_lag_ms", "by which reports lag behind public data", &paper::LatencyParams::report),
    };
}

Result<void> check_paper(const Config& config) {
    if (config.paper.latency.least > config.paper.latency.most)
        return fail(Errc::configuration,
                    "paper.latency_least_ms must not lie above paper.latency_most_ms: raise the second");
    return check(config.paper);
}

}  // namespace vt::config
