// A rule that was read is written and read as the same.

#include "alerts/rule_json.hpp"
#include "base/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto rule = vt::alerts::parse_rule({reinterpret_cast<const char*>(data), size});
    if (!rule) return 0;
    vt::JsonWriter out;
    vt::alerts::write_rule(out, *rule);
    const auto again = vt::alerts::parse_rule(out.text());
    VT_ASSERT(again.has_value() && *again == *rule);
    return 0;
}
