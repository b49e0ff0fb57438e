#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vt::influx {

/// Writes points in InfluxDB's line protocol: `measurement,tag=a field=1.5,n=3i 1700000000000000000`.
///   source: docs.influxdata.com, "Line protocol" (v2; the same bytes are good for v1 and VictoriaMetrics)
/// A field whose value is not known is left out, and a point without a field is not written at all. Control
/// characters, which no key may hold, become '_', and so does a backslash at the end of a key or tag, which would
/// hide what follows.
class LineWriter {
public:
    /// Begins a point; end() or the next begin() ends it.
    LineWriter& begin(std::string_view measurement);
    /// Before the first field; best in the order of their names, which servers sort by. An empty value is left out.
    LineWriter& tag(std::string_view key, std::string_view value);
    LineWriter& field(std::string_view key, double value);
    LineWriter& field(std::string_view key, std::int64_t value);
    LineWriter& field(std::string_view key, std::string_view value);
    LineWriter& field(std::string_view key, const char* value) { return field(key, std::string_view(value)); }
    LineWriter& field(std::string_view key, bool value);
    template <class T>
    LineWriter& field(std::string_view key, const std::optional<T>& maybe) {
        return maybe ? field(key, *maybe) : *this;
    }
    /// out: whether the point was written: it had a field
    bool end(Timestamp at);

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] std::size_t lines() const { return lines_; }
    void clear();

private:
    void begin_field(std::string_view key);

    std::string text_;
    std::size_t lines_ = 0;
    std::size_t begun_ = 0;  // where the open point begins
    bool has_field_ = false;
};

}  // namespace vt::influx
