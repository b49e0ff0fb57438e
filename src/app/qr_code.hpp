#pragma once

#include <string>

namespace vt::app {

/// The text as a QR code for a terminal: two rows of modules to a line, light on dark.
///   out: empty: it is too long
[[nodiscard]] std::string qr_code(const std::string& text);

}  // namespace vt::app
