#pragma once

#include "base/bytes.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace vt {

// Binary forms of plain structs. A type names its members once, for both ways, in a template beside it that argument
// lookup finds,
//     template <class T, class Archive> requires std::same_as<std::remove_const_t<T>, Point>
//     void members(T& point, Archive& archive) { archive(point.x, point.y); }
// and an enumeration its number of values: `constexpr std::uint8_t value_count(Colour) { return 3; }`. Numbers are
// little-endian, texts and lists stand behind their length.

/// Lists are no longer than this.
inline constexpr std::size_t kCodedListMax = 4096;

class MemberEncoder {
public:
    explicit MemberEncoder(std::string& out) : out_(out) {}
    template <class... T>
    void operator()(const T&... values) {
        (put(values), ...);
    }

private:
    template <std::integral T>
    void put(T number) {
        append_little_endian(out_, number);
    }
    void put(bool truth) { append_little_endian(out_, static_cast<std::uint8_t>(truth)); }
    void put(double number) { append_little_endian(out_, std::bit_cast<std::uint64_t>(number)); }
    void put(const std::string& text) { append_text<std::uint32_t>(out_, text); }
    void put(Timestamp at) { append_little_endian(out_, to_ns(at)); }
    template <class E>
        requires std::is_enum_v<E>
    void put(E value) {
        append_little_endian(out_, static_cast<std::uint8_t>(value));
    }
    template <class Tag, class Rep>
    void put(const Strong<Tag, Rep>& value) {
        put(value.value());
    }
    template <class T>
    void put(const std::optional<T>& maybe) {
        put(maybe.has_value());
        if (maybe) put(*maybe);
    }
    template <class T, std::size_t N>
    void put(const std::array<T, N>& values) {
        for (const T& value : values) put(value);
    }
    template <class T>
    void put(const std::vector<T>& values) {
        put(static_cast<std::uint16_t>(values.size()));
        for (const T& value : values) put(value);
    }
    template <class T>
        requires requires(const T& value, MemberEncoder& archive) { members(value, archive); }
    void put(const T& value) {
        members(value, *this);
    }

    std::string& out_;
};

/// Reads what the encoder wrote. Bytes that it cannot have written make the whole unsound: look once, at the end.
class MemberDecoder {
public:
    explicit MemberDecoder(std::string_view bytes) : in_(bytes) {}
    template <class... T>
    void operator()(T&... values) {
        (take(values), ...);
    }
    /// Everything was there, nothing is left over, every number was finite and every enumeration known.
    [[nodiscard]] bool is_whole() const { return is_sound_ && in_.is_intact() && in_.remaining() == 0; }

private:
    template <std::integral T>
    void take(T& number) {
        number = in_.integer<T>();
    }
    void take(bool& truth) { truth = below(2) == 1; }
    void take(double& number) {
        number = std::bit_cast<double>(in_.integer<std::uint64_t>());
        if (!std::isfinite(number)) is_sound_ = false;
    }
    void take(std::string& text) { text = in_.text<std::uint32_t>(); }
    void take(Timestamp& at) { at = from_ns(in_.integer<std::int64_t>()); }
    template <class E>
        requires std::is_enum_v<E>
    void take(E& value) {
        value = static_cast<E>(below(value_count(E{})));
    }
    template <class Tag, class Rep>
    void take(Strong<Tag, Rep>& value) {
        Rep number{};
        take(number);
        value = Strong<Tag, Rep>{number};
    }
    template <class T>
    void take(std::optional<T>& maybe) {
        maybe.reset();
        if (below(2) == 1) take(maybe.emplace());
    }
    template <class T, std::size_t N>
    void take(std::array<T, N>& values) {
        for (T& value : values) take(value);
    }
    template <class T>
    void take(std::vector<T>& values) {
        const auto count = in_.integer<std::uint16_t>();
        // an element takes a byte at least: a length beyond what is left was never written
        if (count > kCodedListMax || count > in_.remaining()) is_sound_ = false;
        values.resize(is_sound_ ? count : 0);
        for (T& value : values) take(value);
    }
    template <class T>
        requires requires(T& value, MemberDecoder& archive) { members(value, archive); }
    void take(T& value) {
        members(value, *this);
    }
    std::uint8_t below(std::uint8_t limit) {
        const auto number = in_.integer<std::uint8_t>();
        if (number < limit) return number;
        is_sound_ = false;
        return 0;
    }

    ByteReader in_;
    bool is_sound_ = true;
};

}  // namespace vt
