#include "cards/chart.hpp"

#include "base/decimal.hpp"
#include "base/page_format.hpp"
#include "cards/chart_check.hpp"
#include "cards/chart_scale.hpp"
#include "cards/parts.hpp"
#include "cards/pen.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vt::cards {
namespace {

constexpr double kHeight = 560;
constexpr double kHeadBaseline = kMargin + 22;
constexpr double kTop = 84, kMarkRoom = 36;  // for the words of the alert's mark, above all prices
constexpr double kPriceBottom = 424, kVolumeTop = 440, kBottom = 504, kTimeBaseline = 536;
constexpr double kChipHeight = 34, kChipGap = 36, kChipPadding = 10, kLeader = 14;
constexpr double kMostName = 150;
constexpr double kReach = 1.5;      // of the candles' height: how far a level widens the scale
constexpr double kLeastSlots = 24;  // one candle is not as wide as the picture
constexpr double kRightEdge = kMargin + kContent;

struct Chip {
    std::string name;
    std::string price;
    double at = 0;  ///< the price
    Color color, ground;
    bool is_dashed = false;
};

struct Looks {
    Color color, ground;
};
Looks looks_of(LevelKind kind) {
    switch (kind) {
        case LevelKind::entry: return {Palette::accent, Palette::raised};
        case LevelKind::stop: return {Palette::down, Palette::down_wash};
        case LevelKind::target: return {Palette::up, Palette::up_wash};
    }
    return {Palette::fg, Palette::raised};
}

std::vector<Chip> chips_of(const Chart& chart) {
    std::vector<Chip> chips;
    for (const PriceLevel& level : chart.levels) {
        const Looks looks = looks_of(level.kind);
        chips.push_back(
            {level.name, price_text(level.price, chart.tick_size), level.price, looks.color, looks.ground});
    }
    if (chart.last_price)
        chips.push_back({"Last", price_text(*chart.last_price, chart.tick_size), *chart.last_price, Palette::fg,
                         Palette::raised, true});
    std::stable_sort(chips.begin(), chips.end(), [](const Chip& a, const Chip& b) { return a.at > b.at; });
    return chips;
}

/// Where times and prices lie in the picture.
struct Plane {
    double low = 0, high = 0;  ///< prices at the lower and at the upper end
    double top = 0;
    double left = 0, right = 0;
    double slots = 0, slots_before = 0;  ///< intervals in all, and those before the first candle
    Timestamp first;
    Nanos interval{1};

    [[nodiscard]] double y(double price) const { return top + (high - price) / (high - low) * (kPriceBottom - top); }
    [[nodiscard]] double slot_width() const { return (right - left) / slots; }
    /// The middle of the interval that holds `at`.
    [[nodiscard]] double x(Timestamp at) const {
        const auto slot = static_cast<double>((at - first) / interval);
        return left + (slots_before + slot + 0.5) * slot_width();
    }
};

void set_prices(Plane& plane, const Chart& chart) {
    double low = chart.candles.front().low, high = chart.candles.front().high;
    for (const market::Candle& candle : chart.candles) {
        low = std::min(low, candle.low);
        high = std::max(high, candle.high);
    }
    if (chart.last_price) {
        low = std::min(low, *chart.last_price);
        high = std::max(high, *chart.last_price);
    }
    const double reach = kReach * std::max(high - low, 10 * chart.tick_size);
    plane.low = low;
    plane.high = high;
    for (const PriceLevel& level : chart.levels) {
        if (level.price < low - reach || level.price > high + reach) continue;
        plane.low = std::min(plane.low, level.price);
        plane.high = std::max(plane.high, level.price);
    }
    const double least = std::max({8 * chart.tick_size, plane.high * 1e-9, (plane.high - plane.low) * 1.06});
    const double missing = least - (plane.high - plane.low);
    plane.low -= missing / 2;
    plane.high += missing / 2;
}

bool is_marked(const Chart& chart) {
    return chart.alert_at && !chart.candles.empty() && *chart.alert_at >= chart.candles.front().open_time &&
           *chart.alert_at < chart.candles.back().open_time + chart.interval;
}

std::string interval_words(Nanos interval) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval).count();
    struct Unit {
        std::int64_t seconds;
        const char* name;
    };
    for (const Unit unit : {Unit{86'400, "d"}, Unit{3'600, "h"}, Unit{60, "m"}})
        if (seconds >= unit.seconds && seconds % unit.seconds == 0)
            return std::to_string(seconds / unit.seconds) + unit.name;
    return std::to_string(seconds) + "s";
}

