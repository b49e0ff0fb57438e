#pragma once

#include "base/time.hpp"

#include <memory>
#include <string>

namespace vt::cache {

/// Bytes that never change, shared by all who were given them.
using SharedBytes = std::shared_ptr<const std::string>;

/// What is kept under a key: an answer, or the knowledge that there is none.
struct Value {
    SharedBytes bytes = {};  ///< null: known to be absent
    Timestamp made_at = {};  ///< when it was computed, in whatever process: its age counts from here
};

[[nodiscard]] inline SharedBytes shared_bytes(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
}

}  // namespace vt::cache
