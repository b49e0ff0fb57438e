#pragma once

// For tests only: what a perpetual's ticker, mid, polls and liquidations say, second by second, handed to Sentiment
// the way SymbolAnalysis does.

#include "analysis/archive.hpp"
#include "analysis/sentiment/sentiment.hpp"
#include "base/math.hpp"
#include "base/prng.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vt::analysis::sentiment::test {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// 2023-11-14 22:00:00 UTC.
inline constexpr Timestamp kStart = from_ms(1'699'999'200'000);

enum ComponentIndex : std::size_t { oi_price, long_short, top_vs_crowd, funding, premium, liquidations, fear_greed };

class Rig {
public:
    explicit Rig(SentimentParams params = {}) : sentiment(params) {
        scratch.reserve(1440);
        ticker.mark_price = ticker.index_price = 100;
        ticker.funding_rate = 1e-4;
        ticker.funding_interval = hours{8};
        ticker.open_interest_base = 1e6;
    }
    /// Goes on to the next second and evaluates it.
    void second() {
        u += seconds{1};
        sentiment.evaluate({.second = {.u = u, .scratch = scratch},
                            .ages = ages,
                            .ticker = ticker,
                            .mid = mid,
                            .sigma_1m_bps = sigma_1m_bps,
                            .fear_and_greed = mood,
                            .interest_per_8h = interest_per_8h});
    }
    void run(Nanos span) {
        for (const Timestamp end = u + span; u < end;) second();
    }
    /// One minute in which log mid and log open interest drift by so much.
    void minute(double log_return, double log_interest = 0) {
        mid = *mid * math::exp(log_return);
        ticker.mark_price = mid;
        ticker.open_interest_base = *ticker.open_interest_base * math::exp(log_interest);
        run(minutes{1});
    }
    void liquidate(bool is_long, double notional, Nanos before = milliseconds{500}) {
        sentiment.on_liquidation({.time = u - before, .is_long = is_long, .notional = notional});
    }
    /// The venue's polled ratio of an hour, for `count` hours that end at the current one.
    void ratios(std::size_t count, Prng& prng, double spread = .02) {
        for (std::size_t i = count; i-- > 0;) {
            const double share = .5 + spread * prng.normal();
            const Timestamp at = floor_to(u, hours{1}) - static_cast<std::int64_t>(i) * hours{1};
            sentiment.on_long_short_ratio(at, {.long_share = share, .short_share = 1 - share});
        }
    }
    [[nodiscard]] const Component& component(std::size_t index) const { return sentiment.score().components[index]; }
    [[nodiscard]] const Leaf& leaf(std::size_t index, std::size_t frame = 0) const {
        return component(index).leaves[frame];
    }
    /// All that the last evaluation said, with all digits.
    [[nodiscard]] std::string text() const {
        std::string out;
        StateWriter writer(out);
        DimensionScore copy = sentiment.score();
        writer(copy.score, copy.coverage);
        for (Component& one : copy.components) writer(one.score, one.coverage, one.leaves);
        return out;
    }

    Sentiment sentiment;
    Timestamp u = kStart;
    TickerState ticker;
    Ages ages{.liquidations = milliseconds{100}, .ticker = milliseconds{100}};
    std::optional<double> mid = 100;
    std::optional<double> sigma_1m_bps = 6;
    std::optional<FearAndGreed> mood;
    std::optional<double> interest_per_8h;
    std::vector<float> scratch;
};

inline double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/// Minutes of a random market, and what plain loops over them make of it.
struct RandomMarket {
    explicit RandomMarket(std::uint64_t seed) : prng(seed, "sentiment") {}
    void minute(Rig& rig) {
        rig.minute(6e-4 * prng.normal(), 8e-4 * prng.normal());
        price[rig.u] = math::log(*rig.mid);
        interest[rig.u] = math::log(*rig.ticker.open_interest_base);
    }
    /// z of the change over `frame` that ends at u, against those that ended at aligned instants up to u - frame.
    static std::optional<double> z(const std::map<Timestamp, double>& path, Timestamp u, Nanos frame) {
        if (!path.contains(u) || !path.contains(u - frame)) return std::nullopt;
        std::vector<double> sizes;
        for (const auto& [at, value] : path) {
            if (floor_to(at, frame) != at || at > u - frame || !path.contains(at - frame)) continue;
            sizes.push_back(std::abs(static_cast<double>(static_cast<float>(value - path.at(at - frame)))));
        }
        if (sizes.empty()) return std::nullopt;
        return std::clamp(0.67449 * (path.at(u) - path.at(u - frame)) / median_of(sizes), -4.0, 4.0);
    }

    Prng prng;
    std::map<Timestamp, double> price, interest;
};

}  // namespace vt::analysis::sentiment::test
