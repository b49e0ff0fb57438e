#pragma once

#include <compare>
#include <cstdint>

namespace vt {

/// A number with a meaning. Explicit both ways; adds and subtracts with its own kind only; a product leaves the type.
template <class Tag, class Rep>
class Strong {
public:
    using rep = Rep;
    constexpr Strong() = default;
    constexpr explicit Strong(Rep value) : value_(value) {}
    [[nodiscard]] constexpr Rep value() const { return value_; }

    constexpr auto operator<=>(const Strong&) const = default;
    constexpr Strong& operator+=(Strong other) { value_ += other.value_; return *this; }
    constexpr Strong& operator-=(Strong other) { value_ -= other.value_; return *this; }
    friend constexpr Strong operator+(Strong a, Strong b) { return Strong{static_cast<Rep>(a.value_ + b.value_)}; }
    friend constexpr Strong operator-(Strong a, Strong b) { return Strong{static_cast<Rep>(a.value_ - b.value_)}; }
    friend constexpr Strong operator-(Strong a) { return Strong{static_cast<Rep>(-a.value_)}; }

private:
    Rep value_{};
};

/// A price, counted in the instrument's tick size.
using Ticks = Strong<struct TicksTag, std::int64_t>;
/// A quantity, counted in the instrument's lot size.
using Lots = Strong<struct LotsTag, std::int64_t>;
/// One hundredth of a percent.
using Bps = Strong<struct BpsTag, double>;

}  // namespace vt
