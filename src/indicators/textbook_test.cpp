// What TA-Lib does not have, or has with digits lost, against plain loops over all bars, in long double.

#include "indicators/average/wma.hpp"
#include "indicators/momentum/oscillators.hpp"
#include "indicators/statistics/correlation.hpp"
#include "indicators/statistics/dispersion.hpp"
#include "indicators/statistics/linear_regression.hpp"
#include "indicators/test_series.hpp"
#include "indicators/trend/heikin_ashi.hpp"
#include "indicators/trend/ichimoku.hpp"
#include "indicators/trend/supertrend.hpp"
#include "indicators/trend/vortex.hpp"
#include "indicators/volatility/channels.hpp"
#include "indicators/volatility/range_volatility.hpp"
#include "indicators/volume/accumulation.hpp"
#include "indicators/volume/force.hpp"
#include "indicators/volume/vwap.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace vt::indicators {
namespace {

using test::fields;
using test::of_bars;
using test::of_closes;
using test::Series;
using Real = long double;
using Row = std::vector<std::optional<Real>>;

/// f(i) for each bar from `begin` on, absent before.
template <class F>
Row row(std::size_t size, std::size_t begin, F f) {
    Row result(size);
    for (std::size_t i = begin; i < size; ++i) result[i] = f(i);
    return result;
}

/// Sum of f(j) over the `count` bars up to i.
template <class F>
Real sum(std::size_t i, std::size_t count, F f) {
    Real total = 0;
    for (std::size_t j = i + 1 - count; j <= i; ++j) total += f(j);
    return total;
}

/// EMA of f from its first value at `begin` on, seeded by the mean of `n` values.
template <class F>
Row ema(std::size_t size, std::size_t begin, std::size_t n, F f) {
    Row result(size);
    Real average = 0;
    for (std::size_t i = begin + n - 1; i < size; ++i) {
        const Real k = 2.0L / static_cast<Real>(n + 1);
        average = i == begin + n - 1 ? sum(i, n, f) / static_cast<Real>(n) : k * f(i) + (1 - k) * average;
        result[i] = average;
    }
    return result;
}

class Textbook {
public:
    Textbook(const Series& series, Prng& prng)
        : s_(series), size_(series.size()), n_(2 + static_cast<std::size_t>(prng.below(28))) {}

    void statistics();
    void averages();
    void oscillators();
    void channels();
    void trends();
    void volatilities();
    void volumes();
    void prices_by_volume();

private:
    [[nodiscard]] std::uint32_t period() const { return static_cast<std::uint32_t>(n_); }
    [[nodiscard]] Real n() const { return static_cast<Real>(n_); }
    [[nodiscard]] Real close(std::size_t i) const { return s_.close[i]; }
    [[nodiscard]] Real median(std::size_t i) const { return (Real{s_.high[i]} + s_.low[i]) / 2; }
    [[nodiscard]] Real typical(std::size_t i) const { return (Real{s_.high[i]} + s_.low[i] + s_.close[i]) / 3; }
    [[nodiscard]] Real highest(std::size_t i, std::size_t n) const {
        return *std::max_element(s_.high.begin() + static_cast<long>(i + 1 - n),
                                 s_.high.begin() + static_cast<long>(i + 1));
    }
    [[nodiscard]] Real lowest(std::size_t i, std::size_t n) const {
        return *std::min_element(s_.low.begin() + static_cast<long>(i + 1 - n),
                                 s_.low.begin() + static_cast<long>(i + 1));
    }
    [[nodiscard]] Real true_range(std::size_t i) const {
        const Real before = close(i - 1);
        return std::max<Real>(s_.high[i], before) - std::min<Real>(s_.low[i], before);
    }
    [[nodiscard]] Row average_true_range(std::size_t n) const {
        Row result(size_);
        for (std::size_t i = n; i < size_; ++i) {
            result[i] = i == n ? sum(i, n, [&](auto j) { return true_range(j); }) / static_cast<Real>(n)
                               : (*result[i - 1] * static_cast<Real>(n - 1) + true_range(i)) / static_cast<Real>(n);
        }
        return result;
    }
    [[nodiscard]] Real money_flow(std::size_t i) const {
        const Real range = Real{s_.high[i]} - s_.low[i];
        return range == 0 ? 0 : (2 * close(i) - s_.high[i] - s_.low[i]) / range * s_.volume[i];
    }
    [[nodiscard]] Real wma(std::size_t i, std::size_t n, const Row& of) const {
        Real total = 0;
        for (std::size_t j = 0; j < n; ++j) total += *of[i - j] * static_cast<Real>(n - j);
        return total / (static_cast<Real>(n) * static_cast<Real>(n + 1) / 2);
    }
    [[nodiscard]] Row closes() const {
        return row(size_, 0, [&](auto i) { return std::optional(close(i)); });
    }

