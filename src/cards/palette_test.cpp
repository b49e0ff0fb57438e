#include "cards/palette.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace vt::cards {
namespace {

/// The tokens of the dark theme of the pages.
std::map<std::string, std::string> page_tokens() {
    std::ifstream file(std::string(VT_SOURCE_DIR) + "/web/src/panels/tokens.css");
    std::map<std::string, std::string> tokens;
    bool is_dark = false;
    for (std::string line; std::getline(file, line);) {
        if (line.find("data-theme=") != std::string::npos) is_dark = line.find("'dark'") != std::string::npos;
        const auto name = line.find("--"), colon = line.find(": #");
        if (is_dark && name != std::string::npos && colon != std::string::npos)
            tokens[line.substr(name + 2, colon - name - 2)] = line.substr(colon + 2, 7);
    }
    return tokens;
}

std::string hexadecimal(Color color) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "#%02x%02x%02x", color.red, color.green, color.blue);
    return text.data();
}

TEST(CardPalette, IsThatOfThePages) {
    std::map<std::string, std::string> tokens = page_tokens();
    ASSERT_GE(tokens.size(), 20U);
    const std::vector<std::pair<std::string, Color>> used{{"panel", Palette::panel},
                                                          {"raised", Palette::raised},
                                                          {"line", Palette::line},
                                                          {"grid", Palette::grid},
                                                          {"fg", Palette::fg},
                                                          {"muted", Palette::muted},
                                                          {"accent", Palette::accent},
                                                          {"up", Palette::up},
                                                          {"down", Palette::down},
                                                          {"up-soft", Palette::up_soft},
                                                          {"down-soft", Palette::down_soft},
                                                          {"up-wash", Palette::up_wash},
                                                          {"down-wash", Palette::down_wash},
                                                          {"warn", Palette::warn},
                                                          {"warn-wash", Palette::warn_wash},
                                                          {"on-badge", Palette::on_badge},
                                                          {"demo", Palette::demo},
                                                          {"live", Palette::live},
                                                          {"bar-track", Palette::bar_track},
                                                          {"neutral-bar", Palette::neutral_bar}};
    for (const auto& [name, color] : used) EXPECT_EQ(hexadecimal(color), tokens[name]) << name;
}

double luminance(Color color) {
    const auto part = [](std::uint8_t value) {
        const double share = value / 255.0;
        return share <= 0.03928 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.red) + 0.7152 * part(color.green) + 0.0722 * part(color.blue);
}

TEST(CardPalette, TextIsLegibleOnItsGround) {
    using P = Palette;
    const std::vector<std::pair<Color, Color>> pairs{
        {P::fg, P::panel},       {P::muted, P::panel},    {P::up, P::panel},        {P::down, P::panel},
        {P::warn, P::panel},     {P::accent, P::panel},   {P::fg, P::raised},       {P::muted, P::raised},
        {P::down, P::raised},    {P::up, P::raised},      {P::accent, P::raised},   {P::up, P::up_wash},
        {P::down, P::down_wash}, {P::warn, P::warn_wash}, {P::on_badge, P::accent}, {P::on_badge, P::demo},
        {P::on_badge, P::live}};
    for (const auto& [text, ground] : pairs) {
        const double high = std::max(luminance(text), luminance(ground)),
                     low = std::min(luminance(text), luminance(ground));
        EXPECT_GE((high + 0.05) / (low + 0.05), 4.5) << hexadecimal(text) << " on " << hexadecimal(ground);
    }
}

}  // namespace
}  // namespace vt::cards
