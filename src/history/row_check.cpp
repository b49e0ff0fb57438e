#include "history/row_check.hpp"

#include <algorithm>

namespace vt::history {
namespace {

/// -1, 0, 1 by value.
int compare(const Decimal& a, const Decimal& b) {
    using SignedWide = __int128;
    const auto widened = [](const Decimal& value, std::int8_t scale) {
        SignedWide number = value.mantissa;
        for (std::int8_t i = value.scale; i < scale; ++i) number *= 10;
        return number;
    };
    const std::int8_t scale = std::max(a.scale, b.scale);
    const SignedWide left = widened(a, scale);
    const SignedWide right = widened(b, scale);
    return left < right ? -1 : left > right ? 1 : 0;
}

}  // namespace

std::string contradiction(const Table& rows, std::size_t row) {
    const Decimal zero;
    const auto column = [&](std::size_t index) { return rows.columns[index].at(row); };
    if (rows.kind == Kind::klines || rows.kind == Kind::mark_klines) {
        const Decimal open = *column(0);
        const Decimal high = *column(1);
        const Decimal low = *column(2);
        const Decimal close = *column(3);
        if (compare(low, zero) <= 0) return "has a low that is not positive: " + low.to_string();
        if (compare(low, open) > 0 || compare(low, close) > 0)
            return "has a low of " + low.to_string() + " above its open or close";
        if (compare(high, open) < 0 || compare(high, close) < 0)
            return "has a high of " + high.to_string() + " below its open or close";
    }
    if (rows.kind == Kind::funding) return {};
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        const auto value = column(i);
        if (value && compare(*value, zero) < 0)
            return "has a negative " + std::string(columns_of(rows.kind)[i]) + ": " + value->to_string();
    }
    return {};
}

}  // namespace vt::history
