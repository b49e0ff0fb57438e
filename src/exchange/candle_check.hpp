#pragma once

#include "market/event.hpp"

namespace vt::exchange {

/// Why a candle cannot be; null: it can. Prices positive and inside the extremes, volumes not negative.
[[nodiscard]] constexpr const char* candle_defect(const market::Candle& candle) {
    if (candle.open <= 0 || candle.low <= 0 || candle.close <= 0) return "has a candle whose price is not positive";
    if (candle.high < candle.low || candle.open > candle.high || candle.open < candle.low ||
        candle.close > candle.high || candle.close < candle.low) {
        return "has a candle whose extremes do not hold its prices";
    }
    if (candle.volume_base < 0 || candle.turnover_quote < 0) return "has a candle of negative volume";
    return nullptr;
}

}  // namespace vt::exchange
