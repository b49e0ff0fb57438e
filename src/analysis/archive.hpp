#pragma once

#include "base/ring.hpp"
#include "base/strong.hpp"
#include "base/time.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace vt::analysis {

// State as bytes. A class takes part with one member template,
//     template <class Archive> void archive(Archive& a) { a(count_, sums_, last_time_); }
// which both writes and reads: the two cannot drift apart. Bytes are little-endian, doubles are their bits.
static_assert(std::endian::native == std::endian::little);

/// Appends state to a string.
class StateWriter {
public:
    static constexpr bool kIsReader = false;
    explicit StateWriter(std::string& out) : out_(out) {}

    template <class... T>
    void operator()(T&... values) {
        (put(values), ...);
    }

private:
    template <class T>
    void put(T& value) {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
            out_.append(reinterpret_cast<const char*>(&value), sizeof value);
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            const std::int64_t ns = to_ns(value);
            out_.append(reinterpret_cast<const char*>(&ns), sizeof ns);
        } else if constexpr (std::is_same_v<T, Nanos>) {
            const std::int64_t ns = value.count();
            out_.append(reinterpret_cast<const char*>(&ns), sizeof ns);
        } else {
            value.archive(*this);
        }
    }
    template <class Tag, class Rep>
    void put(Strong<Tag, Rep>& value) {
        Rep plain = value.value();
        put(plain);
    }
    template <class T>
    void put(std::optional<T>& value) {
        bool has = value.has_value();
        put(has);
        if (has) put(*value);
    }
    template <class T, std::size_t N>
    void put(std::array<T, N>& values) {
        for (T& value : values) put(value);
    }
    template <class T>
    void put(std::vector<T>& values) {
        auto size = static_cast<std::uint32_t>(values.size());
        put(size);
        for (T& value : values) put(value);
    }
    template <class T>
    void put(Ring<T>& ring) {
        auto size = static_cast<std::uint32_t>(ring.size());
        put(size);
        for (std::size_t i = 0; i < ring.size(); ++i) put(ring[i]);
    }

    std::string& out_;
};

/// Reads what StateWriter wrote. Instants are moved by `shift`. After the first read beyond the end, or a size that
/// cannot be, or a number that is none, everything reads as zero and failed() is true: check it once, at the end.
class StateReader {
public:
    static constexpr bool kIsReader = true;
    explicit StateReader(std::string_view in, Nanos shift = Nanos{0}) : in_(in), shift_(shift) {}

    template <class... T>
    void operator()(T&... values) {
        (take(values), ...);
    }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t remaining() const { return in_.size(); }
    /// How far instants are moved: for state that keeps a time in another form.
    [[nodiscard]] Nanos shift() const { return shift_; }
    void fail() {
        failed_ = true;
        in_ = {};
    }

private:
    template <class T>
    void take(T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            std::uint8_t byte = 0;
            bytes(&byte, 1);
            if (byte > 1) fail();
            value = byte == 1;
        } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
            bytes(&value, sizeof value);
            if constexpr (std::is_floating_point_v<T>) {
                if (!std::isfinite(value)) {  // no state holds one, and it has no place in an order
                    fail();
                    value = 0;
                }
            }
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            std::int64_t ns = 0;
            bytes(&ns, sizeof ns);
            value = from_ns(ns) + shift_;
        } else if constexpr (std::is_same_v<T, Nanos>) {
            std::int64_t ns = 0;
            bytes(&ns, sizeof ns);
            value = Nanos{ns};
        } else {
            value.archive(*this);
        }
    }
    template <class Tag, class Rep>
    void take(Strong<Tag, Rep>& value) {
        Rep plain{};
        take(plain);
        value = Strong<Tag, Rep>{plain};
    }
    template <class T>
    void take(std::optional<T>& value) {
        bool has = false;
        take(has);
        value.reset();
        if (!has) return;
        T content{};
        take(content);
        value = content;
    }
    template <class T, std::size_t N>
    void take(std::array<T, N>& values) {
        for (T& value : values) take(value);
    }
    template <class T>
    void take(std::vector<T>& values) {
        const std::uint32_t size = count();
        values.clear();
        for (std::uint32_t i = 0; i < size && !failed_; ++i) take(values.emplace_back());
    }
    template <class T>
    void take(Ring<T>& ring) {
        const std::uint32_t size = count();
        if (size > ring.capacity()) return fail();
        ring.clear();
        for (std::uint32_t i = 0; i < size && !failed_; ++i) {
            T value{};
            take(value);
            ring.push(value);
        }
    }
    /// Each element takes at least a byte, so a size beyond the rest of the input is a lie.
    std::uint32_t count() {
        std::uint32_t size = 0;
        take(size);
        if (size > in_.size()) {
            fail();
            return 0;
        }
        return size;
    }
    void bytes(void* target, std::size_t size) {
        if (in_.size() < size) {
            std::memset(target, 0, size);
            return fail();
        }
        std::memcpy(target, in_.data(), size);
        in_.remove_prefix(size);
    }

    std::string_view in_;
    Nanos shift_;
    bool failed_ = false;
};

}  // namespace vt::analysis
