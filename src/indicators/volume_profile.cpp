#include "indicators/volume_profile.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cmath>

namespace vt::indicators {

VolumeProfile::VolumeProfile(double row_height) : row_height_(row_height) { VT_ASSERT(row_height > 0); }

void VolumeProfile::reset(double row_height) {
    VT_ASSERT(row_height > 0);
    row_height_ = row_height;
    rows_.clear();
    total_ = 0;
    price_volume_ = 0;
}

std::int64_t VolumeProfile::row_of(double price) const {
    return static_cast<std::int64_t>(std::floor(price / row_height_ + 0.5));
}

double* VolumeProfile::row_at(std::int64_t row) {
    if (rows_.empty()) {
        first_row_ = row;
        rows_.push_back(0);
    }
    const std::int64_t first = std::min(first_row_, row);
    const std::int64_t last = std::max(first_row_ + static_cast<std::int64_t>(rows_.size()) - 1, row);
    if (last - first >= static_cast<std::int64_t>(kMaxRows)) return nullptr;
    if (row < first_row_) {
        rows_.insert(rows_.begin(), static_cast<std::size_t>(first_row_ - row), 0.0);
        first_row_ = row;
    }
    const auto index = static_cast<std::size_t>(row - first_row_);
    if (index >= rows_.size()) rows_.resize(index + 1);
    return &rows_[index];
}

bool VolumeProfile::is_countable(double price) const {
    constexpr double kMostRows = 9e15;  // whole numbers up to here are exact
    return std::abs(price / row_height_) < kMostRows;
}

bool VolumeProfile::add(double price, double volume) {
    VT_ASSERT(volume >= 0);
    if (!is_countable(price)) return false;
    const std::int64_t row = row_of(price);
    double* const held = row_at(row);
    if (held == nullptr) return false;
    *held += volume;
    total_ += volume;
    price_volume_ += static_cast<double>(row) * row_height_ * volume;
    return true;
}

bool VolumeProfile::add_range(double low, double high, double volume) {
    VT_ASSERT(low <= high);
    if (!is_countable(low) || !is_countable(high)) return false;
    const std::int64_t first = row_of(low);
    const std::int64_t last = row_of(high);
    if (row_at(first) == nullptr || row_at(last) == nullptr) return false;
    if (first == last) return add(low, volume);
    for (std::int64_t row = first; row <= last; ++row) {
        const double centre = static_cast<double>(row) * row_height_;
        const double bottom = std::max(low, centre - row_height_ / 2);
        const double top = std::min(high, centre + row_height_ / 2);
        (void)add(centre, volume * std::max(0.0, top - bottom) / (high - low));
    }
    return true;
}

double VolumeProfile::volume_at(double price) const {
    const std::int64_t row = row_of(price);
    const auto count = static_cast<std::int64_t>(rows_.size());
    if (row < first_row_ || row >= first_row_ + count) return 0;
    return rows_[static_cast<std::size_t>(row - first_row_)];
}

std::optional<ValueArea> VolumeProfile::value_area(ValueAreaRule rule) const {
    if (!(total_ > 0)) return std::nullopt;
    const auto count = static_cast<std::int64_t>(rows_.size());
    const auto volume = [&](std::int64_t i) {
        return i < 0 || i >= count ? 0.0 : rows_[static_cast<std::size_t>(i)];
    };
    const double average = price_volume_ / total_ / row_height_ - static_cast<double>(first_row_);  // in rows
    std::int64_t busiest = 0;
    for (std::int64_t i = 1; i < count; ++i) {
        const bool is_nearer =
            std::abs(static_cast<double>(i) - average) < std::abs(static_cast<double>(busiest) - average);
        if (volume(i) > volume(busiest) || (volume(i) == volume(busiest) && is_nearer)) busiest = i;
    }
    std::int64_t low = busiest;
    std::int64_t high = busiest;
    double inside = volume(busiest);
    const std::int64_t step = rule == ValueAreaRule::two_rows ? 2 : 1;
    while (inside < kValueShare * total_ && (low > 0 || high < count - 1)) {
        double above = 0;
        double below = 0;
        for (std::int64_t i = 1; i <= step; ++i) {
            above += volume(high + i);
            below += volume(low - i);
        }
        // A side without rows is never the busier one, though both may be empty of volume.
        const bool goes_up = low == 0 || (high < count - 1 && above >= below);
        if (goes_up) {
            inside += above;
            high = std::min(high + step, count - 1);
        } else {
            inside += below;
            low = std::max(low - step, std::int64_t{0});
        }
    }
    const auto price = [&](std::int64_t i) { return static_cast<double>(first_row_ + i) * row_height_; };
    return ValueArea{price(busiest), price(high), price(low), inside, total_};
}

}  // namespace vt::indicators
