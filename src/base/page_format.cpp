#include "base/page_format.hpp"

#include "base/math.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace vt {
namespace {

constexpr std::string_view kMinus = "−";
constexpr double kWeakLean = 5;

bool is_known(const std::optional<double>& value) { return value && std::isfinite(*value); }

/// The shortest decimal form of a number: 0.`digits` x 10^`point`.
struct ShortestForm {
    std::string digits;
    int point = 0;
};

ShortestForm shortest(double magnitude) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), magnitude, std::chars_format::scientific);
    ShortestForm made;
    const char* at = text.data();
    for (; at != end.ptr && *at != 'e'; ++at)
        if (*at != '.') made.digits += *at;
    made.point = at == end.ptr ? 1 : 1 + std::atoi(at + 1);
    return made;
}

/// Cuts behind `decimals` digits after the point; a half goes up.
void round_half_up(ShortestForm& number, int decimals) {
    const int kept = number.point + decimals;
    if (kept >= static_cast<int>(number.digits.size())) return;
    const bool is_up = kept >= 0 && number.digits[static_cast<std::size_t>(kept)] >= '5';
    number.digits.resize(static_cast<std::size_t>(std::max(0, kept)));
    if (!is_up) return;
    for (auto digit = number.digits.rbegin(); digit != number.digits.rend(); ++digit) {
        if (*digit != '9') {
            ++*digit;
            return;
        }
        *digit = '0';
    }
    number.digits.insert(number.digits.begin(), '1');
    ++number.point;
}

char digit_at(const ShortestForm& number, int place) {
    const int index = number.point - 1 - place;
    return index >= 0 && index < static_cast<int>(number.digits.size())
               ? number.digits[static_cast<std::size_t>(index)]
               : '0';
}

bool is_all_zero(std::string_view text) { return text.find_first_of("123456789") == std::string_view::npos; }

std::string grouped(double value, int decimals) {
    ShortestForm number = value == 0 ? ShortestForm{} : shortest(std::abs(value));
    round_half_up(number, decimals);
    std::string text;
    for (int place = std::max(number.point, 1) - 1; place >= 0; --place) {
        text += digit_at(number, place);
        if (place > 0 && place % 3 == 0) text += ',';
    }
    if (decimals > 0) text += '.';
    for (int place = -1; place >= -decimals; --place) text += digit_at(number, place);
    return value < 0 && !is_all_zero(text) ? std::string(kMinus) + text : text;
}

/// Halves go up, as the pages' Math.round has them.
double rounded(double value) {
    const double below = std::floor(value);
    return value - below >= 0.5 ? below + 1 : below;
}

std::string two(unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); }

}  // namespace

int tick_decimals(double tick_size) {
    if (!std::isfinite(tick_size) || tick_size <= 0) return 2;
    double unit = 1;
    for (int decimals = 0; decimals < 12; ++decimals, unit *= 10) {
        const double scaled = tick_size * unit;
        if (std::abs(scaled - rounded(scaled)) < 1e-6 * scaled) return decimals;
    }
    return 12;
}

std::string number_text(std::optional<double> value, int decimals) {
    return is_known(value) ? grouped(*value, decimals) : std::string(kAbsent);
}

std::string price_text(std::optional<double> value, double tick_size) {
    return number_text(value, tick_decimals(tick_size));
}

std::string signed_text(std::optional<double> value, int decimals) {
    std::string text = number_text(value, decimals);
    return is_known(value) && *value > 0 && !is_all_zero(text) ? "+" + text : text;
}

std::string share_text(std::optional<double> share) {
    return is_known(share) ? grouped(*share * 100, 0) + "%" : std::string(kAbsent);
}

std::string compact_text(std::optional<double> value) {
    if (!is_known(value)) return std::string(kAbsent);
    struct Step {
        double unit;
        char letter;
    };
    const double size = std::abs(*value);
    for (const Step step : {Step{1e12, 'T'}, Step{1e9, 'B'}, Step{1e6, 'M'}, Step{1e3, 'K'}}) {
        if (size < step.unit * 0.9995) continue;
        const double scaled = *value / step.unit;
        return grouped(scaled, std::abs(scaled) >= 99.95 ? 0 : std::abs(scaled) >= 9.995 ? 1 : 2) + step.letter;
    }
    return grouped(*value, size >= 100 ? 0 : size >= 1 ? 2 : 4);
}

Lean score_lean(std::optional<double> score, int decimals) {
    if (!is_known(score)) return {};
    double unit = 1;
    for (int count = 0; count < decimals; ++count) unit *= 10;
    const double lean = rounded((*score - 50) * unit);
    if (lean == 0) return {};
    return {.tone = lean > 0 ? Tone::up : Tone::down, .is_weak = std::abs(*score - 50) < kWeakLean};
}

std::string instant_text(Timestamp at) {
    if (to_ms(at) <= 0) return "time unknown";
    const auto days = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day day{days};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - days)};
    return std::to_string(static_cast<int>(day.year())) + "-" + day_text(at) + " " + clock_text(at) + ":" +
           two(static_cast<unsigned>(time.seconds().count())) + " UTC";
}

std::string clock_text(Timestamp at) {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(at - std::chrono::floor<std::chrono::days>(at));
    const auto count = static_cast<unsigned>(minutes.count());
    return two(count / 60) + ":" + two(count % 60);
}

std::string day_text(Timestamp at) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    return two(static_cast<unsigned>(day.month())) + "-" + two(static_cast<unsigned>(day.day()));
}

std::vector<double> rounded_to_sum(std::span<const double> parts, double total, int decimals) {
    double unit = 1;
    for (int count = 0; count < decimals; ++count) unit *= 10;
    std::vector<double> scaled, shown;
    double sum = 0;
    for (const double part : parts) {
        scaled.push_back(part * unit);
        shown.push_back(rounded(scaled.back()));
        sum += shown.back();
    }
    double missing = rounded(total * unit) - sum;
    const double step = missing > 0 ? 1 : missing < 0 ? -1 : 0;
    std::vector<std::size_t> order;
    for (std::size_t index = 0; index < scaled.size(); ++index)
        if (scaled[index] != 0) order.push_back(index);
    std::vector<double> remainders;
    for (std::size_t index = 0; index < scaled.size(); ++index)
        remainders.push_back((scaled[index] - shown[index]) * step);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
    for (const std::size_t index : order) {
        if (missing == 0) break;
        shown[index] += step;
        missing -= step;
    }
    for (double& part : shown) part = part == 0 ? 0 : part / unit;
    return shown;
}

}  // namespace vt
