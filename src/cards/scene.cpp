#include "cards/scene.hpp"

#include "cards/fonts.hpp"

#include <algorithm>

namespace vt::cards {
namespace {

struct Lowered {
    double by = 0;
    void operator()(Rectangle& shape) const { shape.box.y += by; }
    void operator()(Triangle& shape) const { shape.box.y += by; }
    void operator()(Line& shape) const {
        shape.y1 += by;
        shape.y2 += by;
    }
    void operator()(Text& shape) const {
        shape.baseline += by;
        shape.room.y += by;
    }
};

}  // namespace

double add_text(Scene& scene, Fonts& fonts, std::string_view text, const Style& style, const Place& place) {
    std::string shown = fonts.fitted(text, style.type, place.width);
    const double width = fonts.advance(shown, style.type);
    const double rest = place.width - width;
    const double x = place.x + (style.align == Align::right ? rest : style.align == Align::center ? rest / 2 : 0);
    // Accents of capitals reach 1.05 of the size above the baseline, tails a third of it below.
    const Box room{place.x - 2, place.baseline - 1.05 * style.type.size, place.width + 4, 1.4 * style.type.size};
    if (!shown.empty())
        scene.shapes.emplace_back(Text{.text = std::move(shown),
                                       .x = x,
                                       .baseline = place.baseline,
                                       .type = style.type,
                                       .color = style.color,
                                       .room = room});
    return width;
}

Scene stacked(Scene upper, Scene lower) {
    for (Shape& shape : lower.shapes) {
        std::visit(Lowered{upper.height}, shape);
        upper.shapes.push_back(std::move(shape));
    }
    upper.height += lower.height;
    upper.width = std::max(upper.width, lower.width);
    return upper;
}

}  // namespace vt::cards
