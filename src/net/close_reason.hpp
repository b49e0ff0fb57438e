#pragma once

#include <cstdint>
#include <string>

namespace vt::net {

/// WebSocket close codes (RFC 6455 section 7.4) that this program sends or names. Others pass through as numbers.
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported_data = 1003,
    abnormal = 1006,  ///< never on the wire: the connection ended without a close frame, or never opened
    bad_payload = 1007,
    policy = 1008,
    too_big = 1009,
    internal_error = 1011,
    service_restart = 1012,
    try_again_later = 1013,
};

/// Why a connection ended.
struct CloseReason {
    CloseCode code = CloseCode::abnormal;
    std::string text;
    int http_status = 0;  ///< of an upgrade that was refused; `text` then holds the beginning of the answer's body
};

}  // namespace vt::net
