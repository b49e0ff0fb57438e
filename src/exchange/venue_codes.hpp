#pragma once

#include "exchange/venue_error.hpp"

#include <optional>
#include <span>

namespace vt::exchange {

/// Codes of one venue that mean the same, both ends included.
struct CodeRange {
    int first = 0;
    int last = 0;
    ErrorClass kind = ErrorClass::unclassified;
};

/// The tables themselves; the first range that holds a code decides.
[[nodiscard]] std::span<const CodeRange> bybit_codes();
[[nodiscard]] std::span<const CodeRange> binance_codes();

/// What a code means; nullopt: nobody here knows.
[[nodiscard]] std::optional<ErrorClass> bybit_class(int code);
[[nodiscard]] std::optional<ErrorClass> binance_class(int code);

}  // namespace vt::exchange