    /// Equal to 1e-9 of the larger, or 1e-12 of `scale` where the value is a difference of such.
    template <class Step>
    void compare(const char* name, Real scale, Step step, const std::vector<Row>& expected) {
        for (std::size_t i = 0; i < size_; ++i) {
            const auto ours = fields(step(s_.bars[i]));
            ASSERT_EQ(ours.size(), expected.size());
            for (std::size_t line = 0; line < ours.size(); ++line) {
                const std::optional<Real>& wanted = expected[line][i];
                ASSERT_EQ(ours[line].has_value(), wanted.has_value()) << name << " line " << line << " at " << i;
                if (!wanted) continue;
                const Real allowed = 1e-9L * std::abs(*wanted) + 1e-12L * scale;
                ASSERT_LE(std::abs(*ours[line] - *wanted), allowed)
                    << name << " line " << line << " at " << i << ": " << *ours[line] << " not " << *wanted;
            }
        }
    }

    const Series& s_;
    std::size_t size_;
    std::size_t n_;
};

void Textbook::statistics() {
    const auto mean = [&](std::size_t i) { return sum(i, n_, [&](auto j) { return close(j); }) / n(); };
    const auto product = [&](std::size_t i, const std::vector<double>& x, const std::vector<double>& y) {
        const Real mean_x = sum(i, n_, [&](auto j) { return Real{x[j]}; }) / n();
        const Real mean_y = sum(i, n_, [&](auto j) { return Real{y[j]}; }) / n();
        return sum(i, n_, [&](auto j) { return (x[j] - mean_x) * (y[j] - mean_y); });
    };
    const Row variance =
        row(size_, n_ - 1, [&](auto i) { return std::optional(product(i, s_.close, s_.close) / n()); });
    const Row deviation = row(size_, n_ - 1, [&](auto i) { return std::optional(std::sqrt(*variance[i])); });
    compare("Variance", 0,
            of_closes(Variance(period()), &Variance::Value::mean, &Variance::Value::variance,
                      &Variance::Value::deviation),
            {row(size_, n_ - 1, [&](auto i) { return std::optional(mean(i)); }), variance, deviation});
    compare("BollingerBands", 0,
            of_closes(BollingerBands(period(), 1.5), &Channel::lower, &Channel::middle, &Channel::upper),
            {row(size_, n_ - 1, [&](auto i) { return std::optional(mean(i) - 1.5L * *deviation[i]); }),
             row(size_, n_ - 1, [&](auto i) { return std::optional(mean(i)); }),
             row(size_, n_ - 1, [&](auto i) { return std::optional(mean(i) + 1.5L * *deviation[i]); })});
    const auto correlation = [&](std::size_t i) -> std::optional<Real> {
        const Real x = product(i, s_.high, s_.high);
        const Real y = product(i, s_.close, s_.close);
        if (x == 0 || y == 0) return std::nullopt;
        return product(i, s_.high, s_.close) / std::sqrt(x * y);
    };
    compare("Correlation", 1e2,
            [of = Correlation(period())](const Bar& bar) mutable { return of.update(bar.high, bar.close); },
            {row(size_, n_ - 1, correlation)});
    std::vector<double> x(size_);
    std::vector<double> y(size_);
    for (std::size_t i = 1; i < size_; ++i) {
        x[i] = (s_.high[i] - s_.high[i - 1]) / s_.high[i - 1];
        y[i] = (s_.close[i] - s_.close[i - 1]) / s_.close[i - 1];
    }
    compare("ReturnBeta", 1e2,
            [of = ReturnBeta(period())](const Bar& bar) mutable { return of.update(bar.high, bar.close); },
            {row(size_, n_, [&](auto i) -> std::optional<Real> {
                if (product(i, x, x) == 0) return std::nullopt;
                return product(i, x, y) / product(i, x, x);
            })});
    std::vector<double> place(size_);
    for (std::size_t i = 0; i < size_; ++i) place[i] = static_cast<double>(i);
    const auto slope = [&](std::size_t i) { return product(i, place, s_.close) / product(i, place, place); };
    const auto line = [&](Real from_middle) {
        return row(size_, n_ - 1,
                   [&, from_middle](auto i) { return std::optional(mean(i) + from_middle * slope(i)); });
    };
    using Line = LinearRegression::Value;
    compare("LinearRegression", 0,
            of_closes(LinearRegression(period()), &Line::end, &Line::intercept, &Line::forecast),
            {line((n() - 1) / 2), line(-(n() - 1) / 2), line((n() + 1) / 2)});
    compare("LinearRegression's slope", s_.highest() / 100, of_closes(LinearRegression(period()), &Line::slope),
            {row(size_, n_ - 1, [&](auto i) { return std::optional(slope(i)); })});
    compare("LinearRegression's angle", s_.highest(), of_closes(LinearRegression(period()), &Line::angle_degrees),
            {row(size_, n_ - 1,
                 [&](auto i) { return std::optional(std::atan(slope(i)) * 180 / std::numbers::pi_v<Real>); })});
}

void Textbook::averages() {
    const Row price = closes();
    const auto root = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(n_))));
    const Row inner =
        row(size_, n_ - 1, [&](auto i) { return std::optional(2 * wma(i, n_ / 2, price) - wma(i, n_, price)); });
    compare("Hma", 0, of_closes(Hma(period())),
            {row(size_, n_ + root - 2, [&](auto i) { return std::optional(wma(i, root, inner)); })});
    const auto change = [&](std::size_t i, std::size_t n) { return 100 * (close(i) / close(i - n) - 1); };
    const std::size_t slow = n_ + 3;
    const Row both = row(size_, slow, [&](auto i) { return std::optional(change(i, n_) + change(i, slow)); });
    compare("CoppockCurve", 100, of_closes(CoppockCurve(period(), period() + 3, 10)),
            {row(size_, slow + 9, [&](auto i) { return std::optional(wma(i, 10, both)); })});
    const Row average = ema(size_, 0, n_, [&](auto i) { return close(i); });
    compare("ElderRay", s_.highest(), of_bars(ElderRay(period()), &ElderRay::Value::bull, &ElderRay::Value::bear),
            {row(size_, n_ - 1, [&](auto i) { return std::optional(s_.high[i] - *average[i]); }),
             row(size_, n_ - 1, [&](auto i) { return std::optional(s_.low[i] - *average[i]); })});
}

