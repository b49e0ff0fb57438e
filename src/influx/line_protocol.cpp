#include "influx/line_protocol.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace vt::influx {
namespace {

/// Appends a name with a backslash before each of `special`.
void append_escaped(std::string& out, std::string_view name, std::string_view special) {
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        const bool is_control = static_cast<unsigned char>(c) < ' ' || c == '\x7F';
        const bool hides_the_next =
            c == '\\' && (i + 1 == name.size() || special.find(name[i + 1]) != std::string_view::npos);
        if (is_control || hides_the_next) {
            out += '_';
            continue;
        }
        if (special.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
}

template <class Number>
void append_number(std::string& out, Number number) {
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    out.append(buffer.data(), end);
}

}  // namespace

LineWriter& LineWriter::begin(std::string_view measurement) {
    text_.resize(begun_);  // of a point that nobody ended
    has_field_ = false;
    append_escaped(text_, measurement, ", ");
    return *this;
}

LineWriter& LineWriter::tag(std::string_view key, std::string_view value) {
    if (value.empty()) return *this;
    text_ += ',';
    append_escaped(text_, key, ",= ");
    text_ += '=';
    append_escaped(text_, value, ",= ");
    return *this;
}

void LineWriter::begin_field(std::string_view key) {
    text_ += has_field_ ? ',' : ' ';
    has_field_ = true;
    append_escaped(text_, key, ",= ");
    text_ += '=';
}

LineWriter& LineWriter::field(std::string_view key, double value) {
    if (!std::isfinite(value)) return *this;
    begin_field(key);
    append_number(text_, value);
    return *this;
}

LineWriter& LineWriter::field(std::string_view key, std::int64_t value) {
    begin_field(key);
    append_number(text_, value);
    text_ += 'i';
    return *this;
}

LineWriter& LineWriter::field(std::string_view key, std::string_view value) {
    begin_field(key);
    text_ += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\') text_ += '\\';
        text_ += static_cast<unsigned char>(c) < ' ' ? ' ' : c;  // a line end would end the point
    }
    text_ += '"';
    return *this;
}

LineWriter& LineWriter::field(std::string_view key, bool value) {
    begin_field(key);
    text_ += value ? "true" : "false";
    return *this;
}

bool LineWriter::end(Timestamp at) {
    if (!has_field_) {
        text_.resize(begun_);
        return false;
    }
    text_ += ' ';
    append_number(text_, to_ns(at));
    text_ += '\n';
    begun_ = text_.size();
    has_field_ = false;
    ++lines_;
    return true;
}

void LineWriter::clear() {
    text_.clear();
    lines_ = 0;
    begun_ = 0;
    has_field_ = false;
}

}  // namespace vt::influx
