#pragma once

#include "base/assert.hpp"
#include "base/time.hpp"
#include "indicators/log_histogram.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace vt::analysis {

/// Quantiles over the trailing hours: the current hour and `hours` - 1 before it, forgotten an hour at a time.
///   cost: add O(1), quantile O(800), a new hour O(800); 3.2 kB an hour
class HourlyHistogram {
public:
    explicit HourlyHistogram(std::size_t hours) : hours_(hours) { VT_ASSERT(hours > 0); }

    /// Forgets what is too old at `time`. Time never runs backwards.
    void advance(Timestamp time) {
        const Timestamp hour = floor_to(time, kHour);
        if (!current_) current_ = hour;
        if ((hour - *current_) / kHour >= static_cast<std::int64_t>(hours_.size())) {
            clear();
            current_ = hour;
        }
        while (*current_ < hour) {
            *current_ += kHour;
            indicators::LogHistogram& oldest = hours_[slot(*current_)];
            total_ -= oldest;
            oldest.clear();
        }
    }
    /// in: advance() was called
    void add(double value) {
        VT_ASSERT(current_.has_value());
        hours_[slot(*current_)].add(value);
        total_.add(value);
    }
    void clear() {
        for (indicators::LogHistogram& hour : hours_) hour.clear();
        total_.clear();
        current_.reset();
    }
    [[nodiscard]] std::uint64_t n() const { return total_.n(); }
    [[nodiscard]] std::optional<double> quantile(double share) const { return total_.quantile(share); }

    template <class Archive>
    void archive(Archive& a) {
        // By age, not by slot; a shift that is no whole number of hours moves the boundaries between them.
        a(current_);
        if (Archive::kIsReader && current_) current_ = floor_to(*current_, kHour);
        const Timestamp newest = current_.value_or(Timestamp{});
        for (std::size_t i = 0; i < hours_.size(); ++i)
            a(hours_[slot(newest - kHour * static_cast<std::int64_t>(i))]);
        if constexpr (Archive::kIsReader) {
            total_.clear();
            for (const indicators::LogHistogram& hour : hours_) total_ += hour;
        }
    }

private:
    static constexpr Nanos kHour = std::chrono::hours{1};
    [[nodiscard]] std::size_t slot(Timestamp hour) const {
        const auto modulus = static_cast<std::int64_t>(hours_.size());
        const std::int64_t index = hour.time_since_epoch() / kHour;
        return static_cast<std::size_t>((index % modulus + modulus) % modulus);
    }

    std::vector<indicators::LogHistogram> hours_;
    indicators::LogHistogram total_;
    std::optional<Timestamp> current_;
};

}  // namespace vt::analysis