void Textbook::oscillators() {
    const auto mean = [&](std::size_t i, std::size_t n) {
        return sum(i, n, [&](auto j) { return median(j); }) / static_cast<Real>(n);
    };
    compare("AwesomeOscillator", s_.highest(), of_bars(AwesomeOscillator(period(), period() + 7)),
            {row(size_, n_ + 6, [&](auto i) { return std::optional(mean(i, n_) - mean(i, n_ + 7)); })});
    Row fisher(size_);
    Row trigger(size_);
    Real x = 0;
    std::optional<Real> last;
    // In double: whether two medians are equal decides whether there is a value.
    const auto price = [&](std::size_t i) { return Real{(s_.high[i] + s_.low[i]) / 2}; };
    for (std::size_t i = n_ - 1; i < size_; ++i) {
        Real high = price(i);
        Real low = price(i);
        for (std::size_t j = 0; j < n_; ++j) {
            high = std::max(high, price(i - j));
            low = std::min(low, price(i - j));
        }
        if (high == low) continue;
        x = 0.66L * ((price(i) - low) / (high - low) - 0.5L) + 0.67L * x;
        x = std::min(0.999L, std::max(-0.999L, x));
        const Real now = std::log((1 + x) / (1 - x)) / 2 + (last ? *last / 2 : 0);
        if (last) {
            fisher[i] = now;
            trigger[i] = last;
        }
        last = now;
    }
    compare("FisherTransform", 1e3,
            of_bars(FisherTransform(period()), &FisherTransform::Value::fisher, &FisherTransform::Value::trigger),
            {fisher, trigger});
}

