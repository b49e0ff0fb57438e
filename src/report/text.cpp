#include "report/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace vt::report {

namespace {

/// Three digits, as many of them after the point as there is room for.
std::string three_digits(double number) {
    std::array<char, 64> text{};
    const int digits = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
    std::snprintf(text.data(), text.size(), "%.*f", digits, number);
    return text.data();
}

}  // namespace

std::string duration_text(std::optional<Nanos> duration) {
    if (!duration) return "-";
    const auto ns = static_cast<double>(duration->count());
    if (ns < 1'000) return std::to_string(duration->count()) + " ns";
    if (ns < 999'500) return three_digits(ns / 1e3) + " us";
    if (ns < 999'500'000) return three_digits(ns / 1e6) + " ms";
    return three_digits(ns / 1e9) + " s";
}

std::string number_text(std::optional<double> number, int digits) {
    if (!number) return "-";
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, *number);
    return text.data();
}

std::string percent_text(std::optional<double> share) {
    return share ? number_text(*share * 100, 2) + " %" : std::string("-");
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array kUnits = {" kB", " MB", " GB", " TB"};
    if (bytes < 1'000) return std::to_string(bytes) + " B";
    double number = static_cast<double>(bytes) / 1'000;
    std::size_t unit = 0;
    while (number >= 999.5 && unit + 1 < kUnits.size()) {
        number /= 1'000;
        ++unit;
    }
    return three_digits(number) + kUnits[unit];
}

std::string time_text(Timestamp at) {
    const auto second = std::chrono::floor<std::chrono::seconds>(at);
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(second - day);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d UTC", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text.data();
}

std::string text_of(const Table& table) {
    std::vector<std::size_t> widths(table.head.size());
    const auto widen = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    };
    widen(table.head);
    for (const auto& row : table.rows) widen(row);
    std::string out;
    const auto put = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i) {
            const std::string gap(widths[i] - row[i].size(), ' ');
            out += i == 0 ? row[i] + gap : "  " + gap + row[i];
        }
        out += '\n';
    };
    put(table.head);
    for (const auto& row : table.rows) put(row);
    return out;
}

}  // namespace vt::report
