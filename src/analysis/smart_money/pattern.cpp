#include "analysis/smart_money/pattern.hpp"

namespace vt::analysis::smart_money {

std::string_view name(PatternKind kind) {
    switch (kind) {
        case PatternKind::break_of_structure: return "break_of_structure";
        case PatternKind::change_of_character: return "change_of_character";
        case PatternKind::fair_value_gap: return "fair_value_gap";
        case PatternKind::order_block: return "order_block";
    }
    return "unknown";
}

std::string_view name(PatternEnd end) {
    switch (end) {
        case PatternEnd::open: return "open";
        case PatternEnd::done: return "done";
        case PatternEnd::filled: return "filled";
        case PatternEnd::broken: return "broken";
        case PatternEnd::unknown: return "unknown";
    }
    return "unknown";
}

}  // namespace vt::analysis::smart_money