void Textbook::channels() {
    const Row average = ema(size_, 0, n_, [&](auto i) { return close(i); });
    const Row range = average_true_range(10);
    const auto keltner = [&](Real width) {
        return row(size_, std::max<std::size_t>(n_ - 1, 10),
                   [&, width](auto i) { return std::optional(*average[i] + width * *range[i]); });
    };
    compare("KeltnerChannel", 0,
            of_bars(KeltnerChannel(period(), 10, 2.5), &Channel::lower, &Channel::middle, &Channel::upper),
            {keltner(-2.5L), keltner(0), keltner(2.5L)});
    const auto middle = [&](std::size_t i, std::size_t n) { return (highest(i, n) + lowest(i, n)) / 2; };
    compare("DonchianChannel", 0,
            of_bars(DonchianChannel(period()), &Channel::lower, &Channel::middle, &Channel::upper),
            {row(size_, n_ - 1, [&](auto i) { return std::optional(lowest(i, n_)); }),
             row(size_, n_ - 1, [&](auto i) { return std::optional(middle(i, n_)); }),
             row(size_, n_ - 1, [&](auto i) { return std::optional(highest(i, n_)); })});
    using Cloud = Ichimoku::Value;
    compare("Ichimoku", 0,
            [of = Ichimoku(IchimokuPeriods{})](const Bar& bar) mutable {
                return fields(std::optional(of.update(bar)), &Cloud::conversion, &Cloud::base, &Cloud::span_a,
                              &Cloud::span_b, &Cloud::lagging);
            },
            {row(size_, 8, [&](auto i) { return std::optional(middle(i, 9)); }),
             row(size_, 25, [&](auto i) { return std::optional(middle(i, 26)); }),
             row(size_, 51, [&](auto i) { return std::optional((middle(i - 26, 9) + middle(i - 26, 26)) / 2); }),
             row(size_, 77, [&](auto i) { return std::optional(middle(i - 26, 52)); }),
             row(size_, 26, [&](auto i) { return std::optional(close(i - 26)); })});
}

void Textbook::trends() {
    const auto ratio = [&](auto part) {
        return row(size_, n_, [&, part](auto i) -> std::optional<Real> {
            const Real range = sum(i, n_, [&](auto j) { return true_range(j); });
            if (range == 0) return std::nullopt;
            return sum(i, n_, part) / range;
        });
    };
    compare("Vortex", 0, of_bars(Vortex(period()), &Vortex::Value::plus, &Vortex::Value::minus),
            {ratio([&](auto j) { return std::abs(Real{s_.high[j]} - s_.low[j - 1]); }),
             ratio([&](auto j) { return std::abs(Real{s_.low[j]} - s_.high[j - 1]); })});
    compare("Choppiness", 100, of_bars(Choppiness(period())), {row(size_, n_, [&](auto i) -> std::optional<Real> {
                const Real whole = highest(i, n_) - lowest(i, n_);
                if (whole == 0) return std::nullopt;
                const Real parts = sum(i, n_, [&](auto j) { return true_range(j); });
                return 100 * std::log10(parts / whole) / std::log10(n());
            })});
    std::vector<Row> ashi(4, Row(size_));
    for (std::size_t i = 0; i < size_; ++i) {
        ashi[3][i] = (Real{s_.open[i]} + s_.high[i] + s_.low[i] + s_.close[i]) / 4;
        ashi[0][i] = i == 0 ? (Real{s_.open[0]} + s_.close[0]) / 2 : (*ashi[0][i - 1] + *ashi[3][i - 1]) / 2;
        ashi[1][i] = std::max(std::max<Real>(s_.high[i], *ashi[0][i]), *ashi[3][i]);
        ashi[2][i] = std::min(std::min<Real>(s_.low[i], *ashi[0][i]), *ashi[3][i]);
    }
    compare(
        "HeikinAshi", 0,
        [of = HeikinAshi()](const Bar& bar) mutable {
            return fields(std::optional(of.update(bar)), &Bar::open, &Bar::high, &Bar::low, &Bar::close);
        },
        ashi);
    // Supertrend by its two running lines, kept for all bars.
    const Row range = average_true_range(n_);
    std::vector<Real> lower(size_);
    std::vector<Real> upper(size_);
    Row line(size_);
    Row rising(size_);
    for (std::size_t i = n_; i < size_; ++i) {
        const Real low = median(i) - 3 * *range[i];
        const Real high = median(i) + 3 * *range[i];
        const bool is_first = i == n_;
        lower[i] = is_first || low > lower[i - 1] || close(i - 1) < lower[i - 1] ? low : lower[i - 1];
        upper[i] = is_first || high < upper[i - 1] || close(i - 1) > upper[i - 1] ? high : upper[i - 1];
        if (is_first) {
            rising[i] = close(i) >= median(i) ? 1 : 0;
        } else if (*rising[i - 1] > 0) {
            rising[i] = close(i) < lower[i] ? 0 : 1;
        } else {
            rising[i] = close(i) > upper[i] ? 1 : 0;
        }
        line[i] = *rising[i] > 0 ? lower[i] : upper[i];
    }
    compare("Supertrend", 0,
            of_bars(Supertrend(period(), 3), &Supertrend::Value::line, &Supertrend::Value::is_rising),
            {line, rising});
}

