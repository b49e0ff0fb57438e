#include "cards/characters.hpp"

#include <cstddef>

namespace vt::cards {
namespace {

struct Lead {
    std::size_t length = 0;  ///< 0: no first byte
    char32_t bits = 0;
    char32_t least = 0;  ///< below it a shorter form exists
};

Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {1, byte, 0};
    if (byte >= 0xC2 && byte < 0xE0) return {2, static_cast<char32_t>(byte & 0x1F), 0x80};
    if (byte >= 0xE0 && byte < 0xF0) return {3, static_cast<char32_t>(byte & 0x0F), 0x800};
    if (byte >= 0xF0 && byte < 0xF5) return {4, static_cast<char32_t>(byte & 0x07), 0x10000};
    return {};
}

}  // namespace

char32_t take_character(std::string_view& text) {
    const Lead lead = lead_of(static_cast<unsigned char>(text.front()));
    char32_t character = lead.bits;
    bool is_whole = lead.length > 0 && lead.length <= text.size();
    for (std::size_t index = 1; is_whole && index < lead.length; ++index) {
        const auto byte = static_cast<unsigned char>(text[index]);
        is_whole = (byte & 0xC0) == 0x80;
        character = (character << 6) | (byte & 0x3F);
    }
    const bool is_character =
        is_whole && character >= lead.least && character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF);
    text.remove_prefix(is_character ? lead.length : 1);
    return is_character ? character : kReplacement;
}

void append_character(std::string& text, char32_t character) {
    const auto add = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (character < 0x80) {
        add(character);
    } else if (character < 0x800) {
        add(0xC0 | (character >> 6));
        add(0x80 | (character & 0x3F));
    } else if (character < 0x10000) {
        add(0xE0 | (character >> 12));
        add(0x80 | ((character >> 6) & 0x3F));
        add(0x80 | (character & 0x3F));
    } else {
        add(0xF0 | (character >> 18));
        add(0x80 | ((character >> 12) & 0x3F));
        add(0x80 | ((character >> 6) & 0x3F));
        add(0x80 | (character & 0x3F));
    }
}

bool is_white_space(char32_t character) {
    return character == ' ' || (character >= 0x09 && character <= 0x0D) || character == 0x85 || character == 0xA0 ||
           character == 0x1680 || (character >= 0x2000 && character <= 0x200A) || character == 0x2028 ||
           character == 0x2029 || character == 0x202F || character == 0x205F || character == 0x3000;
}

}  // namespace vt::cards
