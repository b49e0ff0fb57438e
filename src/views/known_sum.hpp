#pragma once

#include <cstddef>
#include <optional>

namespace vt::views {

/// A sum or a mean of what is known; absent where nothing is.
class KnownSum {
public:
    void add(const std::optional<double>& value) {
        if (!value) return;
        sum_ += *value;
        ++n_;
    }
    [[nodiscard]] std::optional<double> total() const { return n_ > 0 ? std::optional(sum_) : std::nullopt; }
    [[nodiscard]] std::optional<double> mean() const {
        return n_ > 0 ? std::optional(sum_ / static_cast<double>(n_)) : std::nullopt;
    }

private:
    double sum_ = 0;
    std::size_t n_ = 0;
};

}  // namespace vt::views