void add_chart_head(const Pen& pen, const Chart& chart, bool has_mode) {
    const double right = has_mode ? pen.mode_pill(chart.mode, kRightEdge, kHeadBaseline) - 24 : kRightEdge;
    const double room = right - kMargin;
    const double symbol = pen.text(chart.symbol, Pen::body_bold(Palette::fg), {kMargin, kHeadBaseline, room});
    std::string words = interval_words(chart.interval) + " candles, UTC";
    if (chart.alert_at && !is_marked(chart))
        words += "; alert of " + instant_text(*chart.alert_at).substr(0, 16) + " not shown";
    if (room - symbol - 16 > 40)
        pen.text(words, Pen::small(Palette::muted), {kMargin + symbol + 16, kHeadBaseline, room - symbol - 16});
}

void add_candle(const Pen& pen, const Plane& plane, const market::Candle& candle, double largest_volume) {
    const double slot = plane.slot_width();
    const double wick = slot >= 6 ? 2 : 1;
    double body = std::max(wick, std::floor(slot * 0.8));
    if (std::fmod(body, 2) != std::fmod(wick, 2)) body += slot - body >= 2 ? 1 : -1;  // the wick stands in the middle
    const double rim = body >= 10 ? 2 : 1;
    const double left = std::round(plane.x(candle.open_time) - body / 2);
    const bool is_rising = candle.close >= candle.open;
    const Color color = is_rising ? Palette::up : Palette::down;
    const double high = std::round(plane.y(candle.high)), low = std::round(plane.y(candle.low));
    const double top = std::round(plane.y(std::max(candle.open, candle.close)));
    const double height = std::max(2.0, std::round(plane.y(std::min(candle.open, candle.close))) - top);
    if (high < top || low > top + height) pen.box({left + (body - wick) / 2, high, wick, low - high}, color);
    pen.box({left, top, body, height}, color);
    if (is_rising && body >= 5 && height > 2 * rim)
        pen.box({left + rim, top + rim, body - 2 * rim, height - 2 * rim}, Palette::panel);
    if (candle.volume_base > 0) {
        const double volume = std::max(1.0, std::round(candle.volume_base / largest_volume * (kBottom - kVolumeTop)));
        pen.box({left, kBottom - volume, body, volume}, is_rising ? Palette::up_soft : Palette::down_soft);
    }
}

/// Lines of the prices' axis; labels where no chip lies.
void add_price_axis(const Pen& pen, const Plane& plane, const Chart& chart, const std::vector<double>& chips_at,
                    double labels_right) {
    for (const double price : price_ticks(plane.low, plane.high, 6, chart.tick_size)) {
        const double y = std::round(plane.y(price));
        pen.box({plane.left, y, plane.right - plane.left, 1}, Palette::grid);
        const bool is_covered = std::any_of(chips_at.begin(), chips_at.end(), [&](double at) {
            return std::abs(at - y) < (kChipHeight + TypeScale::small.size) / 2 + 2;
        });
        if (!is_covered)
            pen.text(price_text(price, chart.tick_size), Pen::small(Palette::muted, Align::right),
                     {plane.right + kLeader, y + 0.36 * TypeScale::small.size, labels_right - plane.right - kLeader});
    }
}

