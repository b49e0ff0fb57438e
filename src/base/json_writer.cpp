#include "base/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace vt {
namespace {

/// The length of the UTF-8 sequence that `text` begins with; 0 when it is none (RFC 3629).
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const unsigned lead = byte(0);
    const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return 0;
    }
    const bool is_overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool is_no_character = (lead == 0xED && byte(1) >= 0xA0) || (lead == 0xF4 && byte(1) >= 0x90);
    return is_overlong || is_no_character ? 0 : length;
}

void append_escaped(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out.push_back('"');
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            case '<': out += "\\u003c"; break;  // so that no text can close a script element
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += "\\u00";
                    out.push_back(kHex[static_cast<unsigned char>(c) >> 4U]);
                    out.push_back(kHex[static_cast<unsigned char>(c) & 15U]);
                } else if (static_cast<unsigned char>(c) < 0x80) {
                    out.push_back(c);
                } else if (const std::size_t length = sequence_length(text.substr(i)); length > 0) {
                    out.append(text, i, length);
                    i += length - 1;
                } else {
                    out += "\xEF\xBF\xBD";  // U+FFFD: bytes that are no UTF-8 would make the document unreadable
                }
        }
    }
    out.push_back('"');
}

template <class T>
void append_number(std::string& out, T number) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
    out.append(text.data(), end);
}

}  // namespace

void JsonWriter::separate() {
    if (needs_comma_) buffer_.push_back(',');
    needs_comma_ = true;
}

JsonWriter& JsonWriter::begin_object() {
    separate();
    buffer_.push_back('{');
    needs_comma_ = false;
    return *this;
}
JsonWriter& JsonWriter::end_object() {
    buffer_.push_back('}');
    needs_comma_ = true;
    return *this;
}
JsonWriter& JsonWriter::begin_array() {
    separate();
    buffer_.push_back('[');
    needs_comma_ = false;
    return *this;
}
JsonWriter& JsonWriter::end_array() {
    buffer_.push_back(']');
    needs_comma_ = true;
    return *this;
}
JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    append_escaped(buffer_, name);
    buffer_.push_back(':');
    needs_comma_ = false;
    return *this;
}
JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    append_escaped(buffer_, text);
    return *this;
}
JsonWriter& JsonWriter::value(double number) {
    if (!std::isfinite(number)) return null();
    separate();
    append_number(buffer_, number == 0 ? 0.0 : number);  // -0 is 0
    return *this;
}
JsonWriter& JsonWriter::value(std::int64_t number) {
    separate();
    append_number(buffer_, number);
    return *this;
}
JsonWriter& JsonWriter::value(std::uint64_t number) {
    separate();
    append_number(buffer_, number);
    return *this;
}
JsonWriter& JsonWriter::value(bool truth) {
    separate();
    buffer_ += truth ? "true" : "false";
    return *this;
}
JsonWriter& JsonWriter::null() {
    separate();
    buffer_ += "null";
    return *this;
}
JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    buffer_ += json;
    return *this;
}
std::string JsonWriter::take() {
    std::string text;
    text.swap(buffer_);
    needs_comma_ = false;
    return text;
}
void JsonWriter::clear() {
    buffer_.clear();
    needs_comma_ = false;
}

}  // namespace vt
