#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vt::report {

/// Figures as people read them, the same in every report. What is not known is "-".

/// Three digits and the unit that fits: "850 ns", "12.3 us", "4.56 ms", "1.20 s".
[[nodiscard]] std::string duration_text(std::optional<Nanos> duration);
/// in: digits: after the point
[[nodiscard]] std::string number_text(std::optional<double> number, int digits);
/// in: share: 0 .. 1; out: "99.95 %"
[[nodiscard]] std::string percent_text(std::optional<double> share);
/// "512 B", "1.4 MB": powers of 1,000.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
/// "2026-01-31 23:59:58 UTC"
[[nodiscard]] std::string time_text(Timestamp at);

/// Rows of equal length under a head. The first column holds words, the others figures.
struct Table {
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;
};
/// Columns beside each other, the first to the left and the others to the right; each line with its end.
[[nodiscard]] std::string text_of(const Table& table);

}  // namespace vt::report
