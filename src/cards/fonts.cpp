#include "cards/fonts.hpp"

#include "cards/characters.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H
#include FT_MODULE_H
#include FT_SYSTEM_H

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

namespace vt::cards {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr char32_t kMissing = 0x25A1;  // an empty square, for what the fonts lack

std::string_view bytes_of(FaceName name) {
    switch (name) {
        case FaceName::regular: return regular_font();
        case FaceName::bold: return bold_font();
        case FaceName::signs: return signs_font();
    }
    return {};
}

/// FreeType's own memory ends with FT_Done_FreeType, whoever still holds a share of the library; this one does not.
FT_MemoryRec_* memory() {
    static FT_MemoryRec_ plain{
        .user = nullptr,
        .alloc = [](FT_Memory, long size) { return std::malloc(static_cast<std::size_t>(size)); },
        .free = [](FT_Memory, void* block) { std::free(block); },
        .realloc = [](FT_Memory, long, long size,
                      void* block) { return std::realloc(block, static_cast<std::size_t>(size)); }};
    return &plain;
}

}  // namespace

struct Fonts::Faces {
    FT_Library library = nullptr;
    std::array<FT_Face, kFaceCount> faces{};

    Faces() = default;
    Faces(const Faces&) = delete;
    Faces& operator=(const Faces&) = delete;
    ~Faces() {
        for (const FT_Face each : faces)
            if (each) FT_Done_Face(each);
        if (library) FT_Done_Library(library);
    }
};

Result<Fonts> Fonts::load() {
    auto made = std::make_unique<Faces>();
    if (FT_New_Library(memory(), &made->library) != 0)
        return fail(Errc::unavailable, "cards: FreeType does not start: no memory");
    FT_Add_Default_Modules(made->library);
    for (std::size_t index = 0; index < kFaceCount; ++index) {
        const std::string_view bytes = bytes_of(static_cast<FaceName>(index));
        // FreeType reads the bytes as octets; they stay where they are for as long as the program runs.
        const auto* octets = static_cast<const FT_Byte*>(static_cast<const void*>(bytes.data()));
        if (FT_New_Memory_Face(made->library, octets, static_cast<FT_Long>(bytes.size()), 0, &made->faces[index]) !=
            0)
            return fail(Errc::corrupt, "cards: an embedded font cannot be read: face " + std::to_string(index));
    }
    return Fonts(std::move(made));
}

Fonts::Fonts(std::unique_ptr<Faces> faces) : faces_(std::move(faces)) {}
Fonts::Fonts(Fonts&&) noexcept = default;
Fonts& Fonts::operator=(Fonts&&) noexcept = default;
Fonts::~Fonts() = default;

FT_FaceRec_* Fonts::face(FaceName name) { return faces_->faces[static_cast<std::size_t>(name)]; }

Glyph Fonts::glyph_of(char32_t character, Weight weight) {
    const FaceName main = weight == Weight::bold ? FaceName::bold : FaceName::regular;
    for (const FaceName name : {main, FaceName::signs})
        if (const FT_UInt index = FT_Get_Char_Index(face(name), character)) return {.face = name, .index = index};
    return {.face = main, .index = FT_Get_Char_Index(face(main), kMissing)};
}

double Fonts::advance_of(const Glyph& glyph, const Type& type) {
    FT_Face of = face(glyph.face);
    FT_Fixed units = 0;
    if (FT_Get_Advance(of, glyph.index, FT_LOAD_NO_SCALE, &units) != 0) return 0;
    return static_cast<double>(units) * type.size / of->units_per_EM + type.tracking * type.size;
}

std::vector<Glyph> Fonts::glyphs(std::string_view text, const Type& type) {
    std::vector<Glyph> line;
    double x = 0;
    while (!text.empty()) {
        Glyph glyph = glyph_of(take_character(text), type.weight);
        glyph.x = x;
        x += advance_of(glyph, type);
        line.push_back(glyph);
    }
    return line;
}

double Fonts::advance(std::string_view text, const Type& type) {
    double width = 0;
    while (!text.empty()) width += advance_of(glyph_of(take_character(text), type.weight), type);
    return width;
}

Box Fonts::ink(std::string_view text, const Type& type) {
    double left = std::numeric_limits<double>::max(), top = left, right = -left, bottom = -left;
    for (const Glyph& glyph : glyphs(text, type)) {
        FT_Face of = face(glyph.face);
        if (FT_Load_Glyph(of, glyph.index, FT_LOAD_NO_SCALE) != 0) continue;
        const FT_Glyph_Metrics& metrics = of->glyph->metrics;
        if (metrics.width == 0 || metrics.height == 0) continue;
        const double unit = type.size / of->units_per_EM;
        const double x = glyph.x + static_cast<double>(metrics.horiBearingX) * unit;
        const double y = -static_cast<double>(metrics.horiBearingY) * unit;
        left = std::min(left, x);
        top = std::min(top, y);
        right = std::max(right, x + static_cast<double>(metrics.width) * unit);
        bottom = std::max(bottom, y + static_cast<double>(metrics.height) * unit);
    }
    return right < left ? Box{} : Box{left, top, right - left, bottom - top};
}

std::string Fonts::fitted(std::string_view text, const Type& type, double width) {
    const double dots = advance(kEllipsis, type);
    std::string shown;
    std::size_t length_with_dots = 0;  // of `shown`, so that an ellipsis fits behind it
    double x = 0;
    bool is_blank_due = false;
    const auto add = [&](char32_t character) {
        x += advance_of(glyph_of(character, type.weight), type);
        append_character(shown, character);
        if (x + dots <= width) length_with_dots = shown.size();
    };
    while (!text.empty()) {
        const char32_t character = take_character(text);
        if (is_white_space(character)) {
            is_blank_due = !shown.empty();
            continue;
        }
        if (std::exchange(is_blank_due, false)) add(' ');
        add(character);
        if (x > width) break;
    }
    if (x <= width) return shown;
    shown.resize(length_with_dots);
    while (!shown.empty() && shown.back() == ' ') shown.pop_back();
    return dots <= width ? shown.append(kEllipsis) : std::string{};
}

}  // namespace vt::cards
