#include "analysis/bitcoin_beta/second_returns.hpp"

#include <algorithm>
#include <cmath>

namespace vt::analysis::bitcoin_beta {
namespace {

/// Returns are kept in steps of 2^-24, .0006 bps: below what any tick makes, and a saved state packs to half the
/// size.
float in_steps(double log_return) { return static_cast<float>(std::round(log_return * 0x1p24) * 0x1p-24); }

}  // namespace

SecondReturns::SecondReturns() {
    bitcoin_.reserve(kKept + kSlack);
    own_.reserve(kKept + kSlack);
    known_.reserve((kKept + kSlack) / kWord + 1);
}

void SecondReturns::append(float bitcoin, float own, bool is_known) {
    if (own_.size() == kKept + kSlack) trim();
    const std::size_t position = own_.size();
    bitcoin_.push_back(bitcoin);
    own_.push_back(own);
    if (position % kWord == 0) known_.push_back(0);
    if (is_known) known_.back() |= std::uint64_t{1} << (position % kWord);
}

void SecondReturns::push(const std::optional<LogMids>& mids) {
    if (mids && last_) {
        append(in_steps(mids->bitcoin - last_->bitcoin), in_steps(mids->own - last_->own), true);
    } else {
        append(0, 0, false);
    }
    last_ = mids;
}

void SecondReturns::skip(std::int64_t seconds) {
    last_.reset();
    if (seconds >= static_cast<std::int64_t>(kKept)) return clear();
    for (; seconds > 0; --seconds) append(0, 0, false);
}

void SecondReturns::clear() {
    bitcoin_.clear();
    own_.clear();
    known_.clear();
    last_.reset();
}

void SecondReturns::trim() {
    if (own_.size() <= kKept) return;
    // By whole words, so that the bits move along: up to 63 seconds too many stay.
    const auto words = static_cast<std::ptrdiff_t>((own_.size() - kKept) / kWord);
    const std::ptrdiff_t seconds = words * static_cast<std::ptrdiff_t>(kWord);
    bitcoin_.erase(bitcoin_.begin(), bitcoin_.begin() + seconds);
    own_.erase(own_.begin(), own_.begin() + seconds);
    known_.erase(known_.begin(), known_.begin() + words);
}

bool SecondReturns::are_newest_known(std::size_t count) const {
    if (count > size()) return false;
    for (std::size_t i = size() - count; i < size(); ++i) {
        if (!is_known(i)) return false;
    }
    return true;
}

std::size_t SecondReturns::count_known(std::size_t first, std::size_t end) const {
    std::size_t count = 0;
    for (std::size_t i = first; i < end; ++i) count += is_known(i) ? 1U : 0U;
    return count;
}

}  // namespace vt::analysis::bitcoin_beta
