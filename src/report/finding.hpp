#pragma once

#include "base/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vt::report {

/// What came of a claim. Only `failed` makes a report fail: what could not be measured says so and claims nothing.
enum class Verdict : std::uint8_t { passed, failed, warning, information, not_configured, not_measured };
/// "passed", "not configured": as people read it; with an underscore in JSON.
[[nodiscard]] std::string_view name(Verdict verdict);

/// One claim beside what was measured.
struct Finding {
    std::string name;        ///< short and stable, lower case with underscores
    std::string definition;  ///< what is counted, of what, how
    std::string wanted;      ///< the claim; empty: none is made
    std::string measured;    ///< with its unit
    Verdict verdict = Verdict::not_measured;
    std::optional<double> value = {};  ///< what was measured as one number, where it is one
    std::string unit = {};             ///< of `value`
    std::string remedy = {};           ///< of a warning, a failure, or what is needed to measure it
};

/// Whether none has failed.
[[nodiscard]] bool is_good(std::span<const Finding> findings);
/// An array; docs/formats/reports.md.
void write(JsonWriter& out, std::span<const Finding> findings);
/// For people, two or three lines each, with line ends.
[[nodiscard]] std::string text_of(std::span<const Finding> findings);

}  // namespace vt::report
