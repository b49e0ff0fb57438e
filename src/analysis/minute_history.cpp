#include "analysis/minute_history.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis {
namespace {

constexpr std::size_t kHalfHour = 30;

std::optional<double> sigma(const Ring<double>& returns, std::vector<double>& scratch) {
    if (returns.size() < MinuteHistory::kMinReturns) return std::nullopt;
    scratch.clear();
    for (std::size_t i = 0; i < returns.size(); ++i) scratch.push_back(std::abs(returns[i]));
    const auto half = scratch.begin() + static_cast<std::ptrdiff_t>(scratch.size() / 2);
    std::nth_element(scratch.begin(), half, scratch.end());
    double median = *half;
    if (scratch.size() % 2 == 0) median = (median + *std::max_element(scratch.begin(), half)) / 2;
    return 1.4826 * median;
}

}  // namespace

MinuteHistory::MinuteHistory() { scratch_.reserve(kReturns); }

void MinuteHistory::push(const MinuteRecord& minute, const BookSums& book) {
    minutes_.push(minute);
    books_.push(book);
    if (minute.ret_mid_bps) returns_.push(*minute.ret_mid_bps);
    recompute();
}

void MinuteHistory::recompute() {
    trades_30m_ = trades_4h_ = TradeSums{};
    quotes_30m_ = QuoteSums{};
    books_30m_ = BookSums{};
    for (std::size_t i = 0; i < minutes_.size(); ++i) {
        trades_4h_.add(minutes_[i].trades);
        if (minutes_.size() - i > kHalfHour) continue;
        trades_30m_.add(minutes_[i].trades);
        quotes_30m_.add(minutes_[i].quotes);
    }
    for (std::size_t i = 0; i < books_.size(); ++i) books_30m_.add(books_[i]);
    sigma_1m_bps_ = sigma(returns_, scratch_);
}

}  // namespace vt::analysis
