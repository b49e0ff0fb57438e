#pragma once

#include <string>
#include <string_view>

namespace vt::cards {

inline constexpr char32_t kReplacement = 0xFFFD;

/// Takes the first character off `text`, which is not empty. A byte that begins no UTF-8 is kReplacement, alone.
[[nodiscard]] char32_t take_character(std::string_view& text);
void append_character(std::string& text, char32_t character);
/// Blanks of every width, tabs, ends of lines and of paragraphs.
[[nodiscard]] bool is_white_space(char32_t character);

}  // namespace vt::cards