void add_time_axis(const Pen& pen, const Plane& plane, const Chart& chart) {
    constexpr double kLabelRoom = 80;
    const auto most = static_cast<int>((plane.right - plane.left) / (1.7 * kLabelRoom));
    const Timestamp first = plane.first - static_cast<std::int64_t>(plane.slots_before) * chart.interval;
    const Timestamp last = first + static_cast<std::int64_t>(plane.slots - 1) * chart.interval;
    pen.box({plane.left, kBottom, plane.right - plane.left, 2}, Palette::line);
    for (const TimeTick& tick : time_ticks(first, last, most)) {
        // The interval that begins at the tick, or that holds it.
        const auto slot = static_cast<double>((tick.at - first) / chart.interval);
        const double x = plane.left + (slot + 0.5) * plane.slot_width();
        if (x - kLabelRoom / 2 < plane.left - 4 || x + kLabelRoom / 2 > kRightEdge) continue;
        pen.box({std::round(x), kTop, 1, kBottom - kTop}, Palette::grid);
        pen.text(tick.text, Pen::small(Palette::muted, Align::center),
                 {x - kLabelRoom / 2, kTimeBaseline, kLabelRoom});
    }
}

void add_chips(const Pen& pen, const Plane& plane, const std::vector<Chip>& chips,
               const std::vector<double>& places) {
    const double left = plane.right + kLeader;
    for (std::size_t index = 0; index < chips.size(); ++index) {
        const Chip& chip = chips[index];
        const bool is_above = chip.at > plane.high, is_below = chip.at < plane.low;
        const double y = std::clamp(plane.y(chip.at), plane.top, kPriceBottom), place = places[index];
        if (!is_above && !is_below)
            pen.scene.shapes.emplace_back(Line{plane.left, y, plane.right, y, chip.color, 1.5, chip.is_dashed});
        pen.scene.shapes.emplace_back(Line{plane.right, y, left, place, chip.color, 1.5});
        pen.box({left, place - kChipHeight / 2, kRightEdge - left, kChipHeight}, chip.ground, 5);
        const double baseline = place + 0.36 * TypeScale::small.size;
        const double price = pen.text(chip.price, Pen::small_bold(chip.color, Align::right),
                                      {left + kChipPadding, baseline, kRightEdge - left - 2 * kChipPadding});
        const double room = kRightEdge - left - 2 * kChipPadding - price - 12;
        const std::string_view arrow = is_above ? " ↑" : is_below ? " ↓" : "";
        const double taken = pen.fonts.advance(arrow, TypeScale::small);
        pen.text(pen.fonts.fitted(chip.name, TypeScale::small, room - taken).append(arrow), Pen::small(chip.color),
                 {left + kChipPadding, baseline, room});
    }
}

void add_mark(const Pen& pen, const Plane& plane, Timestamp at) {
    const double x = std::round(plane.x(at));
    pen.scene.shapes.emplace_back(Line{x, kTop + kMarkRoom - 2, x, kBottom, Palette::accent, 2, true});
    pen.scene.shapes.emplace_back(
        Triangle{.box = {x - 8, kTop + kMarkRoom - 10, 16, 12}, .points_up = false, .color = Palette::accent});
    const std::string words = "Alert " + clock_text(at);
    const double width = pen.fonts.advance(words, TypeScale::small);
    const double left = std::clamp(x - width / 2, plane.left, plane.right - width);
    pen.box({left - 6, kTop - 4, width + 12, kMarkRoom - 8}, Palette::panel);
    pen.text(words, Pen::small(Palette::accent), {left, kTop + 18, width + 0.1});
}

double widest(Fonts& fonts, const std::vector<std::string>& texts, const Type& type, double most) {
    double width = 0;
    for (const std::string& text : texts)
        width = std::max(width, fonts.advance(fonts.fitted(text, type, most), type));
    return width;
}

/// Room for the labels to the right of the plot.
double gutter(Fonts& fonts, const Chart& chart, const Plane& plane, const std::vector<Chip>& chips) {
    std::vector<std::string> labels, names, prices;
    for (const double price : price_ticks(plane.low, plane.high, 6, chart.tick_size))
        labels.push_back(price_text(price, chart.tick_size));
    for (const Chip& chip : chips) {
        const bool is_outside = chip.at > plane.high || chip.at < plane.low;
        names.push_back(chip.name + (is_outside ? " ↑" : ""));
        prices.push_back(chip.price);
    }
    const double plain = widest(fonts, labels, TypeScale::small, kContent / 3);
    if (chips.empty()) return kLeader + plain;
    const double named = widest(fonts, names, TypeScale::small, kMostName) + 14 +
                         widest(fonts, prices, TypeScale::small_bold, kContent / 3);
    return kLeader + std::max(plain, named) + 2 * kChipPadding;
}

