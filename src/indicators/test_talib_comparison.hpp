#pragma once

// For tests only: an indicator beside the function of TA-Lib that is the same, on random and on recorded series.

#include "indicators/test_talib.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace vt::indicators::test {

/// Compares over one series. A number equals TA-Lib's where they differ by a 10^9th of the larger, or by the rounding
/// of what it is the difference of: 1e-13 times the given scale.
class TalibComparison {
public:
    TalibComparison(const Series& of, Prng* prng) : series(of), in(of, 0, of.size()), prng_(prng) {}

    const Series& series;
    const TalibInput in;

    /// A random period on a random series, otherwise the usual one.
    [[nodiscard]] std::uint32_t period(std::uint32_t usual, std::uint32_t least, std::uint32_t most) {
        if (prng_ == nullptr) return usual;
        return least + static_cast<std::uint32_t>(prng_->below(most - least + 1));
    }
    [[nodiscard]] double fraction(double usual, double least, double most) {
        return prng_ == nullptr ? usual : least + (most - least) * prng_->uniform();
    }

    /// `step`: a function of a bar that gives N numbers; `call`: a function of a TalibOutput that lets TA-Lib write
    /// it. Where we have no value TA-Lib writes 0; after that its averages differ for `smoothing` bars.
    template <std::size_t N, class Step, class Call>
    void compare(const char* name, double scale, Step step, Call call, std::size_t smoothing = 0) {
        TalibOutput<N> theirs(series.size());
        ASSERT_EQ(call(theirs), TA_SUCCESS) << name;
        const Lines<N> ours = run<N>(series, step);
        for (std::size_t line = 0; line < N; ++line) {
            std::size_t until = 0;
            for (std::size_t i = 0; i < ours.size(); ++i) {
                const bool is_there = i >= static_cast<std::size_t>(theirs.begin) &&
                                      i < static_cast<std::size_t>(theirs.begin + theirs.count);
                const std::optional<double> mine = ours[i][line];
                if (!is_there) {
                    ASSERT_FALSE(mine) << name << " line " << line << " at " << i << ": TA-Lib has no value yet";
                    continue;
                }
                const double expected = theirs.lines[line][i - static_cast<std::size_t>(theirs.begin)];
                if (!mine) {
                    if (smoothing == 0) {
                        ASSERT_NEAR(expected, 0, 1e-13 * scale) << name << " at " << i;
                    }
                    until = i + smoothing;
                }
                if (!mine || i < until) continue;
                const double allowed = 1e-9 * std::max(std::abs(*mine), std::abs(expected)) + 1e-13 * scale;
                ASSERT_NEAR(*mine, expected, allowed) << name << " line " << line << " at " << i;
                ++compared_[name];
            }
        }
    }

    /// Values compared of each function.
    [[nodiscard]] const std::map<std::string, std::size_t>& compared() const { return compared_; }

private:
    Prng* prng_;
    std::map<std::string, std::size_t> compared_;
};

/// A family: so many functions, each compared once.
using TalibFamily = void (*)(TalibComparison&);

inline void expect_compared(const std::map<std::string, std::size_t>& compared, std::size_t functions,
                            std::size_t values) {
    EXPECT_EQ(compared.size(), functions);
    for (const auto& [name, count] : compared) EXPECT_GT(count, values) << name;
}

inline void compare_on_random_series(TalibFamily family, std::size_t functions) {
    ASSERT_EQ(TA_Initialize(), TA_SUCCESS);
    Prng prng(7, "talib");
    std::map<std::string, std::size_t> compared;
    for (int i = 0; i < 1000; ++i) {
        const Series series = random_series(prng, 200 + prng.below(60), i % 2 == 1);
        TalibComparison comparison(series, &prng);
        family(comparison);
        if (testing::Test::HasFailure()) FAIL() << "on series " << i;
        for (const auto& [name, count] : comparison.compared()) compared[name] += count;
    }
    expect_compared(compared, functions, 100'000);
}

/// How a month of minutes is given to TA-Lib.
enum class Pieces : std::uint8_t {
    whole,
    parts,          ///< of 1,000 bars: the mean of a month is far from most prices
    centred_parts,  ///< less their first close, for us too
};

inline std::vector<Series> pieces_of(const Series& series, Pieces pieces) {
    if (pieces == Pieces::whole) return {series};
    std::vector<Series> parts;
    for (std::size_t begin = 0; begin < series.size(); begin += 1000) {
        const double level = pieces == Pieces::centred_parts ? series.close[begin] : 0;
        Series& part = parts.emplace_back();
        for (std::size_t i = begin; i < begin + 1000; ++i) {
            Bar bar = series.bars[i];
            bar.close -= level;
            part.add(bar);
        }
    }
    return parts;
}

inline void compare_on_recorded_candles(TalibFamily family, std::size_t functions, Pieces pieces = Pieces::whole) {
    ASSERT_EQ(TA_Initialize(), TA_SUCCESS);
    for (const char* symbol : {"BTCUSDT", "ETHUSDT", "DOGEUSDT"}) {
        const Series series = recorded_series(symbol, 43'000);
        if (series.size() == 0) {
            GTEST_SKIP() << "NOT CHECKED: no recorded candles (VIRTUOSO_SHARED, or ../shared), or no zstd program";
        }
        ASSERT_EQ(series.size(), 43'000);
        std::map<std::string, std::size_t> compared;
        for (const Series& piece : pieces_of(series, pieces)) {
            TalibComparison comparison(piece, nullptr);
            family(comparison);
            for (const auto& [name, count] : comparison.compared()) compared[name] += count;
        }
        if (testing::Test::HasFailure()) FAIL() << symbol;
        expect_compared(compared, functions, 40'000);
    }
}

}  // namespace vt::indicators::test

/// A call of TA-Lib as TalibComparison::compare takes it; `in` and `out` are the macros' own.
#define VT_CALL(call) [&](auto& out) { return call; }
