#pragma once

#include "cards/palette.hpp"
#include "cards/test_samples.hpp"

#include <cairo/cairo.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

/// What a test sees in a picture.
namespace vt::cards {

/// A PNG that was read again, by Cairo's reader.
struct Picture {
    int width = 0, height = 0;
    std::vector<Color> pixels;

    [[nodiscard]] Color at(double x, double y) const {
        const int column = static_cast<int>(x), row = static_cast<int>(y);
        EXPECT_TRUE(column >= 0 && column < width && row >= 0 && row < height) << column << " " << row;
        return pixels[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(column)];
    }
    [[nodiscard]] std::size_t count(const Box& box, Color color) const {
        std::size_t found = 0;
        for (int row = static_cast<int>(box.y); row < static_cast<int>(box.bottom()); ++row)
            for (int column = static_cast<int>(box.x); column < static_cast<int>(box.right()); ++column)
                found += at(column, row) == color ? 1U : 0U;
        return found;
    }
};

inline Picture decoded(std::string_view bytes) {
    const auto read = [](void* from, unsigned char* out, unsigned length) {
        auto& left = *static_cast<std::string_view*>(from);
        if (left.size() < length) return CAIRO_STATUS_READ_ERROR;
        std::memcpy(out, left.data(), length);
        left.remove_prefix(length);
        return CAIRO_STATUS_SUCCESS;
    };
    cairo_surface_t* surface = cairo_image_surface_create_from_png_stream(read, &bytes);
    EXPECT_EQ(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    Picture picture{.width = cairo_image_surface_get_width(surface),
                    .height = cairo_image_surface_get_height(surface),
                    .pixels = {}};
    const int stride = cairo_image_surface_get_stride(surface);
    const unsigned char* data = cairo_image_surface_get_data(surface);
    for (int row = 0; row < picture.height; ++row)
        for (int column = 0; column < picture.width; ++column) {
            std::uint32_t pixel = 0;
            std::memcpy(&pixel, data + row * stride + column * 4, 4);
            picture.pixels.push_back({static_cast<std::uint8_t>(pixel >> 16), static_cast<std::uint8_t>(pixel >> 8),
                                      static_cast<std::uint8_t>(pixel)});
        }
    cairo_surface_destroy(surface);
    return picture;
}

inline Picture painted(const Scene& scene) {
    const Result<std::string> bytes = test_painter().png(scene);
    EXPECT_TRUE(bytes.has_value());
    return decoded(*bytes);
}

inline bool overlap(const Box& a, const Box& b, double slack) {
    return a.x + slack < b.right() && b.x + slack < a.right() && a.y + slack < b.bottom() && b.y + slack < a.bottom();
}

/// Every text lies in its room and every shape in the picture, no text lies on another, and all have a size of the
/// scale. This is what "nothing is clipped" means.
inline void expect_sound(const Scene& scene, const std::string& what) {
    SCOPED_TRACE(what);
    Fonts& fonts = test_painter().fonts();
    const Box picture{0, 0, scene.width, scene.height};
    const auto is_inside = [](const Box& inner, const Box& outer) {
        return inner.x >= outer.x - 0.01 && inner.y >= outer.y - 0.01 && inner.right() <= outer.right() + 0.01 &&
               inner.bottom() <= outer.bottom() + 0.01;
    };
    std::vector<std::pair<Box, std::string>> inks;
    for (const Shape& shape : scene.shapes) {
        if (const auto* rectangle = std::get_if<Rectangle>(&shape)) {
            EXPECT_TRUE(is_inside(rectangle->box, picture));
            EXPECT_GE(rectangle->box.width, 0);
            EXPECT_GE(rectangle->box.height, 0);
        }
        if (const auto* line = std::get_if<Line>(&shape)) {
            EXPECT_TRUE(is_inside({std::min(line->x1, line->x2), std::min(line->y1, line->y2),
                                   std::abs(line->x1 - line->x2), std::abs(line->y1 - line->y2)},
                                  picture));
        }
        const auto* text = std::get_if<Text>(&shape);
        if (!text) continue;
        Box ink = fonts.ink(text->text, text->type);
        ink.x += text->x;
        ink.y += text->baseline;
        EXPECT_TRUE(is_inside(ink, text->room)) << text->text;
        EXPECT_TRUE(is_inside(ink, picture)) << text->text;
        const double size = text->type.size;
        EXPECT_TRUE(size == TypeScale::small.size || size == TypeScale::body.size || size == TypeScale::head.size ||
                    size == TypeScale::score.size);
        for (const auto& [other, words] : inks)
            EXPECT_FALSE(overlap(ink, other, 0.5)) << "\"" << text->text << "\" lies on \"" << words << "\"";
        inks.emplace_back(ink, text->text);
    }
}

inline std::vector<std::string> texts_of(const Scene& scene) {
    std::vector<std::string> texts;
    for (const Shape& shape : scene.shapes)
        if (const auto* text = std::get_if<Text>(&shape)) texts.push_back(text->text);
    return texts;
}
inline bool says(const Scene& scene, std::string_view words) {
    const std::vector<std::string> texts = texts_of(scene);
    return std::find(texts.begin(), texts.end(), words) != texts.end();
}
inline const Text* text_of(const Scene& scene, std::string_view words) {
    for (const Shape& shape : scene.shapes)
        if (const auto* text = std::get_if<Text>(&shape); text && text->text == words) return text;
    return nullptr;
}

}  // namespace vt::cards
