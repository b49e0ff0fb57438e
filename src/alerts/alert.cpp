#include "alerts/alert.hpp"

#include <algorithm>

namespace vt::alerts {
namespace {

template <class Value, std::size_t Size>
std::optional<Value> value_named(const std::array<std::string_view, Size>& names, std::string_view text) {
    const auto at = std::find(names.begin(), names.end(), text);
    if (at == names.end()) return std::nullopt;
    return static_cast<Value>(at - names.begin());
}

}  // namespace

std::optional<Kind> kind_named(std::string_view text) { return value_named<Kind>(kKindNames, text); }
std::optional<Severity> severity_named(std::string_view text) { return value_named<Severity>(kSeverityNames, text); }
std::optional<Side> side_named(std::string_view text) {
    if (text == name(Side::up)) return Side::up;
    if (text == name(Side::down)) return Side::down;
    return std::nullopt;
}

}  // namespace vt::alerts
