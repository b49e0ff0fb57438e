#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt {

/// Appends JSON to a string it owns and reuses. Numbers are the shortest text that reads back to the same double;
/// an absent or non-finite number is `null`. The caller keeps objects and arrays balanced.
///   cost: no allocation once the buffer has grown to the size of the documents written
class JsonWriter {
public:
    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);

    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    JsonWriter& value(double number);
    JsonWriter& value(std::int64_t number);
    JsonWriter& value(std::uint64_t number);
    JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
    JsonWriter& value(unsigned number) { return value(static_cast<std::uint64_t>(number)); }
    JsonWriter& value(bool truth);
    JsonWriter& null();
    /// Already JSON; copied as it is.
    JsonWriter& raw(std::string_view json);
    template <class T>
    JsonWriter& value(const std::optional<T>& maybe) {
        return maybe ? value(*maybe) : null();
    }

    template <class T>
    JsonWriter& field(std::string_view name, const T& content) {
        return key(name).value(content);
    }

    [[nodiscard]] std::string_view text() const { return buffer_; }
    [[nodiscard]] std::string take();
    void clear();

private:
    void separate();
    std::string buffer_;
    bool needs_comma_ = false;
};

}  // namespace vt