void Textbook::volatilities() {
    const auto log_of = [](Real x, Real y) { return std::log(x / y); };
    const auto sample_variance = [&](std::size_t i, auto f) {
        const Real mean = sum(i, n_, f) / n();
        return sum(i, n_, [&](auto j) { return (f(j) - mean) * (f(j) - mean); }) / (n() - 1);
    };
    const auto root = [](Real x) { return std::optional(std::sqrt(x)); };
    const auto body = [&](std::size_t j) { return log_of(s_.close[j], s_.open[j]); };
    const auto range = [&](std::size_t j) { return log_of(s_.high[j], s_.low[j]); };
    const auto between = [&](std::size_t j) { return log_of(s_.open[j], s_.close[j - 1]); };
    const auto satchell = [&](std::size_t j) {
        return log_of(s_.high[j], s_.close[j]) * log_of(s_.high[j], s_.open[j]) +
               log_of(s_.low[j], s_.close[j]) * log_of(s_.low[j], s_.open[j]);
    };
    const Real ln2 = std::numbers::ln2_v<Real>;
    compare("CloseToCloseVolatility", 1e-3, of_bars(CloseToCloseVolatility(period())), {row(size_, n_, [&](auto i) {
                return root(sample_variance(i, [&](auto j) { return log_of(close(j), close(j - 1)); }));
            })});
    compare("ParkinsonVolatility", 1e-3, of_bars(ParkinsonVolatility(period())), {row(size_, n_ - 1, [&](auto i) {
                return root(sum(i, n_, [&](auto j) { return range(j) * range(j); }) / (4 * n() * ln2));
            })});
    compare("GarmanKlassVolatility", 1e-3, of_bars(GarmanKlassVolatility(period())), {row(size_, n_ - 1, [&](auto i) {
                return root(
                    sum(i, n_, [&](auto j) { return range(j) * range(j) / 2 - (2 * ln2 - 1) * body(j) * body(j); }) /
                    n());
            })});
    // Near a bar that only rose, the two products vanish with the rounding of the prices' ratios.
    compare("RogersSatchellVolatility", 1e-3, of_bars(RogersSatchellVolatility(period())),
            {row(size_, n_ - 1, [&](auto i) { return root(sum(i, n_, satchell) / n()); })});
    const Real k = 0.34L / (1.34L + (n() + 1) / (n() - 1));
    compare("YangZhangVolatility", 1e-3, of_bars(YangZhangVolatility(period())), {row(size_, n_, [&](auto i) {
                return root(sample_variance(i, between) + k * sample_variance(i, body) +
                            (1 - k) * sum(i, n_, satchell) / n());
            })});
}

void Textbook::volumes() {
    compare("ChaikinMoneyFlow", 1, of_bars(ChaikinMoneyFlow(period())),
            {row(size_, n_ - 1, [&](auto i) -> std::optional<Real> {
                const Real volume = sum(i, n_, [&](auto j) { return Real{s_.volume[j]}; });
                if (volume == 0) return std::nullopt;
                return sum(i, n_, [&](auto j) { return money_flow(j); }) / volume;
            })});
    Real most = 0;
    for (std::size_t i = 0; i < size_; ++i) most = std::max(most, Real{s_.volume[i]} * s_.high[i]);
    compare("ForceIndex", most, of_bars(ForceIndex(period())),
            {ema(size_, 1, n_, [&](auto i) { return (close(i) - close(i - 1)) * s_.volume[i]; })});
    Row ease(size_);
    std::vector<Real> moves;
    Real largest = 0;
    for (std::size_t i = 1; i < size_; ++i) {
        if (s_.volume[i] == 0) continue;
        const Real box = (Real{s_.high[i]} - s_.low[i]) / s_.volume[i];
        moves.push_back((median(i) - median(i - 1)) * box);
        largest = std::max(largest, median(i) * box);
        if (moves.size() >= n_) ease[i] = sum(moves.size() - 1, n_, [&](auto j) { return moves[j]; }) / n();
    }
    compare("EaseOfMovement", largest, of_bars(EaseOfMovement(period())), {ease});
}

