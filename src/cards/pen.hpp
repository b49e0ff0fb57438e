#pragma once

#include "cards/fonts.hpp"
#include "cards/mode.hpp"
#include "cards/palette.hpp"
#include "cards/scene.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vt::cards {

/// A named figure in a row of such.
struct Cell {
    std::string name;
    std::string text;
    Color color = Palette::fg;
};

/// What the card and the chart are drawn with, so that both look alike.
struct Pen {
    Scene& scene;
    Fonts& fonts;

    static Style small(Color color, Align align = Align::left) {
        return {.type = TypeScale::small, .color = color, .align = align};
    }
    static Style small_bold(Color color, Align align = Align::left) {
        return {.type = TypeScale::small_bold, .color = color, .align = align};
    }
    static Style body(Color color, Align align = Align::left) {
        return {.type = TypeScale::body, .color = color, .align = align};
    }
    static Style body_bold(Color color, Align align = Align::left) {
        return {.type = TypeScale::body_bold, .color = color, .align = align};
    }

    double text(std::string_view words, const Style& style, const Place& place) const {
        return add_text(scene, fonts, words, style, place);
    }
    void box(const Box& box, Color color, double radius = 0) const {
        scene.shapes.emplace_back(Rectangle{.box = box, .color = color, .radius = radius});
    }
    /// A line across the picture.
    void divider(double y) const { box({kMargin, y, kContent, 2}, Palette::line); }
    /// A word on a ground of its own. out: its left edge
    double pill(std::string_view word, Color ground, Color color, double right, double baseline) const;
    /// "DEMO", "PAPER" or "LIVE". out: its left edge
    double mode_pill(Mode mode, double right, double baseline) const;
    /// Cells in as few rows as their widths allow, of equal columns. Of more than `most` the last says how many are
    /// left.
    ///   out: the height that they take
    double cells(std::vector<Cell> all, std::size_t most, const Place& place) const;
};

}  // namespace vt::cards