Plane plane_of(const Chart& chart, Fonts& fonts, const std::vector<Chip>& chips) {
    Plane plane{.top = kTop + (is_marked(chart) ? kMarkRoom + 8 : 8),
                .left = kMargin,
                .first = chart.candles.front().open_time,
                .interval = chart.interval};
    set_prices(plane, chart);
    plane.right = std::floor(kRightEdge - gutter(fonts, chart, plane, chips));
    const auto spanned = static_cast<double>((chart.candles.back().open_time - plane.first) / chart.interval + 1);
    plane.slots = std::max(spanned, kLeastSlots);
    plane.slots_before = plane.slots - spanned;
    return plane;
}

}  // namespace

Result<std::vector<PriceLevel>> price_levels(const alerts::Levels& levels) {
    std::vector<PriceLevel> made;
    std::optional<Error> problem;
    const auto add = [&](LevelKind kind, std::string name, std::string text) {
        if (text.empty() || problem) return;
        std::erase(text, ',');
        const Result<Decimal> price = parse_decimal(text);
        if (!price || price->mantissa <= 0) {
            problem = Error{Errc::malformed, "chart: level \"" + name + "\" is no price: " + text.substr(0, 60)};
            return;
        }
        made.push_back({kind, std::move(name), price->to_double()});
    };
    add(LevelKind::entry, "Entry", levels.entry);
    add(LevelKind::stop, "Stop", levels.stop);
    for (std::size_t index = 0; index < levels.targets.size(); ++index)
        add(LevelKind::target, "Target " + std::to_string(index + 1), levels.targets[index]);
    if (problem) return tl::unexpected<Error>(*std::move(problem));
    return made;
}

Result<Scene> scene_of(const Chart& chart, Fonts& fonts) { return chart_part(chart, fonts, true); }

Result<Scene> chart_part(const Chart& chart, Fonts& fonts, bool has_mode) {
    if (auto problem = problem_of(chart)) return tl::unexpected<Error>(*std::move(problem));
    Scene scene{.width = kWidth, .height = kHeight, .ground = Palette::panel, .shapes = {}};
    const Pen pen{scene, fonts};
    add_chart_head(pen, chart, has_mode);
    if (chart.candles.empty()) {
        pen.text("No candles of this time", Pen::body(Palette::muted, Align::center),
                 {kMargin, kHeight / 2, kContent});
        return scene;
    }
    const std::vector<Chip> chips = chips_of(chart);
    const Plane plane = plane_of(chart, fonts, chips);
    std::vector<double> wanted;
    for (const Chip& chip : chips) wanted.push_back(std::clamp(plane.y(chip.at), plane.top, kPriceBottom));
    const std::vector<double> places = spread_apart(wanted, kChipGap, kTop + kChipHeight / 2, kPriceBottom);
    add_time_axis(pen, plane, chart);
    add_price_axis(pen, plane, chart, places, chips.empty() ? kRightEdge : kRightEdge - kChipPadding);
    double largest_volume = 0;
    for (const market::Candle& candle : chart.candles) largest_volume = std::max(largest_volume, candle.volume_base);
    for (const market::Candle& candle : chart.candles) add_candle(pen, plane, candle, largest_volume);
    add_chips(pen, plane, chips, places);
    if (is_marked(chart)) add_mark(pen, plane, *chart.alert_at);
    const double axis_right = kRightEdge - (chips.empty() ? 0 : kChipPadding);
    const double axis_left = plane.right + kLeader;
    const Style axis = Pen::small(Palette::muted, Align::right);
    pen.text(compact_text(largest_volume), axis, {axis_left, kVolumeTop + 18, axis_right - axis_left});
    pen.text("Volume", axis, {axis_left, kVolumeTop + 52, axis_right - axis_left});
    return scene;
}

}  // namespace vt::cards
