#include "indicators/volume/accumulation.hpp"

#include <utility>

namespace vt::indicators {

double money_flow_volume(const Bar& bar) {
    const double range = bar.high - bar.low;
    if (range <= 0) return 0;
    return ((bar.close - bar.low) - (bar.high - bar.close)) / range * bar.volume;
}

double Obv::update(const Bar& bar) {
    const auto before = std::exchange(previous_close_, bar.close);
    if (!before || bar.close > *before) {
        sum_ += bar.volume;
    } else if (bar.close < *before) {
        sum_ -= bar.volume;
    }
    return sum_;
}

void Obv::clear() {
    previous_close_.reset();
    sum_ = 0;
}

ChaikinOscillator::ChaikinOscillator(std::uint32_t fast, std::uint32_t slow)
    : fast_(1, Ema::usual_weight(fast)), slow_(1, Ema::usual_weight(slow)), wait_(slow - 1) {
    VT_ASSERT(fast > 0 && fast < slow);
}

std::optional<double> ChaikinOscillator::update(const Bar& bar) {
    const double line = line_.update(bar);
    const auto fast = fast_.update(line);
    const auto slow = slow_.update(line);
    if (waited_ < wait_) {
        ++waited_;
        return std::nullopt;
    }
    if (!fast || !slow) return std::nullopt;
    return *fast - *slow;
}

void ChaikinOscillator::clear() {
    line_.clear();
    fast_.clear();
    slow_.clear();
    waited_ = 0;
}

std::optional<double> ChaikinMoneyFlow::update(const Bar& bar) {
    const auto flow = flow_.update(money_flow_volume(bar));
    const auto volume = volume_.update(bar.volume);
    if (!flow || !volume || *volume == 0) return std::nullopt;
    return *flow / *volume;
}

void ChaikinMoneyFlow::clear() {
    flow_.clear();
    volume_.clear();
}

std::optional<double> Mfi::update(const Bar& bar) {
    const double price = typical_price(bar);
    const auto before = std::exchange(previous_, price);
    if (!before) return std::nullopt;
    const double flow = price * bar.volume;
    const auto up = up_.update(price > *before ? flow : 0);
    const auto down = down_.update(price < *before ? flow : 0);
    if (!up || !down || *up + *down == 0) return std::nullopt;
    return 100 * (*up / (*up + *down));
}

void Mfi::clear() {
    previous_.reset();
    up_.clear();
    down_.clear();
}

}  // namespace vt::indicators
