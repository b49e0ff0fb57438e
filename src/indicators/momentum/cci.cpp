#include "indicators/momentum/cci.hpp"

namespace vt::indicators {

std::optional<double> Cci::update(const Bar& bar) {
    constexpr double kLambert = 0.015;
    const double price = typical_price(bar);
    const auto of = deviation_.update(price);
    if (!of || of->deviation == 0) return std::nullopt;
    return (price - of->mean) / (kLambert * of->deviation);
}

}  // namespace vt::indicators
