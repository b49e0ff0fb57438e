#include "cache/ttl_class.hpp"

#include <algorithm>

namespace vt::cache {

std::string_view name(TtlClass ttl_class) {
    switch (ttl_class) {
        case TtlClass::overview: return "overview";
        case TtlClass::movers: return "movers";
        case TtlClass::signals: return "signals";
        case TtlClass::scores: return "scores";
        case TtlClass::other: return "other";
    }
    return "other";
}

Nanos TtlParams::ttl(TtlClass ttl_class, Tier tier, bool is_absent) const {
    const Nanos full = by_class[static_cast<std::size_t>(ttl_class)][static_cast<std::size_t>(tier)];
    return is_absent ? std::min(full, absent) : full;
}

}  // namespace vt::cache
