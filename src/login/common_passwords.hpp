#pragma once

#include <string_view>

namespace vt::login {

/// Whether a password of at least kPasswordCharactersMin characters, in lower case, is one that is tried first.
[[nodiscard]] bool is_common(std::string_view lower_case);

}  // namespace vt::login
