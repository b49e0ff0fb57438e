#pragma once

#include "base/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vt::api {

enum class BodyType : std::uint8_t { text, number, truth, object };

/// One member of the JSON object that a route takes.
struct BodyMember {
    std::string name;
    BodyType type = BodyType::text;
    std::string meaning;
    bool is_required = false;
    bool is_secret = false;  ///< is never written into an answer
};

/// Deeper than this no body may be.
inline constexpr std::size_t kBodyDepthMax = 32;

/// What is wrong with a body, as one sentence; absent: it is an object of these members and no others, of their
/// types, none twice, with all that are required. An empty body is an object without members.
///   cost: O(body), allocates
[[nodiscard]] std::optional<std::string> body_fault(std::span<const BodyMember> members, std::string_view body);

/// The JSON schema of such an object, as the value of an open member.
void write_body_schema(JsonWriter& out, std::span<const BodyMember> members);

}  // namespace vt::api
