#include "analysis/minute_history.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis {
namespace {

constexpr std::size_t kHalfHour = 30;

}  // namespace

void MinuteHistory::push(const MinuteRecord& minute, const BookSums& book) {
    minutes_.push(minute);
    minutes_.back().book_seconds = book.valid_seconds;
    books_.push(book);
    if (minute.ret_mid_bps) push_return(*minute.ret_mid_bps);
    add_up();
}

void MinuteHistory::push_return(double ret_bps) {
    if (returns_.size() < kReturns) {
        moves_.add(std::abs(ret_bps));
    } else {
        moves_.replace(std::abs(returns_[0]), std::abs(ret_bps));
    }
    returns_.push(ret_bps);
}

void MinuteHistory::order_moves() {
    moves_.clear();
    for (std::size_t i = 0; i < returns_.size(); ++i) moves_.append(std::abs(returns_[i]));
    moves_.sort();
}

void MinuteHistory::add_up() {
    trades_30m_ = trades_4h_ = TradeSums{};
    quotes_30m_ = QuoteSums{};
    books_30m_ = BookSums{};
    book_seconds_4h_ = 0;
    for (std::size_t i = 0; i < minutes_.size(); ++i) {
        trades_4h_.add(minutes_[i].trades);
        book_seconds_4h_ += minutes_[i].book_seconds;
        if (minutes_.size() - i > kHalfHour) continue;
        trades_30m_.add(minutes_[i].trades);
        quotes_30m_.add(minutes_[i].quotes);
    }
    for (std::size_t i = 0; i < books_.size(); ++i) books_30m_.add(books_[i]);
    sigma_1m_bps_.reset();
    if (moves_.size() >= kMinReturns) sigma_1m_bps_ = 1.4826 * moves_.median();
}

}  // namespace vt::analysis