void Textbook::prices_by_volume() {
    const auto vwap = [&](auto begin_of) {
        std::vector<Row> lines(2, Row(size_));
        for (std::size_t i = 0; i < size_; ++i) {
            if (begin_of(i) > i) continue;
            Real volume = 0;
            Real money = 0;
            Real squares = 0;
            for (std::size_t j = begin_of(i); j <= i; ++j) {
                volume += s_.volume[j];
                money += s_.volume[j] * typical(j);
            }
            if (volume == 0) continue;
            for (std::size_t j = begin_of(i); j <= i; ++j) {
                squares += s_.volume[j] * (typical(j) - money / volume) * (typical(j) - money / volume);
            }
            lines[0][i] = money / volume;
            lines[1][i] = std::sqrt(squares / volume);
        }
        return lines;
    };
    using Value = AnchoredVwap::Value;
    const std::size_t anchor = n_ * 3;
    compare(
        "AnchoredVwap", s_.highest(),
        [of = AnchoredVwap(), anchor, i = std::size_t{0}](const Bar& bar) mutable {
            if (i++ == anchor) of.anchor();
            return fields(of.update(bar), &Value::price, &Value::deviation);
        },
        vwap([&](auto i) { return i >= anchor ? anchor : 0; }));
    // The bar of this hour's first minute, none if it was not seen.
    const auto session_begin = [&](std::size_t i) {
        const auto minute = static_cast<std::size_t>(to_ms(s_.bars[i].open_time) / 60'000 % 60);
        return minute <= i ? i - minute : size_;
    };
    compare("SessionVwap", s_.highest(),
            of_bars(SessionVwap(std::chrono::hours{1}), &Value::price, &Value::deviation), vwap(session_begin));
    // The last bar that five bars on both sides leave outermost, and five bars ago at the least.
    const auto turn = [&](std::size_t i) {
        for (std::size_t j = i; j-- > 5;) {
            bool is_high = j + 5 <= i;
            bool is_low = is_high;
            for (std::size_t k = 1; k <= 5 && j + 5 <= i; ++k) {
                is_high = is_high && s_.high[j] > s_.high[j - k] && s_.high[j] >= s_.high[j + k];
                is_low = is_low && s_.low[j] < s_.low[j - k] && s_.low[j] <= s_.low[j + k];
            }
            if (is_high || is_low) return j;
        }
        return size_;
    };
    std::vector<Row> swing = vwap(turn);
    swing.push_back(row(size_, 0, [&](auto i) -> std::optional<Real> {
        return swing[0][i] ? std::optional<Real>(i - turn(i)) : std::nullopt;
    }));
    compare("SwingVwap", s_.highest(),
            of_bars(SwingVwap(), &SwingVwap::Value::price, &SwingVwap::Value::deviation, &SwingVwap::Value::bars_ago),
            swing);
}

void compare_all(const Series& series, Prng& prng) {
    Textbook book(series, prng);
    book.statistics();
    book.averages();
    book.oscillators();
    book.channels();
    book.trends();
    book.volatilities();
    book.volumes();
    book.prices_by_volume();
}

TEST(Technical, EqualsTheTextbookOnRandomSeries) {
    Prng prng(11, "textbook");
    for (int i = 0; i < 1000; ++i) {
        compare_all(test::random_series(prng, 100 + prng.below(60), i % 2 == 1), prng);
        if (HasFailure()) FAIL() << "on series " << i;
    }
}

TEST(Technical, EqualsTheTextbookOnRecordedCandles) {
    const Series series = test::recorded_series("DOGEUSDT", 20'000);
    if (series.size() == 0) {
        GTEST_SKIP() << "NOT CHECKED: no recorded candles (VIRTUOSO_SHARED, or ../shared), or no zstd program";
    }
    Prng prng(12, "recorded");
    for (std::size_t begin = 0; begin + 500 <= series.size(); begin += 500) {
        Series part;
        for (std::size_t i = begin; i < begin + 500; ++i) part.add(series.bars[i]);
        compare_all(part, prng);
        if (HasFailure()) FAIL() << "from bar " << begin;
    }
}

}  // namespace
}  // namespace vt::indicators
