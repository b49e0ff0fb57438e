#include "cards/painter.hpp"

#include <cairo/cairo-ft.h>
#include <cairo/cairo.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_MODULE_H

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace vt::cards {
namespace {

constexpr double kLargestSide = 4096;
constexpr double kHatchPitch = 9;

struct SurfaceEnd {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextEnd {
    void operator()(cairo_t* context) const { cairo_destroy(context); }
};
struct OptionsEnd {
    void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
};

void set_color(cairo_t* context, Color color) {
    cairo_set_source_rgb(context, color.red / 255.0, color.green / 255.0, color.blue / 255.0);
}

void outline(cairo_t* context, const Box& box, double radius) {
    const double round = std::min({radius, box.width / 2, box.height / 2});
    if (round <= 0) {
        cairo_rectangle(context, box.x, box.y, box.width, box.height);
        return;
    }
    constexpr double kQuarter = std::numbers::pi / 2;
    cairo_new_sub_path(context);
    cairo_arc(context, box.right() - round, box.y + round, round, -kQuarter, 0);
    cairo_arc(context, box.right() - round, box.bottom() - round, round, 0, kQuarter);
    cairo_arc(context, box.x + round, box.bottom() - round, round, kQuarter, 2 * kQuarter);
    cairo_arc(context, box.x + round, box.y + round, round, 2 * kQuarter, 3 * kQuarter);
    cairo_close_path(context);
}

void paint(cairo_t* context, const Rectangle& shape) {
    set_color(context, shape.color);
    outline(context, shape.box, shape.radius);
    if (!shape.is_hatched) {
        cairo_fill(context);
        return;
    }
    cairo_save(context);
    cairo_clip(context);
    cairo_set_line_width(context, 2);
    for (double x = shape.box.x; x < shape.box.right() + shape.box.height; x += kHatchPitch) {
        cairo_move_to(context, x, shape.box.y);
        cairo_line_to(context, x - shape.box.height, shape.box.bottom());
    }
    cairo_stroke(context);
    cairo_restore(context);
}

void paint(cairo_t* context, const Line& shape) {
    constexpr std::array<double, 2> kDashes{8, 6};
    set_color(context, shape.color);
    cairo_set_line_width(context, shape.width);
    cairo_set_dash(context, kDashes.data(), shape.is_dashed ? 2 : 0, 0);
    cairo_move_to(context, shape.x1, shape.y1);
    cairo_line_to(context, shape.x2, shape.y2);
    cairo_stroke(context);
}

void paint(cairo_t* context, const Triangle& shape) {
    const double base = shape.points_up ? shape.box.bottom() : shape.box.y;
    const double tip = shape.points_up ? shape.box.y : shape.box.bottom();
    set_color(context, shape.color);
    cairo_move_to(context, shape.box.x, base);
    cairo_line_to(context, shape.box.right(), base);
    cairo_line_to(context, shape.box.x + shape.box.width / 2, tip);
    cairo_close_path(context);
    cairo_fill(context);
}

cairo_status_t append(void* out, const unsigned char* bytes, unsigned length) {
    auto& text = *static_cast<std::string*>(out);
    text.append(static_cast<const char*>(static_cast<const void*>(bytes)), length);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

/// Cairo's view of the faces. Cairo keeps what it has drawn with for later, so it holds a share of each face and of
/// the library, that ends with its last use and not with the painter.
struct Painter::Faces {
    std::array<cairo_font_face_t*, kFaceCount> faces{};

    Faces() = default;
    Faces(const Faces&) = delete;
    Faces& operator=(const Faces&) = delete;
    ~Faces() {
        for (cairo_font_face_t* each : faces)
            if (each) cairo_font_face_destroy(each);
    }
    bool take(Fonts& fonts, FaceName name);
    void paint(cairo_t* context, Fonts& fonts, const Text& shape) const;
};

bool Painter::Faces::take(Fonts& fonts, FaceName name) {
    static const cairo_user_data_key_t kFaceKey{};
    FT_Face face = fonts.face(name);
    FT_Library library = face->glyph->library;
    struct Share {
        FT_Library library;
        FT_Face face;
    };
    auto share = std::make_unique<Share>(Share{library, face});
    if (FT_Reference_Library(library) != 0) return false;
    if (FT_Reference_Face(face) != 0) {
        FT_Done_Library(library);
        return false;
    }
    const auto end = [](void* data) {
        const std::unique_ptr<Share> held(static_cast<Share*>(data));
        FT_Done_Face(held->face);
        FT_Done_Library(held->library);
    };
    cairo_font_face_t* made = cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP);
    if (cairo_font_face_set_user_data(made, &kFaceKey, share.get(), end) != CAIRO_STATUS_SUCCESS) {
        end(share.release());
        cairo_font_face_destroy(made);
        return false;
    }
    static_cast<void>(share.release());
    faces[static_cast<std::size_t>(name)] = made;
    return true;
}

/// As outlines, so that letters stand where they are measured and not at whole pixels.
void Painter::Faces::paint(cairo_t* context, Fonts& fonts, const Text& shape) const {
    set_color(context, shape.color);
    const std::vector<Glyph> line = fonts.glyphs(shape.text, shape.type);
    std::vector<cairo_glyph_t> run;
    for (std::size_t first = 0; first < line.size();) {
        const FaceName name = line[first].face;
        run.clear();
        for (; first < line.size() && line[first].face == name; ++first)
            run.push_back({.index = line[first].index, .x = shape.x + line[first].x, .y = shape.baseline});
        cairo_set_font_face(context, faces[static_cast<std::size_t>(name)]);
        cairo_set_font_size(context, shape.type.size);
        cairo_glyph_path(context, run.data(), static_cast<int>(run.size()));
        cairo_fill(context);
    }
}

Painter::Painter(Fonts fonts, std::unique_ptr<Faces> faces) : fonts_(std::move(fonts)), faces_(std::move(faces)) {}
Painter::Painter(Painter&&) noexcept = default;
Painter& Painter::operator=(Painter&&) noexcept = default;
Painter::~Painter() = default;

Result<Painter> Painter::make() {
    VT_TRY(Fonts fonts, Fonts::load());
    auto faces = std::make_unique<Faces>();
    for (std::size_t index = 0; index < kFaceCount; ++index)
        if (!faces->take(fonts, static_cast<FaceName>(index)))
            return fail(Errc::unavailable, "cards: Cairo takes no font: no memory");
    return Painter(std::move(fonts), std::move(faces));
}

Result<std::string> Painter::png(const Scene& scene) {
    const auto is_side = [](double side) { return side >= 1 && side <= kLargestSide; };
    if (!is_side(scene.width) || !is_side(scene.height))
        return fail(Errc::out_of_range, "cards: a picture has sides of 1 to 4,096 pixels");
    const std::unique_ptr<cairo_surface_t, SurfaceEnd> surface(cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, static_cast<int>(std::ceil(scene.width)), static_cast<int>(std::ceil(scene.height))));
    const std::unique_ptr<cairo_t, ContextEnd> context(cairo_create(surface.get()));
    const std::unique_ptr<cairo_font_options_t, OptionsEnd> options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(context.get(), options.get());
    set_color(context.get(), scene.ground);
    cairo_paint(context.get());
    for (const Shape& shape : scene.shapes) {
        if (const auto* text = std::get_if<Text>(&shape)) faces_->paint(context.get(), fonts_, *text);
        if (const auto* rectangle = std::get_if<Rectangle>(&shape)) paint(context.get(), *rectangle);
        if (const auto* line = std::get_if<Line>(&shape)) paint(context.get(), *line);
        if (const auto* triangle = std::get_if<Triangle>(&shape)) paint(context.get(), *triangle);
    }
    std::string bytes;
    cairo_status_t status = cairo_status(context.get());
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
    if (status != CAIRO_STATUS_SUCCESS)
        return fail(Errc::unavailable,
                    std::string("cards: a picture could not be painted: ") + cairo_status_to_string(status));
    return bytes;
}

}  // namespace vt::cards
