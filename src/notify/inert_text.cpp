#include "notify/inert_text.hpp"

#include <array>

namespace vt::notify {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kEscape = 0x1B;
constexpr std::string_view kEllipsis = "…";

struct Decoded {
    char32_t point = kReplacement;
    std::size_t size = 1;  ///< bytes; of what is no character: those that are skipped
};

/// The character at the beginning of a text that is not empty (RFC 3629: no overlong form, no surrogate).
Decoded first_of(std::string_view text) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {static_cast<char32_t>(lead), 1};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return {};
    auto point = static_cast<char32_t>(lead & (0xFFU >> (size + 1)));
    for (std::size_t i = 1; i < size; ++i) {
        if (i >= text.size() || (byte(i) & 0xC0U) != 0x80U) return {kReplacement, i};
        point = (point << 6U) | (byte(i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < kLeast[size] || point > 0x10FFFF || is_surrogate) return {kReplacement, size};
    return {point, size};
}

void append(std::string& out, char32_t point) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0U | (point >> 6U));
        put(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        put(0xE0U | (point >> 12U));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    } else {
        put(0xF0U | (point >> 18U));
        put(0x80U | ((point >> 12U) & 0x3FU));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    }
}

struct Range {
    char32_t first;
    char32_t last;
};
/// Characters that show nothing and change what stands beside them.
constexpr std::array kLeftOut{
    Range{0x0000, 0x0009},   Range{0x000B, 0x001F},   Range{0x007F, 0x009F},   Range{0x00AD, 0x00AD},
    Range{0x034F, 0x034F},   Range{0x061C, 0x061C},   Range{0x115F, 0x1160},   Range{0x17B4, 0x17B5},
    Range{0x180B, 0x180F},   Range{0x200B, 0x200F},   Range{0x202A, 0x202E},   Range{0x2060, 0x206F},
    Range{0x3164, 0x3164},   Range{0xFEFF, 0xFEFF},   Range{0xFFA0, 0xFFA0},   Range{0xFFF0, 0xFFFB},
    Range{0x1BCA0, 0x1BCA3}, Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE0FFF},
};

bool is_left_out(char32_t point) {
    if ((point & 0xFFFEU) == 0xFFFEU || (point >= 0xFDD0 && point <= 0xFDEF)) return true;  // never a character
    for (const Range& range : kLeftOut) {
        if (point >= range.first && point <= range.last) return true;
    }
    return false;
}

/// How many bytes a terminal's sequence behind its ESC has (ECMA-48): CSI, or a string that BEL or ESC \ ends.
std::size_t sequence_size(std::string_view rest) {
    if (rest.empty()) return 0;
    if (rest.front() == '[') {
        std::size_t at = 1;
        while (at < rest.size() && rest[at] >= 0x20 && rest[at] < 0x40) ++at;
        return at < rest.size() && rest[at] >= 0x40 && rest[at] < 0x7F ? at + 1 : at;
    }
    constexpr std::string_view kStrings = "]PX^_";
    if (kStrings.find(rest.front()) == std::string_view::npos) return 0;
    const std::size_t end = rest.find_first_of("\a\x1b");
    if (end == std::string_view::npos) return 1;  // no end: not a sequence, and what follows is text
    return rest[end] == '\a' ? end + 1 : end;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \n") - first + 1);
}

std::size_t units_of(char32_t point) { return point >= 0x10000 ? 2 : 1; }

/// One character in Discord's Markdown.
///   in: rest: what follows it; is_line_start: only blanks stand before it in its line
void append_discord(std::string& out, char32_t point, std::string_view rest, bool is_line_start) {
    constexpr std::string_view kAlways = "\\*_~`|<>[]()#";
    const bool is_ascii = point < 0x80;
    const char sign = is_ascii ? static_cast<char>(point) : 'x';
    const bool begins_list = is_line_start && (sign == '-' || sign == '+');
    const bool begins_link = sign == ':' && rest.starts_with("//");
    if (is_ascii && (kAlways.find(sign) != std::string_view::npos || begins_list || begins_link)) out.push_back('\\');
    append(out, point);
    if (sign == '@') out += "\u200b";  // "@everyone" is then no mention, whatever the service is told
}

void append_html(std::string& out, char32_t point) {
    switch (point) {
        case U'&': out += "&amp;"; return;
        case U'<': out += "&lt;"; return;
        case U'>': out += "&gt;"; return;
        case U'"': out += "&quot;"; return;
        default: append(out, point);
    }
}

}  // namespace

std::string inert(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Decoded next = first_of(text);
        text.remove_prefix(next.size);
        if (next.point == kEscape) {
            text.remove_prefix(sequence_size(text));
        } else if (next.point == U'\r' || next.point == 0x0B || next.point == 0x0C || next.point == 0x85 ||
                   next.point == 0x2028 || next.point == 0x2029) {
            if (next.point != U'\r' || !text.starts_with('\n')) out.push_back('\n');
        } else if (next.point == U'\t') {
            out.push_back(' ');
        } else if (!is_left_out(next.point)) {
            append(out, next.point);
        }
    }
    return std::string(trimmed(out));
}

std::string inert_line(std::string_view text) {
    std::string line;
    for (const char c : inert(text)) {
        const bool is_blank = c == '\n' || c == ' ';
        if (is_blank && line.ends_with(' ')) continue;
        line.push_back(is_blank ? ' ' : c);
    }
    return line;
}

std::size_t utf16_length(std::string_view text) {
    std::size_t units = 0;
    while (!text.empty()) {
        const Decoded next = first_of(text);
        units += units_of(next.point);
        text.remove_prefix(next.size);
    }
    return units;
}

std::string written(std::string_view text, Markup markup, std::size_t units) {
    std::string out;
    std::size_t used = 0;
    std::size_t fits = 0;  // bytes of `out` behind which "…" still has room
    bool is_line_start = true;
    while (!text.empty()) {
        const Decoded next = first_of(text);
        text.remove_prefix(next.size);
        std::string piece;
        switch (markup) {
            case Markup::none: append(piece, next.point); break;
            case Markup::discord: append_discord(piece, next.point, text, is_line_start); break;
            case Markup::discord_block: piece = next.point == U'`' ? "\u02cb" : ""; break;
            case Markup::html: append_html(piece, next.point); break;
        }
        if (piece.empty()) append(piece, next.point);
        is_line_start = next.point == U'\n' || (is_line_start && next.point == U' ');
        used += utf16_length(piece);
        if (used > units) {
            out.resize(fits);
            if (units > 0) out += kEllipsis;
            return out;
        }
        out += piece;
        if (used < units) fits = out.size();
    }
    return out;
}

}  // namespace vt::notify
