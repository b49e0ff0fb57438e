#include "cards/pen.hpp"

#include <algorithm>
#include <cmath>

namespace vt::cards {
namespace {

constexpr double kPillHeight = 36, kPillPadding = 12;
constexpr double kCellPitch = 84;  // from one row of cells to the next
constexpr double kCellGap = 24;
constexpr double kMostColumns = 5;

}  // namespace

double Pen::pill(std::string_view word, Color ground, Color color, double right, double baseline) const {
    const double width = fonts.advance(word, TypeScale::small_bold);
    const double left = right - width - 2 * kPillPadding;
    // The capitals, 0.73 of the size high, stand in the middle.
    const double top = baseline - 0.73 * TypeScale::small.size / 2 - kPillHeight / 2;
    box({left, top, right - left, kPillHeight}, ground, 6);
    text(word, small_bold(color), {left + kPillPadding, baseline, width + 0.1});
    return left;
}

double Pen::mode_pill(Mode mode, double right, double baseline) const {
    switch (mode) {
        case Mode::demo: return pill("DEMO", Palette::demo, Palette::on_badge, right, baseline);
        case Mode::paper: return pill("PAPER", Palette::accent, Palette::on_badge, right, baseline);
        case Mode::live: return pill("LIVE", Palette::live, Palette::on_badge, right, baseline);
    }
    return right;
}

double Pen::cells(std::vector<Cell> all, std::size_t most, const Place& place) const {
    if (all.empty()) return 0;
    if (all.size() > most) {
        const std::size_t left = all.size() - most + 1;
        all.resize(most - 1);
        all.push_back({.name = "and more", .text = "+" + std::to_string(left), .color = Palette::muted});
    }
    double widest = 1;
    for (const Cell& cell : all)
        widest = std::max(
            {widest, fonts.advance(fonts.fitted(cell.name, TypeScale::small, place.width), TypeScale::small),
             fonts.advance(fonts.fitted(cell.text, TypeScale::body_bold, place.width), TypeScale::body_bold)});
    const double count = static_cast<double>(all.size());
    const double fitting = std::clamp(std::floor((place.width + kCellGap) / (widest + kCellGap)), 1.0, kMostColumns);
    const double rows = std::ceil(count / fitting);
    const double columns = std::ceil(count / rows);
    const double pitch = (place.width + kCellGap) / columns;
    for (std::size_t index = 0; index < all.size(); ++index) {
        const double column = std::fmod(static_cast<double>(index), columns);
        const double row = std::floor(static_cast<double>(index) / columns);
        const double x = place.x + column * pitch, baseline = place.baseline + row * kCellPitch;
        text(all[index].name, small(Palette::muted), {x, baseline, pitch - kCellGap});
        text(all[index].text, body_bold(all[index].color), {x, baseline + 38, pitch - kCellGap});
    }
    return (rows - 1) * kCellPitch + 38;
}

}  // namespace vt::cards
