#include "cards/fonts.hpp"

#include "cards/characters.hpp"
#include "cards/test_pictures.hpp"

namespace vt::cards {
namespace {

constexpr Type kSmall = TypeScale::small;

std::vector<char32_t> characters_of(std::string_view text) {
    std::vector<char32_t> characters;
    while (!text.empty()) characters.push_back(take_character(text));
    return characters;
}

TEST(CardCharacters, ReadsUtf8AndNothingElse) {
    using Characters = std::vector<char32_t>;
    EXPECT_EQ(characters_of("aй…🙂"), (Characters{'a', 0x439, 0x2026, 0x1F642}));
    EXPECT_EQ(characters_of("\xC0\x80"), (Characters{kReplacement, kReplacement}));  // too long a form
    EXPECT_EQ(characters_of("\xED\xA0\x80"), Characters(3, kReplacement));           // half a surrogate pair
    EXPECT_EQ(characters_of("\xF4\x90\x80\x80"), Characters(4, kReplacement));       // beyond the last
    EXPECT_EQ(characters_of("\xE2\x80"), Characters(2, kReplacement));               // an end in the middle
    EXPECT_EQ(characters_of("\xFF"
                            "a"),
              (Characters{kReplacement, 'a'}));
    EXPECT_EQ(characters_of("\xE2"
                            "ab"),
              (Characters{kReplacement, 'a', 'b'}));
    for (const char32_t character : Characters{0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFD, 0x10000, 0x10FFFF}) {
        std::string text;
        append_character(text, character);
        EXPECT_EQ(characters_of(text), Characters{character});
    }
}

TEST(CardFonts, FiguresHaveOneWidth) {
    Fonts& fonts = test_painter().fonts();
    for (const Type& type : {TypeScale::small, TypeScale::body_bold, TypeScale::score})
        for (const char* figure : {"1", "2", "3", "4", "5", "6", "7", "8", "9"})
            EXPECT_NEAR(fonts.advance(figure, type), fonts.advance("0", type), 0.002 * type.size) << figure;
    EXPECT_DOUBLE_EQ(fonts.advance("+", kSmall), fonts.advance("−", kSmall));  // so signed columns line up too
}

TEST(CardFonts, KnowWhatAlertsAreWrittenIn) {
    Fonts& fonts = test_painter().fonts();
    const std::string_view known =
        "ABCxyz ÄÖÜßéñçœŁ ΑΩαωμ ЖЯжя 0123456789 €£¥₿₽₹₩ ←↑→↓ ▲▼△▽ █▉▌░▒▓─│■□ •…–—“”‘’«» ×÷±≈≤≥−";
    const std::uint32_t missing = fonts.glyphs("\x01", kSmall)[0].index;
    for (const char32_t character : characters_of(known)) {
        std::string text;
        append_character(text, character);
        const Glyph glyph = fonts.glyphs(text, kSmall)[0];
        if (text != "□") {
            EXPECT_FALSE(glyph.face == FaceName::regular && glyph.index == missing) << text;
        }
        EXPECT_NE(glyph.index, 0U) << text;
    }
}

TEST(CardFonts, WhatIsMissingIsABoxAndNeverNothing) {
    Fonts& fonts = test_painter().fonts();
    // Control, escape, override and isolate of direction, no width, byte-order mark, Han, an emoji, no UTF-8.
    for (const char* text :
         {"\x01", "\x1b", "\u202E", "\u2066", "\u200B", "\uFEFF", "币", "🙂", "\xFF", "\u00AD", "\x7F"}) {
        EXPECT_GT(fonts.ink(text, kSmall).width, 5) << text;
        EXPECT_GT(fonts.advance(text, kSmall), 5) << text;
        EXPECT_EQ(fonts.fitted(std::string("a") + text + "b", kSmall, 200).front(), 'a');
    }
    // An override turns nothing round: what follows stands behind it.
    const std::vector<Glyph> line = fonts.glyphs(
        "a\u202E"
        "bc",
        kSmall);
    ASSERT_EQ(line.size(), 4U);
    EXPECT_LT(line[0].x, line[1].x);
    EXPECT_LT(line[2].x, line[3].x);
}

TEST(CardFonts, CutsToTheRoomWithAnEllipsis) {
    Fonts& fonts = test_painter().fonts();
    const std::string longest(10'000, 'W');
    for (const double width : {0.0, 5.0, 24.0, 25.0, 100.0, 333.3, 928.0}) {
        const std::string shown = fonts.fitted(longest, kSmall, width);
        EXPECT_LE(fonts.advance(shown, kSmall), width);
        if (width >= 100) {
            EXPECT_TRUE(shown.ends_with("W…")) << width;
            EXPECT_GT(fonts.advance(shown + "W", kSmall), width);
        }
    }
    const double exact = fonts.advance("BTC/USDT", kSmall);
    EXPECT_EQ(fonts.fitted("BTC/USDT", kSmall, exact), "BTC/USDT");
    EXPECT_EQ(fonts.fitted("BTC/USDT", kSmall, exact - 0.1), "BTC/US…");
    EXPECT_EQ(fonts.fitted("  a \t\n\u00A0 b  ", kSmall, 500), "a b");
    EXPECT_EQ(fonts.fitted("\n \u2028", kSmall, 500), "");
}

TEST(CardFonts, InkIsWhatIsPainted) {
    const Type type = TypeScale::head;
    for (const std::string text : {"Ågjy|", "71.3", "…", "▲█"}) {
        Scene scene{.width = 400, .height = 120, .ground = Palette::panel, .shapes = {}};
        const Box ink = test_painter().fonts().ink(text, type);
        scene.shapes.emplace_back(Text{text, 50, 70, type, Palette::fg, {}});
        const Picture picture = painted(scene);
        double left = 400, top = 120, right = 0, bottom = 0;
        for (int row = 0; row < picture.height; ++row)
            for (int column = 0; column < picture.width; ++column)
                if (picture.at(column, row) != Palette::panel) {
                    left = std::min<double>(left, column);
                    top = std::min<double>(top, row);
                    right = std::max<double>(right, column + 1);
                    bottom = std::max<double>(bottom, row + 1);
                }
        EXPECT_NEAR(left, 50 + ink.x, 1.1) << text;
        EXPECT_NEAR(top, 70 + ink.y, 1.1) << text;
        EXPECT_NEAR(right, 50 + ink.right(), 1.1) << text;
        EXPECT_NEAR(bottom, 70 + ink.bottom(), 1.1) << text;
    }
}

}  // namespace
}  // namespace vt::cards
