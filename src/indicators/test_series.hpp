#pragma once

// For tests and benchmarks only: series of bars, random and recorded, and indicators run over them.

#include "base/math.hpp"
#include "base/prng.hpp"
#include "indicators/bar.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace vt::indicators::test {

/// Bars, and their columns.
struct Series {
    std::vector<Bar> bars;
    std::vector<double> open, high, low, close, volume;

    void add(const Bar& bar) {
        bars.push_back(bar);
        open.push_back(bar.open);
        high.push_back(bar.high);
        low.push_back(bar.low);
        close.push_back(bar.close);
        volume.push_back(bar.volume);
    }
    [[nodiscard]] std::size_t size() const { return bars.size(); }
    [[nodiscard]] double highest() const { return *std::ranges::max_element(high); }
};

/// The open of a random series' first bar: 13 minutes into an hour.
inline constexpr Timestamp kFirstOpen = from_ms(1'699'999'980'000);

/// A walk of one-minute bars at a price of 1 to 100,000 with a volatility of 0.1 to 3 % a bar, gaps between bars and
/// one bar of 20 without volume. `has_ticks`: prices are multiples of about a 10,000th of the price.
inline Series random_series(Prng& prng, std::size_t size, bool has_ticks, Timestamp first_open = kFirstOpen) {
    Series series;
    double price = math::pow(10, 5 * prng.uniform());
    const double volatility = 0.001 * math::pow(30, prng.uniform());
    const double tick = math::exp2(std::round(math::log2(price * 1e-4)));
    const auto rounded = [&](double x) { return has_ticks ? std::max(1.0, std::round(x / tick)) * tick : x; };
    for (std::size_t i = 0; i < size; ++i) {
        const double open = rounded(price * math::exp(0.2 * volatility * prng.normal()));
        const double close = rounded(open * math::exp(volatility * prng.normal()));
        const double high = rounded(std::max(open, close) * math::exp(0.5 * volatility * prng.exponential()));
        const double low = rounded(std::min(open, close) * math::exp(-0.5 * volatility * prng.exponential()));
        series.add({.open_time = first_open + std::chrono::minutes{1} * static_cast<std::int64_t>(i),
                    .open = open,
                    .high = high,
                    .low = low,
                    .close = close,
                    .volume = prng.below(20) == 0 ? 0 : 100 * prng.exponential()});
        price = close;
    }
    return series;
}

/// The recorded one-minute candles of a Binance contract, at most `limit`; empty where the shared data or zstd is
/// absent.
inline Series recorded_series(const std::string& symbol, std::size_t limit) {
    Series series;
    const char* given = std::getenv("VIRTUOSO_SHARED");
    const std::string root = given != nullptr ? given : std::string(VT_SOURCE_DIR) + "/../shared";
    const std::string path =
        root + "/data/ohlcv/C_binance_1m_2025-05_06_GPL/klines_1m/binance_usdm_" + symbol + ".csv.zst";
    FILE* pipe = popen(("zstd -dc '" + path + "' 2>/dev/null").c_str(), "r");
    if (pipe == nullptr) return series;
    std::array<char, 256> line{};
    while (series.size() < limit && std::fgets(line.data(), line.size(), pipe) != nullptr) {
        long long ms = 0;
        Bar bar;
        if (std::sscanf(line.data(), "%lld,%lf,%lf,%lf,%lf,%lf", &ms, &bar.open, &bar.high, &bar.low, &bar.close,
                        &bar.volume) != 6) {
            continue;  // the heading
        }
        bar.open_time = from_ms(ms);
        series.add(bar);
    }
    pclose(pipe);
    return series;
}

inline std::optional<double> number(double value) { return value; }
inline std::optional<double> number(bool value) { return value ? 1 : 0; }
inline std::optional<double> number(std::uint32_t value) { return static_cast<double>(value); }
inline std::optional<double> number(const std::optional<double>& value) { return value; }
inline std::optional<double> number(const std::optional<bool>& value) {
    return value ? number(*value) : std::nullopt;
}

/// The named members of a value, all absent if it is.
template <class Value, class... Member>
std::array<std::optional<double>, sizeof...(Member)> fields(const std::optional<Value>& value, Member... member) {
    if (!value) return {};
    return {number((*value).*member)...};
}
inline std::array<std::optional<double>, 1> fields(const std::optional<double>& value) { return {value}; }
template <std::size_t N>
std::array<std::optional<double>, N> fields(const std::array<std::optional<double>, N>& values) {
    return values;
}

/// A function of a bar: what an indicator of closes says, as it says it.
template <class Indicator>
auto of_closes(Indicator indicator) {
    return [indicator](const Bar& bar) mutable { return indicator.update(bar.close); };
}
/// The same of bars.
template <class Indicator>
auto of_bars(Indicator indicator) {
    return [indicator](const Bar& bar) mutable { return indicator.update(bar); };
}
/// The named members of what it says.
template <class Indicator, class First, class... Member>
auto of_closes(Indicator indicator, First first, Member... member) {
    return [indicator, first, member...](const Bar& bar) mutable {
        return fields(indicator.update(bar.close), first, member...);
    };
}
template <class Indicator, class First, class... Member>
auto of_bars(Indicator indicator, First first, Member... member) {
    return [indicator, first, member...](const Bar& bar) mutable {
        return fields(indicator.update(bar), first, member...);
    };
}

/// What an indicator says at each bar, N numbers at a time.
template <std::size_t N>
using Lines = std::vector<std::array<std::optional<double>, N>>;

/// `step`: a function of a bar that gives N numbers, each of which may be absent.
template <std::size_t N, class Step>
Lines<N> run(const Series& series, Step step) {
    Lines<N> lines;
    lines.reserve(series.size());
    for (const Bar& bar : series.bars) lines.push_back(fields(step(bar)));
    return lines;
}

}  // namespace vt::indicators::test
