#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace vt::indicators {

/// Exponential moving average: e <- e + k (x - e), k = 2 / (period + 1), from the mean of the first `period`
/// values.
///   out:    in the unit of the values; absent until `period` values were seen
///   cost:   O(1), does not allocate
///   source: TA-Lib EMA
class Ema {
public:
    explicit Ema(std::uint32_t period) : Ema(period, usual_weight(period)) {}
    /// From the mean of the first `period` values, with a weight of its own for the newest, 0 < weight <= 1.
    Ema(std::uint32_t period, double weight);
    [[nodiscard]] static constexpr double usual_weight(std::uint32_t period) {
        return 2 / (static_cast<double>(period) + 1);
    }

    std::optional<double> update(double value);
    void clear();

private:
    std::uint32_t period_;
    double weight_;
    std::uint32_t count_ = 0;
    double average_ = 0;  // the sum until there are `period_` values
};

/// An EMA of an EMA of ... `depth` times: what Dema, Tema, T3 and Trix are made of.
template <std::size_t depth>
class EmaChain {
public:
    explicit EmaChain(std::uint32_t period) : stages_(make(period, std::make_index_sequence<depth>{})) {}

    /// The value of each stage, the outermost last; absent until that one has a value, after
    /// depth (period - 1) + 1 values.
    std::optional<std::array<double, depth>> update(double value) {
        std::array<double, depth> all{};
        for (std::size_t i = 0; i < depth; ++i) {
            const auto next = stages_[i].update(value);
            if (!next) return std::nullopt;
            all[i] = value = *next;
        }
        return all;
    }
    void clear() {
        for (Ema& stage : stages_) stage.clear();
    }

private:
    template <std::size_t... i>
    static std::array<Ema, depth> make(std::uint32_t period, std::index_sequence<i...> /*places*/) {
        return {((void)i, Ema(period))...};
    }
    std::array<Ema, depth> stages_;
};

/// Double exponential moving average: 2 e1 - e2, where e2 is the EMA of e1.
///   out:    in the unit of the values; absent until 2 period - 1 values were seen
///   cost:   O(1), does not allocate
///   source: Mulloy 1994; TA-Lib DEMA
class Dema {
public:
    explicit Dema(std::uint32_t period) : chain_(period) {}
    std::optional<double> update(double value);
    void clear() { chain_.clear(); }

private:
    EmaChain<2> chain_;
};

/// Triple exponential moving average: 3 e1 - 3 e2 + e3.
///   out:    in the unit of the values; absent until 3 period - 2 values were seen
///   cost:   O(1), does not allocate
///   source: Mulloy 1994; TA-Lib TEMA
class Tema {
public:
    explicit Tema(std::uint32_t period) : chain_(period) {}
    std::optional<double> update(double value);
    void clear() { chain_.clear(); }

private:
    EmaChain<3> chain_;
};

/// T3: Mulloy's "generalised DEMA" (1 + v) e1 - v e2, applied three times.
///   in:     volume factor v, 0 (an EMA thrice) to 1 (a DEMA thrice)
///   out:    in the unit of the values; absent until 6 period - 5 values were seen
///   cost:   O(1), does not allocate
///   source: Tillson 1998; TA-Lib T3
class T3 {
public:
    static constexpr double kTillsonFactor = 0.7;
    explicit T3(std::uint32_t period, double volume_factor = kTillsonFactor);
    std::optional<double> update(double value);
    void clear() { chain_.clear(); }

private:
    EmaChain<6> chain_;
    std::array<double, 4> weights_;  // of e3, e4, e5, e6
};

}  // namespace vt::indicators
