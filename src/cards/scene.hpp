#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vt::cards {

class Fonts;

struct Color {
    std::uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Color&) const = default;
};

/// In pixels; y grows downward.
struct Box {
    double x = 0, y = 0, width = 0, height = 0;
    [[nodiscard]] double right() const { return x + width; }
    [[nodiscard]] double bottom() const { return y + height; }
    bool operator==(const Box&) const = default;
};

enum class Weight : std::uint8_t { regular, bold };

/// How letters are set.
struct Type {
    double size = 0;  ///< pixels of an em
    Weight weight = Weight::regular;
    double tracking = 0;  ///< added behind each letter, in ems
};

struct Rectangle {
    Box box;
    Color color;
    double radius = 0;
    bool is_hatched = false;  ///< diagonal lines on nothing, for what is not known
};
struct Line {
    double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
    Color color;
    double width = 1;
    bool is_dashed = false;
};
struct Triangle {
    Box box;
    bool points_up = true;
    Color color;
};
/// One line, cut to its room already.
struct Text {
    std::string text;
    double x = 0, baseline = 0;
    Type type;
    Color color;
    Box room;  ///< its ink stays inside, tests hold it to that
};
using Shape = std::variant<Rectangle, Line, Triangle, Text>;

/// A picture as plain values, in the order in which it is painted.
struct Scene {
    double width = 0, height = 0;
    Color ground;
    std::vector<Shape> shapes;
};

/// How a text lies in its room.
enum class Align : std::uint8_t { left, right, center };
struct Style {
    Type type;
    Color color;
    Align align = Align::left;
};
/// Where a text may lie: `width` pixels from `x`, on `baseline`.
struct Place {
    double x = 0, baseline = 0, width = 0;
};
/// Adds the text, cut with an ellipsis to the width of its place.
///   out: the width that it takes
double add_text(Scene& scene, Fonts& fonts, std::string_view text, const Style& style, const Place& place);

/// `lower` below `upper`, of equal width.
[[nodiscard]] Scene stacked(Scene upper, Scene lower);

}  // namespace vt::cards
