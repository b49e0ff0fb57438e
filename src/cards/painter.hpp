#pragma once

#include "base/result.hpp"
#include "cards/fonts.hpp"
#include "cards/scene.hpp"

#include <memory>
#include <string>

namespace vt::cards {

/// Paints scenes. The same scene gives the same bytes on the same Cairo, FreeType, libpng and zlib.
/// Not to be used by two threads at a time; two painters know nothing of each other. To be kept: Cairo remembers what
/// each has drawn with, a few megabytes, for a while after its end.
class Painter {
public:
    /// errors: corrupt, unavailable: see Fonts::load
    [[nodiscard]] static Result<Painter> make();
    Painter(Painter&&) noexcept;
    Painter& operator=(Painter&&) noexcept;
    ~Painter();

    [[nodiscard]] Fonts& fonts() { return fonts_; }
    /// out: a PNG, 8 bits for each of red, green and blue
    ///   errors: out_of_range: no side of 1..4,096 pixels; unavailable: no memory
    [[nodiscard]] Result<std::string> png(const Scene& scene);

private:
    struct Faces;
    Painter(Fonts fonts, std::unique_ptr<Faces> faces);
    Fonts fonts_;
    std::unique_ptr<Faces> faces_;  ///< behind the fonts that they read
};

}  // namespace vt::cards
