#include "base/result.hpp"

namespace vt {

std::string_view name(Errc code) {
    switch (code) {
        case Errc::malformed: return "malformed";
        case Errc::unsupported: return "unsupported";
        case Errc::out_of_range: return "out_of_range";
        case Errc::not_found: return "not_found";
        case Errc::already_exists: return "already_exists";
        case Errc::in_use: return "in_use";
        case Errc::unavailable: return "unavailable";
        case Errc::refused: return "refused";
        case Errc::corrupt: return "corrupt";
        case Errc::io: return "io";
        case Errc::configuration: return "configuration";
    }
    return "unknown";
}

}  // namespace vt
