#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Texts of alerts come from outside in parts: a symbol, a message of a venue. Here they become texts that do nothing
// to a screen, a terminal or a chat but show.

namespace vt::notify {

/// Valid UTF-8 without anything that moves, hides or turns what stands beside it: terminal sequences, control
/// characters, marks of direction, characters without width and tags are left out, a CR LF or a separator becomes LF,
/// a tab a space, and what is no UTF-8 becomes U+FFFD. Blanks at both ends go.
///   cost: O(size)
[[nodiscard]] std::string inert(std::string_view text);
/// The same in one line: line ends become spaces, and several spaces one.
[[nodiscard]] std::string inert_line(std::string_view text);

/// How one character of an inert text is written.
enum class Markup : std::uint8_t {
    none,           ///< as it is
    discord,        ///< Markdown escaped; no mention, link or time stamp begins
    discord_block,  ///< inside of ``` fences, where nothing can be escaped: an accent in place of `
    html,           ///< &, <, > and " as entities
};

/// What Discord and Telegram count: UTF-16 code units. The text is UTF-8.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// The text in this markup, at most `units` long as above. What does not fit is cut behind a whole character, and
/// "…" says so.
///   in: text: inert
[[nodiscard]] std::string written(std::string_view text, Markup markup, std::size_t units);

}  // namespace vt::notify
