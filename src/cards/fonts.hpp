#pragma once

#include "base/result.hpp"
#include "cards/scene.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

extern "C" struct FT_FaceRec_;

namespace vt::cards {

/// The files of data/fonts, embedded in the program: a machine without fonts draws the same.
[[nodiscard]] std::string_view regular_font();
[[nodiscard]] std::string_view bold_font();
[[nodiscard]] std::string_view signs_font();  ///< arrows, blocks, currencies that the other two lack

enum class FaceName : std::uint8_t { regular, bold, signs };
inline constexpr std::size_t kFaceCount = 3;

/// One character's shape in a line.
struct Glyph {
    FaceName face = FaceName::regular;
    std::uint32_t index = 0;
    double x = 0;  ///< from the line's start, in pixels
};

/// The faces and what they measure. Every character of a text has a shape: what the fonts lack is an empty square,
/// and so are bytes that are no UTF-8, control characters, marks of direction and of no width; they change nothing
/// else. Letters stand left to right in the order of the text.
/// Not to be used by two threads at a time.
class Fonts {
public:
    /// errors: corrupt: the embedded bytes are no font
    [[nodiscard]] static Result<Fonts> load();
    Fonts(Fonts&&) noexcept;
    Fonts& operator=(Fonts&&) noexcept;
    ~Fonts();

    /// cost: O(length)
    [[nodiscard]] double advance(std::string_view text, const Type& type);
    /// The smallest box around what is painted, from the line's start and its baseline (y below 0 is above it).
    [[nodiscard]] Box ink(std::string_view text, const Type& type);
    /// The text as it is shown in `width` pixels: white space of any kind and length is one space, and none at the
    /// ends; what is too long ends in an ellipsis.
    ///   cost: O(characters that fit)
    [[nodiscard]] std::string fitted(std::string_view text, const Type& type, double width);
    [[nodiscard]] std::vector<Glyph> glyphs(std::string_view text, const Type& type);

    [[nodiscard]] FT_FaceRec_* face(FaceName name);

private:
    struct Faces;
    explicit Fonts(std::unique_ptr<Faces> faces);
    [[nodiscard]] Glyph glyph_of(char32_t character, Weight weight);
    [[nodiscard]] double advance_of(const Glyph& glyph, const Type& type);
    std::unique_ptr<Faces> faces_;
};

}  // namespace vt::cards
