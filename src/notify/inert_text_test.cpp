#include "notify/inert_text.hpp"

#include <gtest/gtest.h>

namespace vt::notify {
namespace {

TEST(InertText, WhatMovesOrHidesIsGone) {
    EXPECT_EQ(inert("plain\n\ttext "), "plain\n text");
    EXPECT_EQ(inert("\x1b[31mred\x1b[0m \x1b[2J\x1b[1;1Hhome"), "red home");
    EXPECT_EQ(inert("a\x1b]0;title\x07z \x1b]8;;https://evil.test\x1b\\link\x1b]8;;\x1b\\"), "az \\link\\");
    EXPECT_EQ(inert("\x1b]never ends"), "never ends");
    EXPECT_EQ(inert("a\x1b"), "a");
    EXPECT_EQ(inert(std::string("a\0b\x7f\x08"
                                "c",
                                6)),
              "abc");
    EXPECT_EQ(inert("a\u009b31mb"), "a31mb");
    EXPECT_EQ(inert("BTC\u202eTDSU\u202c"), "BTCTDSU");
    EXPECT_EQ(inert("a\u200bb\u200db\u2060\ufeff\u2066c\u2069"), "abbc");
    EXPECT_EQ(inert("a\U000e0041\U000e007fb"), "ab") << "tags";
    EXPECT_EQ(inert("a\r\nb\rc\u2028d\u2029e\u0085f"), "a\nb\nc\nd\ne\nf");
    EXPECT_EQ(inert(" \n \n"), "");
    EXPECT_EQ(inert("größe 🟢 €"), "größe 🟢 €");
}

TEST(InertText, WhatIsNoUtf8BecomesAMark) {
    EXPECT_EQ(inert("a\xff"
                    "b"),
              "a\ufffdb");
    EXPECT_EQ(inert("\xc0\xaf"), "\ufffd\ufffd") << "an overlong '/'";
    EXPECT_EQ(inert("\xe0\x80\xaf"), "\ufffd") << "another";
    EXPECT_EQ(inert("\xed\xa0\x80"), "\ufffd") << "half of a surrogate pair";
    EXPECT_EQ(inert("\xf4\x90\x80\x80"), "\ufffd") << "beyond the last character";
    EXPECT_EQ(inert("a\xe2\x82"), "a\ufffd") << "cut off";
    EXPECT_EQ(inert("\xe2\x82"
                    "A"),
              "\ufffdA")
        << "the letter stays";
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second)};
            const std::string once = inert(text);
            EXPECT_EQ(inert(once), once) << first << " " << second;
        }
    }
}

TEST(InertText, ALineIsOne) {
    EXPECT_EQ(inert_line("a\n\n  b\r\nc"), "a b c");
    EXPECT_EQ(inert_line("\n"), "");
}

TEST(InertText, LengthsAreThoseOfUtf16) {
    EXPECT_EQ(utf16_length(""), 0U);
    EXPECT_EQ(utf16_length("aä€"), 3U);
    EXPECT_EQ(utf16_length("🟢🟢"), 4U);
}

TEST(InertText, MarkdownIsEscaped) {
    EXPECT_EQ(written("*b* _i_ ~~s~~ `c` ||x|| [t](u)", Markup::discord, 100),
              "\\*b\\* \\_i\\_ \\~\\~s\\~\\~ \\`c\\` \\|\\|x\\|\\| \\[t\\]\\(u\\)");
    EXPECT_EQ(written("```\nx", Markup::discord, 100), "\\`\\`\\`\nx");
    EXPECT_EQ(written("@everyone <@123> <#1> <:a:1> <t:1:R>", Markup::discord, 200),
              "@\u200beveryone \\<@\u200b123\\> \\<\\#1\\> \\<:a:1\\> \\<t:1:R\\>");
    EXPECT_EQ(written("https://evil.test 12:30", Markup::discord, 100), "https\\://evil.test 12:30");
    EXPECT_EQ(written("- a\n # b\n+ c\n> d\n-0.5 %, 3-1", Markup::discord, 100),
              "\\- a\n \\# b\n\\+ c\n\\> d\n\\-0.5 %, 3-1");
    EXPECT_EQ(written("a```b`", Markup::discord_block, 100), "aˋˋˋbˋ");
    EXPECT_EQ(written("<b>&\"</b>", Markup::html, 100), "&lt;b&gt;&amp;&quot;&lt;/b&gt;");
}

TEST(InertText, ACutIsBehindAWholeCharacterAndSaysSo) {
    EXPECT_EQ(written("abcdef", Markup::none, 6), "abcdef");
    EXPECT_EQ(written("abcdef", Markup::none, 5), "abcd…");
    EXPECT_EQ(written("abc", Markup::none, 1), "…");
    EXPECT_EQ(written("abc", Markup::none, 0), "");
    EXPECT_EQ(written("🟢🟢🟢", Markup::none, 5), "🟢🟢…");
    EXPECT_EQ(written("🟢🟢🟢", Markup::none, 4), "🟢…");
    EXPECT_EQ(written("a**", Markup::discord, 4), "a\\*…") << "no backslash is left alone";
    EXPECT_EQ(written("<<<<", Markup::html, 9), "&lt;&lt;…") << "no entity is cut";
    for (std::size_t units = 0; units < 60; ++units) {
        for (const Markup markup : {Markup::none, Markup::discord, Markup::discord_block, Markup::html}) {
            EXPECT_LE(utf16_length(written("🟢*<&@everyone```\n- x://y 🟢🟢", markup, units)), units);
        }
    }
}

}  // namespace
}  // namespace vt::notify
