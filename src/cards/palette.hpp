#pragma once

#include "cards/scene.hpp"

namespace vt::cards {

/// The pages' dark colours, by their names in web/src/panels/tokens.css; a test holds them to that file, and each
/// pair of text and ground to a contrast of 4.5.
struct Palette {
    static constexpr Color page{0x0b, 0x0f, 0x16};
    static constexpr Color panel{0x13, 0x18, 0x22};
    static constexpr Color raised{0x1a, 0x21, 0x30};
    static constexpr Color line{0x2a, 0x34, 0x46};
    static constexpr Color grid{0x1c, 0x24, 0x31};
    static constexpr Color fg{0xe6, 0xeb, 0xf5};
    static constexpr Color muted{0xa3, 0xaf, 0xc3};
    static constexpr Color accent{0x7c, 0xc4, 0xff};
    static constexpr Color up{0x2d, 0xd4, 0xa7};
    static constexpr Color down{0xff, 0x7a, 0x85};
    static constexpr Color up_soft{0x1d, 0x5a, 0x50};
    static constexpr Color down_soft{0x6b, 0x35, 0x40};
    static constexpr Color up_wash{0x15, 0x30, 0x2f};
    static constexpr Color down_wash{0x37, 0x1f, 0x29};
    static constexpr Color warn{0xff, 0xd4, 0x79};
    static constexpr Color warn_wash{0x33, 0x29, 0x1a};
    static constexpr Color on_badge{0x10, 0x14, 0x1c};
    static constexpr Color demo{0xff, 0xc2, 0x4d};
    static constexpr Color live{0x2d, 0xd4, 0xa7};
    static constexpr Color bar_track{0x22, 0x2b, 0x3b};
    static constexpr Color neutral_bar{0x7d, 0x8a, 0xa3};
};

/// One scale of sizes for all pictures, in pixels of a picture 1,000 wide. On a phone that shows it 390 wide the
/// smallest is nine pixels of the page's.
struct TypeScale {
    static constexpr Type small{24, Weight::regular};
    static constexpr Type small_bold{24, Weight::bold};
    static constexpr Type body{28, Weight::regular};
    static constexpr Type body_bold{28, Weight::bold};
    static constexpr Type head{44, Weight::bold, -0.01};
    static constexpr Type score{96, Weight::bold, -0.045};
};
inline constexpr double kWidth = 1000, kMargin = 36, kContent = kWidth - 2 * kMargin;

}  // namespace vt::cards
