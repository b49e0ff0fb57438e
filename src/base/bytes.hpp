#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace vt {

/// Appends `number` in little-endian order: the byte order of every binary format of the project.
template <std::integral T>
void append_little_endian(std::string& out, T number) {
    std::uint64_t rest = static_cast<std::make_unsigned_t<T>>(number);
    char bytes[sizeof(T)];
    for (char& byte : bytes) {
        byte = std::bit_cast<char>(static_cast<std::uint8_t>(rest & 0xFFU));
        rest >>= 8U;
    }
    out.append(bytes, sizeof(T));
}

/// Appends a text behind its length, a number of type `Length`.
template <std::unsigned_integral Length>
void append_text(std::string& out, std::string_view text) {
    append_little_endian(out, static_cast<Length>(text.size()));
    out += text;
}

/// Takes numbers and texts off the front of bytes that it borrows. After the first read beyond the end everything
/// reads as zero or empty and `is_intact()` is false: check once, at the end.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    template <std::integral T>
    [[nodiscard]] T integer() {
        const std::string_view raw = bytes(sizeof(T));
        std::uint64_t number = 0;
        for (std::size_t i = raw.size(); i > 0; --i)
            number = (number << 8U) | std::bit_cast<std::uint8_t>(raw[i - 1]);
        return static_cast<T>(static_cast<std::make_unsigned_t<T>>(number));
    }
    [[nodiscard]] std::string_view bytes(std::size_t count) {
        if (count > rest_.size()) {
            rest_ = {};
            is_intact_ = false;
            return {};
        }
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    /// A text behind its length, a number of type `Length`.
    template <std::unsigned_integral Length>
    [[nodiscard]] std::string_view text() {
        return bytes(integer<Length>());
    }

    [[nodiscard]] bool is_intact() const { return is_intact_; }
    [[nodiscard]] std::size_t remaining() const { return rest_.size(); }

private:
    std::string_view rest_;
    bool is_intact_ = true;
};

}  // namespace vt
