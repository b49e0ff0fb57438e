#include "analysis/liquidity/book_scale.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <span>

namespace vt::analysis::liquidity {
namespace {

constexpr Nanos kMinute = std::chrono::minutes{1};
constexpr Nanos kHour = std::chrono::hours{1};
constexpr double kSigmaPerMedianMove = 1.4826;
constexpr std::size_t kMinHourMoves = 12;  // an hour of 5-minute bars

/// The middle value, or the mean of the two middle ones. Reorders the values.
std::optional<double> median_of(std::span<float> values) {
    if (values.empty()) return std::nullopt;
    const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), half, values.end());
    const double upper = static_cast<double>(*half);
    if (values.size() % 2 == 1) return upper;
    return (upper + static_cast<double>(*std::max_element(values.begin(), half))) / 2;
}

/// Of the closes of the last day before `until`, scaled to a minute. out: absent with fewer than 12 moves
std::optional<double> sigma_1m_of_bars(const BarHistory& bars, Timestamp until) {
    std::array<float, kDay / interval_of(BarSize::m5)> moves;
    std::size_t count = 0;
    const PriceBar* before = nullptr;
    bars.visit_span(BarSize::m5, until, kDay, [&](const PriceBar& bar) {
        if (before != nullptr && bar.close_time - before->close_time == interval_of(BarSize::m5)) {
            moves[count++] = static_cast<float>(1e4 * std::abs(math::log(bar.close / before->close)));
        }
        before = &bar;
    });
    if (count < kMinHourMoves) return std::nullopt;
    const auto median = median_of(std::span<float>(moves.data(), count));
    return kSigmaPerMedianMove * *median / std::sqrt(static_cast<double>(interval_of(BarSize::m5) / kMinute));
}

}  // namespace

std::optional<double> BookScale::median_spread_bps() const {
    std::array<float, kDayMinutes> known;
    std::size_t count = 0;
    for (std::size_t i = 0; i < spreads_.size(); ++i) {
        if (spreads_[i] >= 0) known[count++] = spreads_[i];
    }
    return median_of(std::span<float>(known.data(), count));
}

void BookScale::set_scale(const std::optional<double>& sigma_1m_bps) {
    const double lowest = std::min(kMaxBps, std::max(kMinBps, median_spread_bps().value_or(kMinBps)));
    scale_bps_ = std::clamp(0.5 * sigma_1m_bps.value_or(0), lowest, kMaxBps);
}

void BookScale::close_minute(const MinuteFeatures& minute, const BarHistory& bars) {
    const Timestamp end = minute.start + kMinute;
    if (last_minute_end_) {
        const auto unseen = std::min<std::int64_t>((minute.start - *last_minute_end_) / kMinute, kDayMinutes);
        for (std::int64_t i = 0; i < unseen; ++i) spreads_.push(kUnknown);
    }
    spreads_.push(minute.spread_bps_mean ? static_cast<float>(*minute.spread_bps_mean) : kUnknown);
    last_minute_end_ = end;

    const Timestamp hour = floor_to(end, kHour);
    if (is_settled_ && hour_ == hour) return;
    hour_ = hour;
    is_settled_ = minute.sigma_1m_bps.has_value();
    set_scale(is_settled_ ? minute.sigma_1m_bps : sigma_1m_of_bars(bars, end));
}

}  // namespace vt::analysis::liquidity
